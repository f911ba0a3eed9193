// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/json.h"
#include "arguments.h"
#include "cli.h"
#include "leak.h"
#include "once.h"
#include "words.h"

static const char help[] =
	"usage: slabtop watch --leak [OPTION...] [RECORDING]\n"
	"Watches all slab caches for a while, or reads a recording, and says which of them grow "
	"steadily,\n"
	"how fast, and how sure that is. A line is fitted to what is in use; a cache that only "
	"wanders,\n"
	"jumps once or levels off is not named.\n\n"
	"      --leak             what to watch for\n"
	"      --for TIME         watch for so long: 90s, 10m, 8h; 10m if not given\n"
	"  -d, --delay SECS       between two snapshots; 1 if not given\n"
	"      --confidence PCT   how sure it has to be that none is named by chance; 99 if not "
	"given\n"
	"  -m, --min-growth SIZE  and has grown by so much; a slab at least\n"
	"  -f, --filter REGEX     only caches with a name like that\n"
	"  -r, --reclaimable      those count too that the kernel can take back: they are named "
	"anyway\n"
	"      --json             one object\n"
	"      --file FILE        read it instead of /proc/slabinfo\n"
	"      --sysfs DIR        read it instead of /sys/kernel/slab\n"
	"  -h, --help\n\n"
	"Exit code: 1 if a cache grows, 0 if none does, 3 if that could not be told. An interrupt "
	"ends\n"
	"the watch, not the verdict.\n";

enum { OPTION_LEAK = 256, OPTION_FOR, OPTION_CONFIDENCE, OPTION_JSON, OPTION_FILE, OPTION_SYSFS };

static const struct option long_options[] = {
	{ "leak", no_argument, NULL, OPTION_LEAK },
	{ "for", required_argument, NULL, OPTION_FOR },
	{ "delay", required_argument, NULL, 'd' },
	{ "confidence", required_argument, NULL, OPTION_CONFIDENCE },
	{ "min-growth", required_argument, NULL, 'm' },
	{ "filter", required_argument, NULL, 'f' },
	{ "reclaimable", no_argument, NULL, 'r' },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "file", required_argument, NULL, OPTION_FILE },
	{ "sysfs", required_argument, NULL, OPTION_SYSFS },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

struct watch_job {
	struct choice choice;
	struct leak_terms terms;
	double delay, duration;
	bool leak, json, wants_help;
	const char *path, *sysfs, *recording;
};

static int take_option(struct watch_job *job, int option, int argc, char **argv)
{
	const char *problem;
	double percent;

	switch (option) {
	case OPTION_LEAK:
		job->leak = true;
		break;
	case OPTION_FOR:
		if (!parse_seconds(optarg, 1, &job->duration))
			return usage_error(
				"watch", "illegal time: '%s': as 90s, 10m or 8h", optarg);
		break;
	case 'd':
		if (!parse_seconds(optarg, 1, &job->delay))
			return usage_error("watch", "illegal delay: '%s'", optarg);
		break;
	case OPTION_CONFIDENCE:
		if (!parse_size(optarg, &percent) || percent < 50 || percent >= 100)
			return usage_error(
				"watch", "illegal confidence: '%s': 50 to 99.99", optarg);
		job->terms.sure = percent / 100;
		break;
	case 'm':
		if (!parse_size(optarg, &job->choice.min_growth))
			return usage_error(
				"watch", "illegal size: '%s': as 4096, 64K or 1.5M", optarg);
		break;
	case 'f':
		problem = choice_set_filter(&job->choice, optarg);
		if (problem)
			return usage_error("watch", "illegal filter: '%s': %s", optarg, problem);
		break;
	case 'r':
		job->terms.reclaimable = true;
		break;
	case OPTION_JSON:
		job->json = true;
		break;
	case OPTION_FILE:
		job->path = optarg;
		break;
	case OPTION_SYSFS:
		job->sysfs = optarg;
		break;
	case 'h':
		job->wants_help = true;
		break;
	default:
		return option_error("watch", option, argc, argv);
	}
	return EXIT_OK;
}

static int parse(struct watch_job *job, int argc, char **argv)
{
	int option, code = EXIT_OK;

	while (!code && (option = getopt_long(argc, argv, ":d:m:f:rh", long_options, NULL)) != -1)
		code = take_option(job, option, argc, argv);
	if (code || job->wants_help)
		return code;
	if (!job->leak)
		return usage_error("watch", "for what: --leak");
	if (argc - optind > 1)
		return usage_error("watch", "one recording at a time");
	job->recording = argv[optind];
	if (!job->recording && job->duration < job->delay * SLAB_TREND_SAMPLES_MIN)
		return usage_error("watch",
			"too short: a verdict needs %d snapshots: a longer --for, or a shorter "
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
	print_human(error, sizeof(error), leak->fit.error * size);
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
		json_object_object_add(entry, "counts", json_object_new_boolean(leak->counts));
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
	return finish_output() ? EXIT_ERROR : code;
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

int cmd_watch(int argc, char **argv)
{
	struct watch_job job = {
		.choice.criterion = &criteria[0], .terms.sure = 0.99, .delay = 1, .duration = 600
	};
	int code = parse(&job, argc, argv);

	job.terms.choice = &job.choice;
	if (!code && job.wants_help)
		fputs(help, stdout);
	else if (!code)
		code = watch(&job);
	choice_free(&job.choice);
	return code;
}
