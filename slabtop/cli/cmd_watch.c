// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/duration.h"
#include "../../lib/text/json.h"
#include "../../lib/text/number.h"
#include "../../lib/text/size.h"
#include "cli.h"
#include "config.h"
#include "leak.h"
#include "once.h"
#include "options.h"
#include "words.h"

struct watch_job {
	struct choice choice;
	struct leak_terms terms;
	double delay, duration;
	bool leak, json;
	const char *path, *sysfs, *recording;
};

static int take_confidence(void *sure, char *text)
{
	double percent;

	if (decimal_parse(text, 50, 99.99, &percent))
		return usage_error("illegal confidence: '%s': 50 to 99.99", text);
	*(double *)sure = percent / 100;
	return EXIT_OK;
}

static int check(const struct watch_job *job)
{
	if (!job->leak)
		return usage_error("--leak is missing");
	if (!job->recording && job->duration < job->delay * SLAB_TREND_SAMPLES_MIN)
		return usage_error("too short: a verdict needs %d snapshots: a longer --for, or a shorter "
				   "--delay",
			SLAB_TREND_SAMPLES_MIN);
	return EXIT_OK;
}

/* 0 or -ENOMEM; *code as soon as something cannot be read. */
static int watch_now(
	struct source *source, struct leak_watch *watch, const struct watch_job *job, int *code)
{
	__u64 due = 0, end = 0;
	int err = 0;

	while (!err && !interrupted) {
		*code = source_refresh(source);
		if (*code)
			return 0;
		if (!due) {
			due = source->snapshot.monotonic;
			end = due + (__u64)(job->duration * 1e9);
		}
		err = leak_watch_add(watch, source);
		due += (__u64)(job->delay * 1e9);
		if (due < source->snapshot.monotonic)
			due = source->snapshot.monotonic;
		if (due > end)
			break;
		wait_until(due);
	}
	return err;
}

static int watch_recording(struct source *source, struct leak_watch *watch, int *code)
{
	size_t frames = slab_recording_frames(source->recording);
	int err = 0;

	for (size_t i = 0; i < frames && !err; i++) {
		*code = source_refresh(source);
		if (*code)
			return 0;
		err = leak_watch_add(watch, source);
	}
	return err;
}

static void print_leak(const struct leak *leak, struct source *source)
{
	const struct facts *facts = source_facts(source, leak->track);
	double size = (double)leak->track->now.obj_size;
	char rate[32], error[32], grown[32], sure[32], name[256];
	const char *other;

	print_signed(rate, sizeof(rate), leak->fit.slope * size);
	size_print(error, sizeof(error), leak->fit.error * size);
	print_signed(grown, sizeof(grown), leak->grown * size);
	snprintf(sure, sizeof(sure), leak->sure > 0.9999 ? ">99.99%%" : "%.2f%%", 100 * leak->sure);
	print_name(name, sizeof(name), leak->track->now.name);
	printf("%9s %8s %10.3g %9s %8s %s", rate, error, leak->fit.slope, grown, sure, name);
	for (size_t i = 0; (other = facts_other_name(facts, leak->track, i)); i++) {
		print_name(name, sizeof(name), other);
		printf("%s%s", i ? ", " : ", or one of those merged with it: ", name);
	}
	putchar('\n');
}

static void print_group(const char *title, bool counts, const struct leak *leaks, size_t count,
	struct source *source)
{
	bool has_title = false;

	for (size_t i = 0; i < count; i++) {
		if (leaks[i].counts != counts)
			continue;
		if (!has_title)
			printf("\n%s\n%9s %8s %10s %9s %8s NAME\n", title, "BYTES/s", "+-",
				"OBJECTS/s", "GROWN", "SURE");
		has_title = true;
		print_leak(&leaks[i], source);
	}
}

static void print_words(const struct leak_watch *watch, const struct leak *leaks, size_t count,
	size_t judged, struct source *source, const struct leak_terms *terms)
{
	char time[32];
	size_t growing = 0;

	for (size_t i = 0; i < count; i++)
		growing += leaks[i].counts;
	print_duration(time, sizeof(time), (double)(watch->last - watch->first) * 1e-9);
	printf("%zu of %zu caches grow%s steadily (%s, %zu snapshots, %g%% sure that none is named "
	       "by chance)\n",
		growing, judged, growing == 1 ? "s" : "", time, watch->snapshots,
		100 * terms->sure);
	print_group("Growing:", true, leaks, count, source);
	print_group("Growing, but reclaimable, as caches of files are while they fill (see "
		    "--reclaimable):",
		false, leaks, count, source);
}

static void print_object(const struct leak_watch *watch, const struct leak *leaks, size_t count,
	size_t judged, struct source *source)
{
	struct json_object *object = json_object_new_object(), *list = json_object_new_array();

	json_object_object_add(object, "seconds",
		json_object_new_double((double)(watch->last - watch->first) * 1e-9));
	json_add_number(object, "snapshots", watch->snapshots);
	json_add_number(object, "caches", judged);
	for (size_t i = 0; i < count; i++) {
		const struct leak *leak = &leaks[i];
		const struct facts *facts = source_facts(source, leak->track);
		struct json_object *entry = json_object_new_object();

		json_add_text(entry, "name", leak->track->now.name);
		json_add_aliases(entry, facts, leak->track);
		json_add_flag(entry, "counts", leak->counts);
		json_add_number(entry, "obj_size", leak->track->now.obj_size);
		json_object_object_add(
			entry, "objects_per_second", json_object_new_double(leak->fit.slope));
		json_object_object_add(entry, "error", json_object_new_double(leak->fit.error));
		json_object_object_add(entry, "objects", json_object_new_double(leak->grown));
		json_object_object_add(entry, "sure", json_object_new_double(leak->sure));
		json_object_array_add(list, entry);
	}
	json_object_object_add(object, "growing", list);
	json_put_line(object);
}

static int judge(const struct leak_watch *watch, struct source *source, const struct watch_job *job)
{
	struct leak *leaks;
	size_t count, judged = 0;
	int code = EXIT_OK,
	    err = leak_watch_judge(watch, source, &job->terms, &leaks, &count, &judged);

	if (err == -ENODATA)
		complain("watch: %zu snapshots are too few for a verdict: %d are needed",
			watch->snapshots, SLAB_TREND_SAMPLES_MIN);
	else if (err)
		complain("watch: %s", strerror(-err));
	if (err)
		return EXIT_ERROR;
	for (size_t i = 0; i < count; i++)
		if (leaks[i].counts)
			code = EXIT_GROWS;
	if (job->json)
		print_object(watch, leaks, count, judged, source);
	else
		print_words(watch, leaks, count, judged, source, &job->terms);
	free(leaks);
	return code;
}

static int watch(const struct watch_job *job)
{
	struct leak_watch watching = { 0 };
	struct source source;
	int code, err;

	code = job->recording ? source_open_recording(&source, job->recording)
			      : source_open(&source, job->path, job->sysfs, 0);
	if (code)
		return code;
	catch_interrupts();
	err = job->recording ? watch_recording(&source, &watching, &code)
			     : watch_now(&source, &watching, job, &code);
	if (err) {
		complain("watch: %s", strerror(-err));
		code = EXIT_ERROR;
	}
	if (!code)
		code = judge(&watching, &source, job);
	leak_watch_free(&watching);
	source_close(&source);
	return code;
}

static const struct command_option options[] = {
	{ OPTION_FLAG, 0, "leak", NULL, "what to watch for", OPTION_FIELD(struct watch_job, leak) },
	{ OPTION_DURATION, 0, "for", "<time>", "watch for so long: 90s, 10m, 8h (default: 10m)",
		OPTION_FIELD(struct watch_job, duration) },
	{ OPTION_DURATION, 'd', "delay", "<secs>", "between two snapshots (default: 1)",
		OPTION_FIELD(struct watch_job, delay) },
	{ OPTION_CALL, 0, "confidence", "<percent>",
		"how sure it has to be that none is named by chance (default: 99)",
		OPTION_FIELD(struct watch_job, terms.sure), .take = take_confidence },
	{ OPTION_SIZE, 'm', "min-growth", "<size>", "and has grown by so much; a slab at least",
		OPTION_FIELD(struct watch_job, choice.min_growth) },
	{ OPTION_CALL, 'f', "filter", "<regex>", "only caches with a name like that",
		OPTION_FIELD(struct watch_job, choice), .take = filter_option_take },
	{ OPTION_FLAG, 'r', "reclaimable", NULL,
		"those count too that the kernel can take back: they are named anyway",
		OPTION_FIELD(struct watch_job, terms.reclaimable) },
	{ OPTION_FLAG, 0, "json", NULL, "print one JSON object", OPTION_FIELD(struct watch_job, json) },
	{ OPTION_VALUE, 0, "file", "<file>", "read it instead of /proc/slabinfo",
		OPTION_FIELD(struct watch_job, path), .offer = OFFER_FILES },
	{ OPTION_VALUE, 0, "sysfs", "<dir>", "read it instead of /sys/kernel/slab",
		OPTION_FIELD(struct watch_job, sysfs), .offer = OFFER_FOLDERS },
	{ 0 },
};

static int run(const struct command *command, int argc, char **argv)
{
	struct watch_job job = {
		.choice.criterion = &criteria[0], .terms.sure = 0.99, .delay = 1, .duration = 600
	};
	int code;

	if (options_take(command, &argc, &argv, &job, &code)) {
		job.terms.choice = &job.choice;
		job.recording = argv[0];
		code = check(&job);
		if (!code)
			code = watch(&job);
	}
	choice_free(&job.choice);
	return code;
}

const struct command watch_command = {
	.name = "watch",
	.summary = "say which caches grow steadily; exit 1 if any does",
	.usage = "--leak [options] [RECORDING]",
	.about = "Watches all slab caches for a while, or reads a recording, and says which of them grow\n"
		 "steadily, how fast, and how sure that is. A line is fitted to what is in use; a cache that\n"
		 "only wanders, jumps once or levels off is not named.\n",
	.options = options,
	.notes = "Exit code: 1 if a cache grows, 0 if none does, 3 if that could not be told. An interrupt ends\n"
		 "the watch, not the verdict.\n",
	.run = run,
	.most = 1,
	.offer = OFFER_FILES,
};
