/* SPDX-License-Identifier: GPL-2.0-or-later */
/* digsig verify --legacy, and what digsig show says of bsign's section. */
#ifndef DIGSIG_CLI_VERIFY_LEGACY_H
#define DIGSIG_CLI_VERIFY_LEGACY_H

#include <stdbool.h>

struct json_object;

/*
 * keyring NULL: OpenPGP signatures are not checked. Complains itself; returns an exit code of
 * bsign's.
 */
int verify_legacy_file(const char *path, const char *keyring, bool quiet);

/* Behind what digsig show says of an unsigned file; nothing if there is no such section. */
void show_legacy(int fd, struct json_object *object);

#endif
