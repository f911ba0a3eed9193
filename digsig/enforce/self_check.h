/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DIGSIG_ENFORCE_SELF_CHECK_H
#define DIGSIG_ENFORCE_SELF_CHECK_H

#include "engine.h"

/*
 * Whether this very program, with the libraries it has mapped, would be allowed to run by the
 * running engine: who turns enforcement on must be able to turn it off. 0: it would; -EPERM: path
 * (of size bytes) is the file that would be refused; other negative errno: it could not be found
 * out. What is good is thereby admitted.
 */
int engine_allows_own_code(struct engine *engine, char *path, size_t size);

/*
 * The same of the program alone, of what the engine itself finds of it when it is mapped: its signature
 * may be good, and the engine not hash it because it is too large. 0: ok, or not in
 * scope, or the engine is locked and does not say; -EPERM: not ok;
 * other negative errno: it could not be found out.
 */
int engine_finds_own_code_ok(struct engine *engine);

#endif
