/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What ran before the engine was started. Nobody judged it when it was mapped, and what was never
 * judged is not guarded against writers. So each file that any process has mapped as code is mapped as
 * code once more, which has the engine judge it.
 */
#ifndef DIGSIG_ENFORCE_RUNNING_CODE_H
#define DIGSIG_ENFORCE_RUNNING_CODE_H

#include <limits.h>
#include <stddef.h>

struct running_code {
	size_t files; /* mapped as code by some process; each that can be opened counts once */
	size_t not_ok; /* of them: what the engine did not find ok, or could not be asked about */
	char first_not_ok[PATH_MAX]; /* one of those, as /proc/PID/maps has it; may be empty */
};

/*
 * Has the running engine judge all of it. In mode monitor, so that nothing is refused; the verdicts
 * go to its log. Returns 0, or a negative errno: -EPERM where the engine is locked, since then
 * nobody reads its verdicts, or without CAP_SYS_ADMIN; -EACCES without CAP_SYS_PTRACE, where other
 * processes cannot be looked into.
 */
int running_code_judge(struct running_code *result);

#endif
