/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Entries of the log for the systemd journal, with each member as a field DIGSIG_NAME; for syslog
 * where there is no journal; for stderr where there is neither.
 */
#ifndef DIGSIG_DAEMON_JOURNAL_H
#define DIGSIG_DAEMON_JOURNAL_H

#include <json-c/json.h>
#include <stdbool.h>

/* has_file: the entry is written to a file too, so that stderr need not have it. */
void journal_write(struct json_object *entry, bool has_file);

/* What digsigd has to say of itself: a line on stderr, which systemd takes to the journal. */
void tell(int priority, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
