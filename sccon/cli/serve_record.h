/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What sccon serve keeps of a console: a log, and the screen for who attaches later. */
#ifndef SCCON_CLI_SERVE_RECORD_H
#define SCCON_CLI_SERVE_RECORD_H

#include "../../lib/command/options.h"
#include "../server/server.h"

struct record_settings {
	const char *log; /* NULL: none */
	__u64 rotate;
	double rotate_age; /* seconds; 0: never */
	unsigned int keep, scrollback;
	bool has_input; /* what is sent to the console is in the log, too */
};

#define RECORD_SETTINGS_USUAL { .keep = 9, .scrollback = 200 }

/* For OPTION_GROUP, with a struct record_settings. */
extern const struct command_option record_options[];

struct serve_record;

/* Opens the log. An exit code, having complained if it is not EXIT_OK; *record is for serve_record_close. */
int serve_record_open(const struct record_settings *settings, struct serve_record **record);

/* For the server: its context is the record. */
struct server_observer serve_record_observer(struct serve_record *record);

/* Closes the log. NULL: nothing. */
void serve_record_close(struct serve_record *record);

#endif
