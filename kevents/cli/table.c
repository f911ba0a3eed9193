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
#include "../../lib/command/output.h"
#include "../../lib/command/terminal.h"
#include "../../lib/text/shell.h"
#include "../../lib/text/text.h"
#include "cli.h"
#include "columns.h"
#include "counts.h"
#include "names.h"
#include "words.h"

/* The columns of the statistics: the program, each type of event, and behind these their total. */
enum { PROGRAM_WIDTH = 16, FIGURE_WIDTH = 9, TOTAL = KEVENTS_TYPE_MAX + 1 };

static struct {
	const struct settings *settings;
	struct names *names;
	struct counts counts;
	bool with_colour;
	bool is_bounded; /* by a terminal */
	size_t width; /* of a line; NO_BOUND: as long as it is */
	bool shown[COLUMN_COUNT];
	time_t second; /* that clock is of */
	char clock[16];
} table;

/* With a head when the columns are others than before. */
static void choose_columns(void)
{
	bool before[COLUMN_COUNT];

	memcpy(before, table.shown, sizeof(before));
	table.width = table.is_bounded ? terminal_size().columns : NO_BOUND;
	columns_choose(table.settings, table.width, table.shown);
	if (!table.settings->quiet && memcmp(before, table.shown, sizeof(before)) != 0)
		columns_print_head(table.shown);
}

static int begin(const struct settings *settings)
{
	table.settings = settings;
	table.names = names_new();
	if (!table.names) {
		complain("out of memory");
		return EXIT_ERROR;
	}
	table.with_colour = colour_wanted(settings->no_color);
	table.is_bounded = terminal_follow() && !settings->wide;
	if (settings->line_buffered)
		setvbuf(stdout, NULL, _IOLBF, 0);
	else
		setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	choose_columns();
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

/* Everything up to the process; returns how many columns are left for that. */
static size_t print_columns(const struct kevents_record *record, uint64_t realtime,
	const char *event, int32_t pid, const char *info, const char *duration)
{
	char id[16], parent[16];
	const char *const cells[COLUMN_COUNT] = {
		[COLUMN_TIME] = record->flags & KEVENTS_SYNTHESISED ?
			"   -    " :
			clock_of(record->time + realtime),
		[COLUMN_EVENT] = event,
		[COLUMN_PID] = id,
		[COLUMN_PARENT] = parent,
		[COLUMN_USER] = table.settings->with_more ? user_name(record->uid) : "",
		[COLUMN_INFO] = info,
		[COLUMN_DURATION] = duration,
	};
	size_t taken;

	snprintf(id, sizeof(id), "%" PRId32, pid);
	snprintf(parent, sizeof(parent), "%" PRId32, record->parent_pid);
	taken = columns_print(table.shown, cells, colour_of(record));
	if (table.width == NO_BOUND)
		return NO_BOUND;
	return taken < table.width ? table.width - taken : 0;
}

/* A command line, with what -d and -s leave of it; *word_bytes: of its program. NULL: memory is short. */
static char *line_of(const struct arguments *arguments, size_t *word_bytes)
{
	const char *text = arguments->text, *slash = strrchr(text, '/');
	size_t size = arguments->size;
	bool is_cut = arguments->is_cut;

	if (table.settings->short_name) {
		size = strlen(text) + 1;
		is_cut = false;
	}
	if (table.settings->no_directory && slash && slash[1]) {
		size -= (size_t)(slash + 1 - text);
		text = slash + 1;
	}
	return shell_line(text, size, is_cut, word_bytes);
}

static void print_process(size_t room, int32_t pid, const char *comm, bool is_kernel_thread)
{
	const struct arguments *known =
		table.settings->comm_only ? NULL : names_find(table.names, pid);
	size_t word_bytes;
	char *line = known && !is_kernel_thread ? line_of(known, &word_bytes) : NULL, name[32];

	snprintf(name, sizeof(name), is_kernel_thread ? "[%.16s]" : "%.16s", comm);
	if (line)
		print_command_in_room(room, line, word_bytes, NULL);
	else
		print_in_room(room, NAME_TEXT, name, NULL, 0);
	free(line);
}

static void print_fork(const struct kevents_record *record, uint64_t realtime)
{
	const struct kevents_fork *fork = &record->fork;
	bool is_kernel = record->flags & KEVENTS_KERNEL_THREAD;
	size_t room;

	if (fork->is_thread) {
		room = print_columns(record, realtime, "clone", fork->child_tid, "thread", "");
		print_process(room, record->pid, record->comm, is_kernel);
		return;
	}
	room = print_columns(record, realtime, "fork", record->pid, "parent", "");
	print_process(room, record->pid, record->comm, is_kernel);
	room = print_columns(record, realtime, "fork", fork->child_pid, "child", "");
	print_process(room, fork->child_pid, record->comm, is_kernel);
}

static void print_exec(const struct kevents_record *record, uint64_t realtime)
{
	size_t room = print_columns(record, realtime, "exec", record->pid, "", "");

	print_process(room, record->pid, record->comm, false);
}

static void print_exit(const struct kevents_record *record, uint64_t realtime)
{
	char info[32], duration[32];
	size_t room;

	describe_exit(&record->exit, info, sizeof(info));
	if (record->exit.run_time)
		snprintf(duration, sizeof(duration), "%.3fs",
			(double)record->exit.run_time / 1e9);
	else
		duration[0] = 0;
	room = print_columns(record, realtime, record->exit.is_thread ? "texit" : "exit",
		record->exit.is_thread ? record->tid : record->pid, info, duration);
	print_process(room, record->pid, record->comm, record->flags & KEVENTS_KERNEL_THREAD);
}

static void print_image(const struct kevents_record *record, uint64_t realtime)
{
	const struct kevents_image *image = &record->image;
	char info[32], place[64], offset[32], id[2 * KEVENTS_BUILD_ID_MAX + 8] = " id ", who[80];
	char *comm = safe_text(record->comm);
	struct piece pieces[] = {{place, 1}, {image->offset ? offset : NULL, 2},
		{image->build_id_size ? id : NULL, 3}, {who, 0}};
	size_t room;

	describe_protection(image, info);
	if (image->verdict)
		snprintf(info, sizeof(info), "%.8s", describe_verdict(image->verdict));
	room = print_columns(record, realtime, kevents_type_name(record->type), record->pid, info, "");
	snprintf(place, sizeof(place), " at %" PRIx64 " +%" PRIx64, image->address, image->size);
	snprintf(offset, sizeof(offset), " offset %" PRIx64, image->offset);
	print_hex(id + strlen(id), image->build_id, image->build_id_size);
	snprintf(who, sizeof(who), " (%s)", comm ? comm : "?");
	print_in_room(room, NAME_PATH, image->path, pieces, sizeof(pieces) / sizeof(pieces[0]));
	free(comm);
}

static void print_kernel(const struct kevents_record *record, uint64_t realtime)
{
	size_t room = print_columns(record, realtime, kevents_type_name(record->type), record->pid,
		kernel_kind_name(record->kernel.kind), "");
	char place[64];
	struct piece piece = {place, 0};

	snprintf(place, sizeof(place), " at %" PRIx64 " +%" PRIx64, record->kernel.address,
		record->kernel.size);
	print_in_room(room, NAME_TEXT, record->kernel.name, &piece, 1);
}

static void print_comm(const struct kevents_record *record, uint64_t realtime)
{
	size_t room = print_columns(record, realtime, "comm", record->tid, "", "");
	char change[48];

	snprintf(change, sizeof(change), "%.16s -> %.16s", record->comm_change.old, record->comm);
	print_in_room(room, NAME_TEXT, change, NULL, 0);
}

static void print_cgroup(const struct kevents_record *record, uint64_t realtime)
{
	const struct kevents_cgroup *cgroup = &record->cgroup_change;
	size_t room = print_columns(
		record, realtime, "cgroup", record->pid, cgroup_action_name(cgroup->action), "");
	char who[32];
	struct piece piece = {cgroup->action == KEVENTS_CGROUP_ENTERED ? who : NULL, 0};

	snprintf(who, sizeof(who), " by %" PRId32, cgroup->is_process ? cgroup->pid : cgroup->tid);
	print_in_room(room, NAME_PATH, cgroup->path, &piece, 1);
}

static void print_lost(const struct kevents_record *record, uint64_t realtime)
{
	char info[32], meaning[128];
	size_t room;

	if (record->cpu == KEVENTS_NO_CPU)
		snprintf(info, sizeof(info), "-");
	else
		snprintf(info, sizeof(info), "cpu %" PRIu32, record->cpu);
	room = print_columns(record, realtime, "LOST", 0, info, "");
	snprintf(meaning, sizeof(meaning), "%" PRIu64 " records are missing here: %s",
		record->lost.count, loss_meaning(record->lost.why));
	print_in_room(room, NAME_TEXT, meaning, NULL, 0);
}

static void print_record(const struct kevents_record *record, uint64_t realtime)
{
	if (terminal_was_resized())
		choose_columns();
	switch (record->type) {
	case KEVENTS_FORK:
		print_fork(record, realtime);
		break;
	case KEVENTS_EXEC:
		print_exec(record, realtime);
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

/* The figures from *figure on that a table has room for, as bits; *figure: the one after these. */
static uint32_t choose_figures(uint32_t *figure)
{
	uint32_t wanted = table.settings->types | KEVENTS_BIT(TOTAL), chosen = 0;
	size_t room = table.width > PROGRAM_WIDTH ? table.width - PROGRAM_WIDTH : 0;

	for (; *figure <= TOTAL; ++*figure) {
		if (!(wanted & KEVENTS_BIT(*figure)))
			continue;
		/* One in any case. */
		if (chosen && room < FIGURE_WIDTH)
			break;
		chosen |= KEVENTS_BIT(*figure);
		room -= room < FIGURE_WIDTH ? room : FIGURE_WIDTH;
	}
	return chosen;
}

static void print_counts(const struct program_count *program, const char *name, uint32_t figures)
{
	printf("%-16s", name);
	for (uint32_t type = 1; type <= KEVENTS_TYPE_MAX; type++)
		if (figures & KEVENTS_BIT(type))
			printf(" %8" PRIu64, program->by_type[type]);
	if (figures & KEVENTS_BIT(TOTAL))
		printf(" %8" PRIu64, program->total);
	putchar('\n');
}

static void print_statistics_of(uint32_t figures)
{
	char *name;

	printf("\n%-16s", "Program");
	for (uint32_t type = 1; type <= KEVENTS_TYPE_MAX; type++)
		if (figures & KEVENTS_BIT(type))
			printf(" %8s", kevents_type_name(type));
	puts(figures & KEVENTS_BIT(TOTAL) ? "    total" : "");
	for (size_t i = 0; i < table.counts.used; i++) {
		name = safe_text(table.counts.programs[i].comm);
		print_counts(&table.counts.programs[i], name ? name : "?", figures);
		free(name);
	}
	if (table.counts.others.total)
		print_counts(&table.counts.others, "others", figures);
	print_counts(&table.counts.sum, "total", figures);
}

/* Where the terminal has no room for all columns, one table below the other. */
static void print_statistics(void)
{
	counts_sort(&table.counts);
	for (uint32_t figure = 1, figures; (figures = choose_figures(&figure));)
		print_statistics_of(figures);
}

static int end(void)
{
	if (table.settings->with_statistics) {
		if (terminal_was_resized())
			choose_columns();
		print_statistics();
	}
	names_free(table.names);
	return output_flush() ? EXIT_ERROR : 0;
}

const struct view table_view = {
	.sees_all = true, .begin = begin, .record = show, .end = end};
