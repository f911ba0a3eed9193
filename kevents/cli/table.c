// SPDX-License-Identifier: GPL-2.0-or-later
/* For people: a line an event, with the columns of forkstat(8). */
#include <inttypes.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "../../lib/text/text.h"
#include "cli.h"
#include "counts.h"
#include "names.h"
#include "words.h"

static struct {
	const struct settings *settings;
	struct names *names;
	struct counts counts;
	bool with_colour;
	time_t second; /* that clock is of */
	char clock[16];
} table;

static int begin(const struct settings *settings)
{
	table.settings = settings;
	table.names = names_new();
	if (!table.names) {
		complain("out of memory");
		return EXIT_ERROR;
	}
	table.with_colour = colour_wanted(settings->no_color);
	if (settings->line_buffered)
		setvbuf(stdout, NULL, _IOLBF, 0);
	else
		setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	if (!settings->quiet)
		printf("Time     Event       PID %sInfo     Duration Process\n",
			settings->with_more ? "   PPID User     " : "");
	return 0;
}

static const char *clock_of(uint64_t realtime)
{
	time_t second = (time_t)(realtime / 1000000000);
	struct tm parts;

	if (second != table.second || !table.clock[0]) {
		table.second = second;
		localtime_r(&second, &parts);
		strftime(table.clock, sizeof(table.clock), "%H:%M:%S", &parts);
	}
	return table.clock;
}

static const char *user_name(uint32_t uid)
{
	static uint32_t known = (uint32_t)-1;
	static char name[16];
	struct passwd *user;

	if (uid == (uint32_t)-1)
		return "-";
	if (uid == known)
		return name;
	user = getpwuid(uid);
	if (user)
		snprintf(name, sizeof(name), "%.8s", user->pw_name);
	else
		snprintf(name, sizeof(name), "%u", uid);
	known = uid;
	return name;
}

static const char *colour_of(const struct kevents_record *record)
{
	if (!table.with_colour)
		return "";
	switch (record->type) {
	case KEVENTS_EXEC:
		return "\033[32m";
	case KEVENTS_EXIT:
		return record->exit.status || record->exit.signal ? "\033[31m" : "";
	case KEVENTS_ANON_EXEC:
	case KEVENTS_LOST:
		return "\033[1;31m";
	case KEVENTS_IMAGE_LOAD:
	case KEVENTS_IMAGE_UNLOAD:
		return "\033[36m";
	case KEVENTS_KERNEL_LOAD:
	case KEVENTS_KERNEL_UNLOAD:
		return "\033[35m";
	default:
		return "";
	}
}

/* Everything up to the process. */
static void print_columns(const struct kevents_record *record, uint64_t realtime, const char *event,
	int32_t pid, const char *info, const char *duration)
{
	printf("%s %s%-7s%s %7" PRId32 " ",
		record->flags & KEVENTS_SYNTHESISED ? "   -    " :
						      clock_of(record->time + realtime),
		colour_of(record), event, table.with_colour ? "\033[0m" : "", pid);
	if (table.settings->with_more)
		printf("%7" PRId32 " %-8s ", record->parent_pid, user_name(record->uid));
	printf("%-8s %8s ", info, duration);
}

/* -d and -s: what is left of a command line. */
static void shorten(char *line)
{
	char *end = line + strcspn(line, " "), *slash;

	if (table.settings->short_name)
		*end = 0;
	if (!table.settings->no_directory)
		return;
	slash = memrchr(line, '/', (size_t)(end - line));
	if (slash && slash[1])
		memmove(line, slash + 1, strlen(slash + 1) + 1);
}

static void print_process(int32_t pid, const char *comm, bool is_kernel_thread)
{
	const char *known = table.settings->comm_only ? NULL : names_find(table.names, pid);
	char *line;

	if (is_kernel_thread || !known) {
		printf("%s", is_kernel_thread ? "[" : "");
		print_safely(stdout, comm);
		puts(is_kernel_thread ? "]" : "");
		return;
	}
	line = strdup(known);
	if (!line)
		return;
	shorten(line);
	print_safely(stdout, line);
	putchar('\n');
	free(line);
}

static void print_fork(const struct kevents_record *record, uint64_t realtime)
{
	const struct kevents_fork *fork = &record->fork;
	bool is_kernel = record->flags & KEVENTS_KERNEL_THREAD;

	if (fork->is_thread) {
		print_columns(record, realtime, "clone", fork->child_tid, "thread", "");
		print_process(record->pid, record->comm, is_kernel);
		return;
	}
	print_columns(record, realtime, "fork", record->pid, "parent", "");
	print_process(record->pid, record->comm, is_kernel);
	print_columns(record, realtime, "fork", fork->child_pid, "child", "");
	print_process(fork->child_pid, record->comm, is_kernel);
}

static void print_exit(const struct kevents_record *record, uint64_t realtime)
{
	char info[32], duration[32];

	describe_exit(&record->exit, info, sizeof(info));
	if (record->exit.run_time)
		snprintf(duration, sizeof(duration), "%.3fs",
			(double)record->exit.run_time / 1e9);
	else
		duration[0] = 0;
	print_columns(record, realtime, record->exit.is_thread ? "texit" : "exit",
		record->exit.is_thread ? record->tid : record->pid, info, duration);
	print_process(record->pid, record->comm, record->flags & KEVENTS_KERNEL_THREAD);
}

static void print_image(const struct kevents_record *record, uint64_t realtime)
{
	const struct kevents_image *image = &record->image;
	char info[32];

	describe_protection(image, info);
	if (image->verdict)
		snprintf(info, sizeof(info), "%.8s", describe_verdict(image->verdict));
	print_columns(record, realtime, kevents_type_name(record->type), record->pid, info, "");
	print_safely(stdout, image->path);
	printf(" at %" PRIx64 " +%" PRIx64, image->address, image->size);
	if (image->offset)
		printf(" offset %" PRIx64, image->offset);
	if (image->build_id_size) {
		char text[2 * KEVENTS_BUILD_ID_MAX + 1];

		print_hex(text, image->build_id, image->build_id_size);
		printf(" id %s", text);
	}
	printf(" (");
	print_safely(stdout, record->comm);
	puts(")");
}

static void print_kernel(const struct kevents_record *record, uint64_t realtime)
{
	print_columns(record, realtime, kevents_type_name(record->type), record->pid,
		kernel_kind_name(record->kernel.kind), "");
	print_safely(stdout, record->kernel.name);
	printf(" at %" PRIx64 " +%" PRIx64 "\n", record->kernel.address, record->kernel.size);
}

static void print_comm(const struct kevents_record *record, uint64_t realtime)
{
	print_columns(record, realtime, "comm", record->tid, "", "");
	print_safely(stdout, record->comm_change.old);
	printf(" -> ");
	print_safely(stdout, record->comm);
	putchar('\n');
}

static void print_cgroup(const struct kevents_record *record, uint64_t realtime)
{
	const struct kevents_cgroup *cgroup = &record->cgroup_change;

	print_columns(record, realtime, "cgroup", record->pid, cgroup_action_name(cgroup->action), "");
	print_safely(stdout, cgroup->path);
	if (cgroup->action == KEVENTS_CGROUP_ENTERED)
		printf(" by %" PRId32, cgroup->is_process ? cgroup->pid : cgroup->tid);
	putchar('\n');
}

static void print_lost(const struct kevents_record *record, uint64_t realtime)
{
	char info[32];

	if (record->cpu == KEVENTS_NO_CPU)
		snprintf(info, sizeof(info), "-");
	else
		snprintf(info, sizeof(info), "cpu %" PRIu32, record->cpu);
	print_columns(record, realtime, "LOST", 0, info, "");
	printf("%" PRIu64 " records are missing here: %s\n", record->lost.count,
		loss_meaning(record->lost.why));
}

static void print_record(const struct kevents_record *record, uint64_t realtime)
{
	switch (record->type) {
	case KEVENTS_FORK:
		print_fork(record, realtime);
		break;
	case KEVENTS_EXEC:
		print_columns(record, realtime, "exec", record->pid, "", "");
		print_process(record->pid, record->comm, false);
		break;
	case KEVENTS_EXIT:
		print_exit(record, realtime);
		break;
	case KEVENTS_IMAGE_LOAD:
	case KEVENTS_IMAGE_UNLOAD:
	case KEVENTS_ANON_EXEC:
		print_image(record, realtime);
		break;
	case KEVENTS_KERNEL_LOAD:
	case KEVENTS_KERNEL_UNLOAD:
		print_kernel(record, realtime);
		break;
	case KEVENTS_COMM:
		print_comm(record, realtime);
		break;
	case KEVENTS_CGROUP:
		print_cgroup(record, realtime);
		break;
	default:
		print_lost(record, realtime);
	}
}

static int show(const struct kevents_record *record, uint64_t realtime)
{
	bool is_shown = is_selected(table.settings, record) &&
		(!(record->flags & KEVENTS_SYNTHESISED) || table.settings->existing);

	if (record->type != KEVENTS_EXIT)
		names_learn(table.names, record);
	if (is_shown && table.settings->with_statistics)
		counts_add(&table.counts, record);
	if (is_shown && !table.settings->quiet)
		print_record(record, realtime);
	if (record->type == KEVENTS_EXIT)
		names_learn(table.names, record);
	return 0;
}

static void print_counts(const struct program_count *program, const char *name)
{
	printf("%-16s", name);
	for (uint32_t type = 1; type <= KEVENTS_TYPE_MAX; type++)
		if (table.settings->types & KEVENTS_BIT(type))
			printf(" %8" PRIu64, program->by_type[type]);
	printf(" %8" PRIu64 "\n", program->total);
}

static void print_statistics(void)
{
	char *name;

	counts_sort(&table.counts);
	printf("\n%-16s", "Program");
	for (uint32_t type = 1; type <= KEVENTS_TYPE_MAX; type++)
		if (table.settings->types & KEVENTS_BIT(type))
			printf(" %8s", kevents_type_name(type));
	printf(" %8s\n", "total");
	for (size_t i = 0; i < table.counts.used; i++) {
		name = safe_text(table.counts.programs[i].comm);
		print_counts(&table.counts.programs[i], name ? name : "?");
		free(name);
	}
	if (table.counts.others.total)
		print_counts(&table.counts.others, "others");
	print_counts(&table.counts.sum, "total");
}

static int end(void)
{
	if (table.settings->with_statistics)
		print_statistics();
	names_free(table.names);
	return fflush(stdout) ? EXIT_ERROR : 0;
}

const struct view table_view = {
	.sees_all = true, .begin = begin, .record = show, .end = end};
