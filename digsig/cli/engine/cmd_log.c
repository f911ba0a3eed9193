// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <string.h>
#include "../../enforce/event_text.h"
#include "../../enforce/events.h"
#include "../cli.h"
#include "../engine_open.h"
#include "log_files.h"

struct log_output {
	bool json, colour;
	int error; /* errno, once the output could not be written */
};

static volatile sig_atomic_t interrupted;

static void note_interrupt(int signal)
{
	(void)signal;
	interrupted = 1;
}

static void print_entry(struct json_object *entry, const struct log_output *output)
{
	if (output->json)
		puts(json_object_to_json_string_ext(entry, JSON_C_TO_STRING_PLAIN));
	else
		event_print_line(stdout, entry, output->colour);
}

static void print_event(const struct digsig_event *event, __u64 lost, void *context)
{
	struct json_object *entry = event_to_json(event, lost);

	if (!entry)
		return;
	print_entry(entry, context);
	json_object_put(entry);
}

/* Whether there is any use in going on. */
static bool is_written(struct log_output *output)
{
	errno = 0;
	if (fflush(stdout) || ferror(stdout))
		output->error = errno ? errno : EIO;
	return !output->error;
}

/*
 * What was read and not written is not to be had again. EPIPE: whoever read it has gone. This is then
 * all that is said of the output.
 */
static int complain_of_loss(const struct log_output *output)
{
	if (!output->error || output->error == EPIPE)
		return EXIT_OK;
	complain("log: the output cannot be written, events are lost: %s", strerror(output->error));
	__fpurge(stdout);
	clearerr(stdout);
	return EXIT_ERROR;
}

static bool print_kept_line(const char *line, void *context)
{
	struct json_object *entry = json_tokener_parse(line);

	/* What was torn by a crash or a full disk is not an entry. */
	if (entry && json_object_is_type(entry, json_type_object))
		print_entry(entry, context);
	json_object_put(entry);
	return is_written(context);
}

/* Another process reads the engine's buffer: what it wrote is to be had. */
static int print_what_is_kept(struct log_output *output, bool follow)
{
	struct event_reader_owner owner;
	int err = event_reader_find(&owner);

	if (err || !owner.is_daemon) {
		complain("log: another digsig log is reading: there is one reader at a time");
		return EXIT_ERROR;
	}
	if (!*owner.log_file) {
		complain("log: digsigd (process %d) writes it to the journal: journalctl -u "
			 "digsigd; or set log-file in digsig.conf",
			(int)owner.pid);
		return EXIT_ERROR;
	}
	err = log_files_read(owner.log_file, follow, &interrupted, print_kept_line, output);
	if (err) {
		complain("%s: %s", owner.log_file, strerror(-err));
		return EXIT_ERROR;
	}
	return EXIT_OK;
}

static int print_events(const struct engine *engine, struct log_output *output, bool follow)
{
	struct event_reader *reader;
	int count, err = event_reader_new(engine, print_event, output, &reader);

	if (err == -EBUSY)
		return print_what_is_kept(output, follow);
	if (err) {
		complain("log: %s", strerror(-err));
		return EXIT_ERROR;
	}
	do {
		count = event_reader_read(reader, follow ? -1 : 0);
	} while (is_written(output) && !interrupted && (count > 0 || (follow && count == 0)));
	event_reader_free(reader);
	if (count < 0 && count != -EINTR) {
		complain("log: %s", strerror(-count));
		return EXIT_ERROR;
	}
	return complain_of_loss(output);
}

struct log_settings {
	bool follow, json, no_colour;
};

static const struct command_option options[] = {
	{ OPTION_FLAG, 'f', "follow", NULL, "go on and wait for more",
		OPTION_FIELD(struct log_settings, follow) },
	{ OPTION_FLAG, 0, "json", NULL, "print one JSON object a line",
		OPTION_FIELD(struct log_settings, json) },
	{ OPTION_FLAG, 0, "no-color", NULL, "no colour (also: NO_COLOR)",
		OPTION_FIELD(struct log_settings, no_colour) },
	{ 0 },
};

static int run(const struct command *command, int argc, char **argv)
{
	struct sigaction action = { .sa_handler = note_interrupt };
	struct log_settings settings = { 0 };
	struct log_output output = { 0 };
	struct engine engine;
	int status;

	if (!options_take(command, &argc, &argv, &settings, &status))
		return status;
	output.json = settings.json;
	output.colour = colour_wanted(settings.no_colour);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	status = open_engine_or_complain(&engine);
	if (status != EXIT_OK)
		return status;
	status = print_events(&engine, &output, settings.follow);
	engine_close(&engine);
	return status;
}

const struct command log_command = {
	.name = "log",
	.summary = "print what the engine saw",
	.usage = "[--follow] [--json] [--no-color]",
	.about = "Prints what the engine saw since the log was read last: whatever is not ok, and what is\n"
		 "found to be ok for the first time. Each event is printed once. While digsigd runs, it reads\n"
		 "the events, and this prints the file that it writes: everything that is kept of it.\n",
	.options = options,
	.run = run,
};
