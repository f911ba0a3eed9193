// SPDX-License-Identifier: GPL-2.0-or-later
/* ramswap advise: is swap in memory worth it here? */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "../../lib/command/interrupt.h"
#include "../../lib/file/below.h"
#include "../../lib/file/write_whole.h"
#include "../../lib/text/json.h"
#include "../../lib/text/text.h"
#include "../../lib/time/clock.h"
#include "../status/advise.h"
#include "../status/trace.h"
#include "cli.h"
#include "root.h"

#define RECORD_SECONDS 10.0 /* without --record */
#define STEP_SECONDS 1.0

struct advise_settings {
	double record;
	const char *trace, *keep;
	bool json;
};

static const struct command_option options[] = {
	{ OPTION_DURATION, 0, "record", "DURATION", "how long to watch the machine: 10s",
		OPTION_FIELD(struct advise_settings, record) },
	{ OPTION_VALUE, 0, "keep", "FILE", "keep what was seen in this file", OPTION_FIELD(struct advise_settings, keep),
		.offer = OFFER_FILES },
	{ OPTION_VALUE, 0, "trace", "FILE", "judge what was kept in this file", OPTION_FIELD(struct advise_settings, trace),
		.offer = OFFER_FILES },
	{ OPTION_FLAG, 0, "json", NULL, "print a JSON object", OPTION_FIELD(struct advise_settings, json) },
	{ 0 },
};

static int load(const char *path, struct trace *trace)
{
	struct ramswap_problem problem;
	char *text = NULL;
	size_t size, room = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int err = fd < 0 ? -errno : file_read_open(fd, TRACE_SIZE_MAX, &text, &room, &size);

	if (fd >= 0)
		close(fd);
	if (err)
		snprintf(problem.text, sizeof(problem.text), "%.256s: %s", path, strerror(-err));
	else
		err = trace_parse(path, text, size, trace, &problem);
	if (err)
		complain("%s", problem.text);
	free(text);
	return err ? EXIT_ERROR : EXIT_OK;
}

/* Samples in steps of a second until it is over; a signal ends it, and what was seen counts. */
static int record(int root, double seconds, struct trace *trace)
{
	size_t steps = (size_t)(seconds / STEP_SECONDS + 0.999);
	__u64 begin = clock_now(), end = begin + (__u64)(seconds * CLOCK_SECOND);
	struct ramswap_problem problem;

	if (steps > TRACE_SAMPLES_MAX - 1)
		steps = TRACE_SAMPLES_MAX - 1;
	trace->samples = calloc(steps + 1, sizeof(*trace->samples));
	if (!trace->samples) {
		complain("%s", strerror(ENOMEM));
		return EXIT_ERROR;
	}
	interrupt_catch();
	for (size_t i = 0; i <= steps && !interrupted; i++) {
		__u64 next = begin + (__u64)((double)i * (double)(end - begin) / (double)steps);

		clock_sleep_until(next, &interrupted);
		if (status_sample_take(root, &trace->samples[trace->count], &problem)) {
			complain("%s", problem.text);
			return EXIT_ERROR;
		}
		trace->count++;
	}
	return EXIT_OK;
}

static int keep(const char *path, const struct trace *trace)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int err = -ENOMEM;

	if (out) {
		trace_print_head(out);
		for (size_t i = 0; i < trace->count; i++)
			trace_print_sample(out, &trace->samples[i]);
		err = fclose(out) ? -ENOMEM : file_write_whole(path, text, size);
		free(text);
	}
	if (err)
		complain("--keep %s: %s", path, strerror(-err));
	return err ? EXIT_ERROR : EXIT_OK;
}

static void add_rate(struct json_object *object, const char *name, double value)
{
	char text[64];

	snprintf(text, sizeof(text), "%.2f", value);
	json_object_object_add(object, name, json_object_new_double_s(value, text));
}

static struct json_object *rates_json(const struct status_rates *rates)
{
	struct json_object *object = json_object_new_object();

	add_rate(object, "seconds", rates->seconds);
	add_rate(object, "some_percent", rates->some);
	add_rate(object, "full_percent", rates->full);
	add_rate(object, "in_per_second", rates->in);
	add_rate(object, "out_per_second", rates->out);
	add_rate(object, "refaults_anonymous_per_second", rates->refaults_anonymous);
	add_rate(object, "refaults_file_per_second", rates->refaults_file);
	json_add_number(object, "kills", rates->kills);
	return object;
}

static void print_json(const struct advice *advice)
{
	struct json_object *object = json_object_new_object(), *list = json_object_new_array();

	json_add_string(object, "answer", advise_answer_word(advice->answer));
	json_add_string(object, "text", advise_answer_text(advice->answer));
	json_object_object_add(object, "whole", rates_json(&advice->rates));
	json_object_object_add(object, "worst", rates_json(&advice->worst));
	json_add_flag(object, "is_of_worst", advice->is_of_worst);
	for (size_t i = 0; i < advice->reason_count; i++) {
		struct json_object *reason = json_object_new_object();

		json_add_string(reason, "code", advice->reasons[i].code);
		json_add_string(reason, "text", advice->reasons[i].text);
		json_object_array_add(list, reason);
	}
	json_object_object_add(object, "reasons", list);
	json_put_line(object);
}

static void print_text(const struct advice *advice)
{
	puts(advise_answer_text(advice->answer));
	for (size_t i = 0; i < advice->reason_count; i++)
		printf("  %s\n", advice->reasons[i].text);
}

static int judge(const struct advise_settings *settings, const struct trace *trace)
{
	struct advice advice;

	if (advise_judge(trace->samples, trace->count, &advice)) {
		complain("there are less than %d s: nothing can be said of them", ADVISE_SECONDS_LEAST);
		return EXIT_ERROR;
	}
	if (settings->json)
		print_json(&advice);
	else
		print_text(&advice);
	return advice.answer == ADVISE_NO || advice.answer == ADVISE_TOO_MUCH ? EXIT_NO : EXIT_OK;
}

static int watch(const struct advise_settings *settings, struct trace *trace)
{
	int root = root_open(NULL), code;

	if (root < 0)
		return EXIT_ERROR;
	code = record(root, settings->record > 0 ? settings->record : RECORD_SECONDS, trace);
	close(root);
	if (!code && settings->keep)
		code = keep(settings->keep, trace);
	return code;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct advise_settings settings = { 0 };
	struct trace trace = { 0 };
	int code;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	if (settings.trace && (settings.record > 0 || settings.keep))
		return usage_error("--trace judges a file: there can be neither --record nor --keep");
	code = settings.trace ? load(settings.trace, &trace) : watch(&settings, &trace);
	if (!code)
		code = judge(&settings, &trace);
	trace_free(&trace);
	return code;
}

const struct command advise_command = {
	.name = "advise",
	.summary = "is swap in memory worth it here?",
	.usage = "[--record DURATION] [--keep FILE] [--json]\n"
		 "--trace FILE [--json]",
	.about = "Watches who waits for memory, what comes back from swap and which pages are wanted again soon, and\n"
		 "says whether swap in memory would help, and why. The answer is about that time: watch the machine\n"
		 "while it does its usual work. Ctrl-C ends the watch early.\n",
	.options = options,
	.notes = "Exit codes: 0 it would help, or does already; 1 it would not; 2 usage; 3 it could not be found out.\n",
	.run = run,
};
