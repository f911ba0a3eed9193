// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "../enforce/events.h"
#include "cli.h"
#include "engine_words.h"
#include "event_text.h"

static const char help[] =
	"usage: digsig log [--follow] [--json] [--no-color]\n"
	"Prints what the engine saw since the log was read last: whatever is not ok, and what is\n"
	"found to be ok for the first time. Each event is printed once.\n\n"
	"  -f, --follow  go on and wait for more\n"
	"  --json        one JSON object a line\n"
	"  --no-color    no colour (also: NO_COLOR)\n"
	"  -h, --help\n";

struct log_style {
	bool json, colour;
};

static volatile sig_atomic_t interrupted;

static void note_interrupt(int signal)
{
	(void)signal;
	interrupted = 1;
}

static void print_event(const struct digsig_event *event, __u64 lost, void *context)
{
	const struct log_style *style = context;

	if (style->json)
		event_print_json(event, lost);
	else
		event_print_line(event, lost, style->colour);
}

static int print_events(const struct engine *engine, struct log_style *style, bool follow)
{
	struct sigaction action = { .sa_handler = note_interrupt };
	struct event_reader *reader;
	int count, err = event_reader_new(engine, print_event, style, &reader);

	if (err == -EBUSY)
		complain("log: another digsig log is reading: there is one reader at a time");
	else if (err)
		complain("log: %s", strerror(-err));
	if (err)
		return EXIT_ERROR;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	do {
		count = event_reader_read(reader, follow ? -1 : 0);
		if (fflush(stdout) || ferror(stdout))
			break; /* whoever read it has gone */
	} while (!interrupted && (count > 0 || (follow && count == 0)));
	event_reader_free(reader);
	if (count < 0 && count != -EINTR) {
		complain("log: %s", strerror(-count));
		return EXIT_ERROR;
	}
	return EXIT_OK;
}

int cmd_log(int argc, char **argv)
{
	static const struct option long_options[] = {
		{ "follow", no_argument, NULL, 'f' },
		{ "json", no_argument, NULL, 'j' },
		{ "no-color", no_argument, NULL, 'n' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	bool follow = false, no_colour = false;
	struct log_style style = { false, false };
	struct engine engine;
	int option, status;

	while ((option = getopt_long(argc, argv, "fh", long_options, NULL)) != -1) {
		switch (option) {
		case 'f':
			follow = true;
			break;
		case 'j':
			style.json = true;
			break;
		case 'n':
			no_colour = true;
			break;
		case 'h':
			fputs(help, stdout);
			return EXIT_OK;
		default:
			return EXIT_USAGE;
		}
	}
	if (optind < argc)
		return usage_error("log", "%s: what is this?", argv[optind]);
	style.colour = colour_wanted(no_colour);
	status = open_engine_or_complain(&engine);
	if (status != EXIT_OK)
		return status;
	status = print_events(&engine, &style, follow);
	engine_close(&engine);
	return status;
}
