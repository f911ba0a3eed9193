/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where netcon recv puts what it receives: its options for that, and the outputs that they ask for. */
#ifndef NETCON_RECV_OUTPUTS_H
#define NETCON_RECV_OUTPUTS_H

#include "../../lib/command/command.h"
#include "../../lib/stream/stream.h"
#include "../output/set.h"

struct journal_choice {
	bool is_wanted;
	const char *socket; /* NULL: the system's */
};

struct output_settings {
	bool json, quiet, files_json;
	struct journal_choice journal;
	struct option_list syslog;
	const char *files;
	__u64 rotate;
	unsigned int keep;
	struct stream_settings stream;
};

#define OUTPUT_SETTINGS_USUAL { .keep = 5, .stream = { .subject_prefix = "netcon" } }

/* For struct output_settings. */
extern const struct command_option output_options[];

/* Opens what is asked for. An exit code, having complained; what was opened is in the set all the same. */
int open_outputs(const struct output_settings *settings, struct output_set *outputs);

#endif
