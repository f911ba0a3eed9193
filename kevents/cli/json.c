// SPDX-License-Identifier: GPL-2.0-or-later
/* For programs: a JSON object a line. Its members are described in kevents(1). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <time.h>
#include "../../lib/command/output.h"
#include "../../lib/text/json.h"
#include "../../lib/text/text.h"
#include "cli.h"
#include "words.h"

static const struct settings *settings;

static int begin(const struct settings *set)
{
	settings = set;
	setvbuf(stdout, NULL, set->line_buffered ? _IOLBF : _IOFBF, 1 << 16);
	return 0;
}

static void add_int(struct json_object *object, const char *name, int64_t number)
{
	json_object_object_add(object, name, json_object_new_int64(number));
}

/* Addresses: numbers in JSON are exact to 53 bits only. */
static void add_hex(struct json_object *object, const char *name, uint64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "0x%" PRIx64, number);
	json_add_string(object, name, text);
}

static void add_time(struct json_object *object, uint64_t realtime)
{
	time_t second = (time_t)(realtime / 1000000000);
	char text[48], date[32];
	struct tm parts;

	gmtime_r(&second, &parts);
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &parts);
	snprintf(text, sizeof(text), "%s.%09" PRIu64 "Z", date, realtime % 1000000000);
	json_add_string(object, "time", text);
}

static void add_common(
	struct json_object *object, const struct kevents_record *record, uint64_t realtime)
{
	json_add_string(object, "event", kevents_type_name(record->type));
	add_time(object, record->time + realtime);
	json_add_number(object, "monotonic", record->time);
	if (record->cpu != KEVENTS_NO_CPU)
		json_add_number(object, "cpu", record->cpu);
	if (record->type == KEVENTS_LOST)
		return;
	add_int(object, "pid", record->pid);
	add_int(object, "tid", record->tid);
	add_int(object, "ppid", record->parent_pid);
	if (record->uid != (uint32_t)-1)
		json_add_number(object, "uid", record->uid);
	if (record->cgroup)
		json_add_number(object, "cgroup", record->cgroup);
	if (record->start_time)
		json_add_number(object, "started", record->start_time);
	json_add_text(object, "comm", record->comm);
	if (record->flags & KEVENTS_SYNTHESISED)
		json_add_flag(object, "synthesised", true);
	if (record->flags & KEVENTS_LATE)
		json_add_flag(object, "late", true);
	if (record->flags & KEVENTS_KERNEL_THREAD)
		json_add_flag(object, "kernel_thread", true);
}

static void add_fork(struct json_object *object, const struct kevents_fork *fork)
{
	add_int(object, "child_pid", fork->child_pid);
	add_int(object, "child_tid", fork->child_tid);
	add_int(object, "child_ppid", fork->child_parent_pid);
	json_add_flag(object, "thread", fork->is_thread);
}

static void add_path(
	struct json_object *object, const struct kevents_record *record, const char *path)
{
	json_add_text(object, "path", path);
	if (record->flags & KEVENTS_PATH_CUT)
		json_add_flag(object, "path_cut", true);
}

static void add_arguments(struct json_object *object, const struct kevents_exec *exec)
{
	struct json_object *args = json_object_new_array(), *hex = json_object_new_array();
	bool all_exact = true, is_exact;
	const char *arg = exec->args;

	for (uint32_t i = 0; i < exec->count; i++, arg += strlen(arg) + 1) {
		json_object_array_add(args, json_text(arg, &is_exact));
		all_exact &= is_exact;
	}
	json_object_object_add(object, "args", args);
	if (all_exact) {
		json_object_put(hex);
		return;
	}
	arg = exec->args;
	for (uint32_t i = 0; i < exec->count; i++, arg += strlen(arg) + 1)
		json_object_array_add(hex, json_hex(arg));
	json_object_object_add(object, "args_hex", hex);
}

static void add_exec(struct json_object *object, const struct kevents_record *record)
{
	const struct kevents_exec *exec = &record->exec;

	add_path(object, record, exec->path);
	add_arguments(object, exec);
	if (exec->args_missing)
		json_add_number(object, "args_missing", exec->args_missing);
	add_int(object, "old_tid", exec->old_tid);
}

static void add_exit(struct json_object *object, const struct kevents_exit *exit)
{
	char name[32];

	if (exit->is_status_known && !exit->signal)
		json_add_number(object, "status", exit->status);
	if (exit->signal) {
		describe_exit(exit, name, sizeof(name));
		name[strcspn(name, "+")] = 0;
		json_add_number(object, "signal", exit->signal);
		json_add_string(object, "signal_name", name);
		json_add_flag(object, "core", exit->dumped_core);
	}
	json_add_flag(object, "thread", exit->is_thread);
	if (exit->run_time)
		json_add_number(object, "run_time", exit->run_time);
}

static void add_build_id(struct json_object *object, const uint8_t *id, uint32_t size)
{
	char text[2 * KEVENTS_BUILD_ID_MAX + 1];

	if (!size)
		return;
	print_hex(text, id, size);
	json_add_string(object, "build_id", text);
}

static void add_image(struct json_object *object, const struct kevents_record *record)
{
	const struct kevents_image *image = &record->image;
	char text[32];

	add_path(object, record, image->path);
	add_hex(object, "address", image->address);
	json_add_number(object, "size", image->size);
	json_add_number(object, "offset", image->offset);
	describe_protection(image, text);
	json_add_string(object, "protection", text);
	if (image->inode) {
		snprintf(text, sizeof(text), "%u:%u", major(image->device),
			minor(image->device));
		json_add_string(object, "device", text);
		json_add_number(object, "inode", image->inode);
	}
	add_build_id(object, image->build_id, image->build_id_size);
	if (image->verdict)
		json_add_string(object, "verdict", describe_verdict(image->verdict));
}

static void add_kernel(struct json_object *object, const struct kevents_kernel *kernel)
{
	json_add_string(object, "kind", kernel_kind_name(kernel->kind));
	json_add_text(object, "name", kernel->name);
	add_hex(object, "address", kernel->address);
	json_add_number(object, "size", kernel->size);
	add_build_id(object, kernel->build_id, kernel->build_id_size);
}

static void add_cgroup(struct json_object *object, const struct kevents_record *record)
{
	const struct kevents_cgroup *cgroup = &record->cgroup_change;

	json_add_string(object, "action", cgroup_action_name(cgroup->action));
	json_add_number(object, "id", cgroup->id);
	add_path(object, record, cgroup->path);
	if (cgroup->action != KEVENTS_CGROUP_ENTERED)
		return;
	add_int(object, "entered_pid", cgroup->pid);
	add_int(object, "entered_tid", cgroup->tid);
	json_add_flag(object, "process", cgroup->is_process);
}

static void add_lost(struct json_object *object, const struct kevents_lost *lost)
{
	json_add_number(object, "count", lost->count);
	json_add_number(object, "since", lost->since);
	json_add_string(object, "why", loss_name(lost->why));
}

static void add_part(struct json_object *object, const struct kevents_record *record)
{
	switch (record->type) {
	case KEVENTS_FORK:
		add_fork(object, &record->fork);
		break;
	case KEVENTS_EXEC:
		add_exec(object, record);
		break;
	case KEVENTS_EXIT:
		add_exit(object, &record->exit);
		break;
	case KEVENTS_IMAGE_LOAD:
	case KEVENTS_IMAGE_UNLOAD:
	case KEVENTS_ANON_EXEC:
		add_image(object, record);
		break;
	case KEVENTS_KERNEL_LOAD:
	case KEVENTS_KERNEL_UNLOAD:
		add_kernel(object, &record->kernel);
		break;
	case KEVENTS_COMM:
		json_add_text(object, "old", record->comm_change.old);
		break;
	case KEVENTS_CGROUP:
		add_cgroup(object, record);
		break;
	default:
		add_lost(object, &record->lost);
	}
}

static int show(const struct kevents_record *record, uint64_t realtime)
{
	struct json_object *object;

	if (record->flags & KEVENTS_SYNTHESISED && !settings->existing)
		return 0;
	object = json_object_new_object();
	if (!object) {
		complain("out of memory");
		return EXIT_ERROR;
	}
	add_common(object, record, realtime);
	add_part(object, record);
	json_put_line(object);
	return 0;
}

/* The last line: what stands before it is all there was. */
static void show_sums(const struct kevents_sums *sums, uint64_t time, uint64_t realtime)
{
	struct json_object *object = json_object_new_object();

	json_add_string(object, "event", "end");
	add_time(object, time + realtime);
	json_add_number(object, "monotonic", time);
	json_add_number(object, "made", sums->made);
	json_add_number(object, "missed", sums->missed);
	json_add_number(object, "delivered", sums->delivered);
	json_add_number(object, "unwanted", sums->unwanted);
	json_add_number(object, "lost", sums->lost);
	json_add_number(object, "incomplete", sums->incomplete);
	json_add_flag(object, "agree", sums->agree);
	json_put_line(object);
}

static int end(void)
{
	return output_flush() ? EXIT_ERROR : 0;
}

const struct view json_view = {.begin = begin, .record = show, .sums = show_sums, .end = end};
