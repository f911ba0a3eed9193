/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What digsig status says of the weaker engine. */
#ifndef DIGSIG_CLI_FANOTIFY_PRINT_H
#define DIGSIG_CLI_FANOTIFY_PRINT_H

#include <stdbool.h>

/* Whether the fanotify engine runs, and the one in the kernel does not. */
bool fanotify_is_alone(void);

/* Prints lines or one line of JSON to stdout; nothing if no fanotify engine runs. */
void fanotify_print_status(bool json);

#endif
