// SPDX-License-Identifier: GPL-2.0-or-later
#include "recv_outputs.h"
#include <errno.h>
#include <string.h>
#include "../../lib/stream/options.h"
#include "../output/stream.h"
#include "cli.h"

static int take_journal(void *field, char *value)
{
	*(struct journal_choice *)field = (struct journal_choice){ true, value };
	return EXIT_OK;
}

const struct command_option output_options[] = {
	{ OPTION_FLAG, 0, "json", NULL, "print one JSON object a line", OPTION_FIELD(struct output_settings, json) },
	{ OPTION_FLAG, 'q', "quiet", NULL, "print no messages", OPTION_FIELD(struct output_settings, quiet) },
	{ OPTION_CALL, 0, "journal", "SOCKET", "also to the systemd journal; SOCKET: to the one that reads there",
		OPTION_FIELD(struct output_settings, journal), .is_optional = true, .take = take_journal },
	{ OPTION_LIST, 0, "syslog", "PLACE", "also to a syslog server: udp:HOST:PORT, tcp:HOST:PORT or unix:PATH",
		OPTION_FIELD(struct output_settings, syslog) },
	{ OPTION_VALUE, 0, "files", "FOLDER", "also to a file for each address, in that folder",
		OPTION_FIELD(struct output_settings, files), .offer = OFFER_FOLDERS },
	{ OPTION_FLAG, 0, "files-json", NULL, "these files have a JSON object a line", OPTION_FIELD(struct output_settings, files_json) },
	{ OPTION_SIZE, 0, "rotate", "SIZE", "begin such a file anew when it would be longer (default: never)",
		OPTION_FIELD(struct output_settings, rotate) },
	{ OPTION_NUMBER, 0, "keep", "N", "how many former files of a host to keep then (default: 5)",
		OPTION_FIELD(struct output_settings, keep), .least = 0, .most = 10000 },
	{ OPTION_GROUP, OPTION_FIELD(struct output_settings, stream), .group = stream_options },
	{ 0 },
};

/* what: text of the user's that the output is about. */
static int add(struct output_set *outputs, struct output *output, int err, const char *what)
{
	if (!err) {
		output_set_add(outputs, output);
		return EXIT_OK;
	}
	if (err == -EINVAL)
		return usage_error("--syslog: %s: not one of udp:HOST:PORT, tcp:HOST:PORT, unix:PATH", what);
	if (err == -EHOSTUNREACH)
		complain("%s: the name has no address", what);
	else
		complain("%s: %s", what, strerror(-err));
	return EXIT_ERROR;
}

static int open_standard_output(const struct output_settings *settings, struct output_set *outputs)
{
	struct output *output = NULL;
	int err;

	if (settings->quiet)
		return EXIT_OK;
	err = settings->json ? output_json(&output) : output_lines(&output);
	return add(outputs, output, err, "standard output");
}

static int open_syslog(const struct output_settings *settings, struct output_set *outputs)
{
	int code = EXIT_OK;

	for (size_t i = 0; i < settings->syslog.count && !code; i++) {
		struct output *output = NULL;
		int err = output_syslog(settings->syslog.values[i], &output);

		code = add(outputs, output, err, settings->syslog.values[i]);
	}
	return code;
}

static int open_stream(const struct output_settings *settings, struct output_set *outputs)
{
	struct output *output;
	int err = output_stream(&settings->stream, &output);

	if (err) {
		complain("%s: %s", settings->stream.spool, stream_open_problem(err));
		return EXIT_ERROR;
	}
	output_set_add(outputs, output);
	return EXIT_OK;
}

int open_outputs(const struct output_settings *settings, struct output_set *outputs)
{
	const struct file_rotation rotation = { settings->rotate, settings->keep };
	struct output *output = NULL;
	int code, err;

	if (settings->syslog.count > OUTPUTS_MAX - 4)
		return usage_error("--syslog: at most %d times", OUTPUTS_MAX - 4);
	if (!settings->files && (settings->files_json || settings->rotate))
		return usage_error("--files-json and --rotate are about --files, which is missing");
	code = stream_settings_check(&settings->stream);
	if (!code)
		code = open_standard_output(settings, outputs);
	if (!code)
		code = open_syslog(settings, outputs);
	if (!code && settings->journal.is_wanted) {
		err = output_journal(settings->journal.socket, &output);
		code = add(outputs, output, err, settings->journal.socket ? settings->journal.socket : "the journal");
	}
	if (!code && settings->files) {
		err = output_files(settings->files, settings->files_json, &rotation, &output);
		code = add(outputs, output, err, settings->files);
	}
	if (!code && settings->stream.url)
		code = open_stream(settings, outputs);
	return code;
}
