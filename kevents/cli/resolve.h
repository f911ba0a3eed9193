/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KEVENTS_CLI_RESOLVE_H
#define KEVENTS_CLI_RESOLVE_H

/* kevents resolve. Returns an exit code. */
int cmd_resolve(int argc, char **argv, const char *name);

#endif
