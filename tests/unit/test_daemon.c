// SPDX-License-Identifier: GPL-2.0-or-later
/* digsigd without an engine: repeats, the log file, which mounts, what is written. */
#include "support.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>
#include <json-c/json.h>
#include "digsig/daemon/keeper.h"
#include "digsig/daemon/log_file.h"
#include "digsig/daemon/mounts.h"
#include "digsig/daemon/repeats.h"
#include "digsig/enforce/event_text.h"

static struct digsig_event event_of(const char *path, unsigned int verdict, __u64 time)
{
	struct digsig_event event = {
		.time = time, .hook = DIGSIG_HOOK_EXEC, .verdict = verdict, .pid = 7, .inode = 3
	};

	strncpy((char *)event.path, path, sizeof(event.path) - 1);
	return event;
}

struct told {
	unsigned int calls;
	__u64 count;
	char path[64];
};

static void note_told(const struct repeat *repeat, void *context)
{
	struct told *told = context;

	told->calls++;
	told->count += repeat->count;
	snprintf(told->path, sizeof(told->path), "%.63s", (const char *)repeat->first.path);
}

static void repeats_are_counted(void **state)
{
	struct repeats *repeats = calloc(1, sizeof(*repeats));
	struct digsig_event event;
	struct told told = { 0 };

	(void)state;
	assert_non_null(repeats);
	for (__u64 time = 1; time <= 5; time++) {
		event = event_of("/a", DIGSIG_VERDICT_UNSIGNED, time);
		assert_int_equal(repeats_count(repeats, &event, 100, 10), time > 1);
	}
	/* Another path, verdict, hook or answer is another kind. */
	event = event_of("/b", DIGSIG_VERDICT_UNSIGNED, 6);
	assert_false(repeats_count(repeats, &event, 100, 10));
	event = event_of("/a", DIGSIG_VERDICT_TAMPERED, 7);
	assert_false(repeats_count(repeats, &event, 100, 10));
	event = event_of("/a", DIGSIG_VERDICT_UNSIGNED, 8);
	event.hook = DIGSIG_HOOK_MMAP;
	assert_false(repeats_count(repeats, &event, 100, 10));
	event.time = 9;
	event.flags = DIGSIG_EVENT_DENIED;
	assert_false(repeats_count(repeats, &event, 100, 10));
	/* Told when the interval is over, not before. */
	repeats_tell(repeats, 109, 10, note_told, &told);
	assert_int_equal(told.calls, 0);
	repeats_tell(repeats, 110, 10, note_told, &told);
	assert_int_equal(told.calls, 1);
	assert_int_equal(told.count, 4);
	assert_string_equal(told.path, "/a");
	/* What goes on is counted on; what is quiet for an interval begins anew. */
	event = event_of("/a", DIGSIG_VERDICT_UNSIGNED, 10);
	assert_true(repeats_count(repeats, &event, 111, 10));
	event = event_of("/b", DIGSIG_VERDICT_UNSIGNED, 11);
	assert_false(repeats_count(repeats, &event, 111, 10));
	repeats_tell(repeats, 120, 10, note_told, &told);
	assert_int_equal(told.calls, 2);
	assert_int_equal(told.count, 5);
	repeats_tell(repeats, 130, 10, note_told, &told);
	event = event_of("/a", DIGSIG_VERDICT_UNSIGNED, 12);
	assert_false(repeats_count(repeats, &event, 131, 10));
	free(repeats);
}

static void nothing_is_a_repeat_at_rate_0(void **state)
{
	struct repeats *repeats = calloc(1, sizeof(*repeats));

	(void)state;
	for (__u64 time = 1; time <= 3; time++) {
		struct digsig_event event = event_of("/a", DIGSIG_VERDICT_UNSIGNED, time);

		assert_false(repeats_count(repeats, &event, 1, 0));
	}
	free(repeats);
}

/* More kinds than there is room for are logged, not forgotten. */
static void table_is_bounded(void **state)
{
	struct repeats *repeats = calloc(1, sizeof(*repeats));
	char path[32];

	(void)state;
	for (int round = 0; round < 2; round++)
		for (unsigned int i = 0; i < REPEATS_MAX + 10; i++) {
			struct digsig_event event;

			snprintf(path, sizeof(path), "/%u", i);
			event = event_of(
				path, DIGSIG_VERDICT_UNSIGNED, 10000u * (unsigned)round + i + 1);
			assert_int_equal(repeats_count(repeats, &event, 1, 10),
				round && i < REPEATS_MAX);
		}
	free(repeats);
}

/* What a killed digsigd had counted is handed on to its successor again. */
static void kill_counts_once(void **state)
{
	struct repeats *repeats = calloc(1, sizeof(*repeats));
	struct digsig_event first = event_of("/a", DIGSIG_VERDICT_UNSIGNED, 1);
	struct digsig_event second = event_of("/a", DIGSIG_VERDICT_UNSIGNED, 2);
	struct digsig_event third = event_of("/a", DIGSIG_VERDICT_UNSIGNED, 3);
	struct told told = { 0 };

	(void)state;
	assert_false(repeats_count(repeats, &first, 1, 10));
	repeats_recover(repeats);
	/* The first one is not a repeat of itself. */
	assert_false(repeats_count(repeats, &first, 1, 10));
	assert_true(repeats_count(repeats, &second, 1, 10));
	repeats_recover(repeats);
	assert_true(repeats_count(repeats, &second, 1, 10));
	/* Killed before the count itself was stored. */
	assert_true(repeats_count(repeats, &third, 1, 10));
	repeats->slot[repeats->counting.slot].count = 1;
	repeats_recover(repeats);
	assert_true(repeats_count(repeats, &third, 1, 10));
	repeats_tell(repeats, 20, 10, note_told, &told);
	assert_int_equal(told.count, 2);
	/* And once they are told, they are. */
	repeats_recover(repeats);
	assert_true(repeats_count(repeats, &third, 20, 10));
	repeats_tell(repeats, 40, 10, note_told, &told);
	assert_int_equal(told.count, 2);
	free(repeats);
}

static size_t size_of(const char *path)
{
	struct stat st;

	return stat(path, &st) ? 0 : (size_t)st.st_size;
}

static void assert_content(const char *path, const char *expected)
{
	struct bytes content = { 0 };

	bytes_load(&content, path);
	assert_int_equal(content.size, strlen(expected));
	assert_memory_equal(content.data, expected, content.size);
	bytes_free(&content);
}

static void write_line(struct log_file *file, const char *line)
{
	assert_int_equal(log_file_write(file, line, strlen(line)), 0);
}

static void log_is_rotated(void **state)
{
	char *path = scratch_path("rotated"), *first = scratch_path("rotated.1");
	char *second = scratch_path("rotated.2"), *third = scratch_path("rotated.3"), *line;
	struct log_file file;

	(void)state;
	assert_null(log_file_last_line(path));
	log_file_init(&file, path, 10, 2);
	write_line(&file, "1 345\n");
	write_line(&file, "2 5\n");
	assert_content(path, "1 345\n2 5\n"); /* as large as it may be */
	write_line(&file, "3\n");
	assert_content(path, "3\n");
	assert_content(first, "1 345\n2 5\n");
	/* Larger than it may be, in a file of its own. */
	write_line(&file, "4 this is long\n");
	assert_content(path, "4 this is long\n");
	write_line(&file, "5\n");
	assert_content(path, "5\n");
	assert_content(first, "4 this is long\n");
	assert_content(second, "3\n");
	assert_int_equal(access(third, F_OK), -1);
	line = log_file_last_line(path);
	assert_string_equal(line, "5");
	free(line);
	/* After a kill between the last rename and the first write. */
	assert_int_equal(truncate(path, 0), 0);
	line = log_file_last_line(path);
	assert_string_equal(line, "4 this is long");
	free(line);
	log_file_close(&file);
	/* None kept. */
	log_file_init(&file, scratch_path("alone"), 4, 0);
	write_line(&file, "1\n");
	write_line(&file, "2 4\n");
	assert_content(scratch_path("alone"), "2 4\n");
	log_file_close(&file);
}

static void torn_line_is_closed(void **state)
{
	char *path = scratch_path("torn"), *line;
	struct log_file file;
	FILE *out = fopen(path, "w");

	(void)state;
	fputs("whole\nhal", out);
	fclose(out);
	line = log_file_last_line(path);
	assert_string_equal(line, "whole");
	free(line);
	log_file_init(&file, path, 1000, 1);
	write_line(&file, "next\n");
	write_line(&file, "last\n");
	assert_content(path, "whole\nhal\nnext\nlast\n");
	log_file_close(&file);
	/* Also when it is rotated first. */
	assert_int_equal(truncate(path, 8), 0);
	log_file_init(&file, path, 10, 1);
	write_line(&file, "next\n");
	assert_content(path, "next\n");
	assert_content(scratch_path("torn.1"), "whole\nha\n");
	log_file_close(&file);
}

/* The size limit of the process stands for a full disk: a write is cut short there too. */
static void full_disk_leaves_whole_lines(void **state)
{
	struct rlimit before, limit;
	char *path = scratch_path("full");
	struct log_file file;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	limit = before;
	limit.rlim_cur = 10;
	log_file_init(&file, path, 1000, 1);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	write_line(&file, "12345\n");
	assert_int_equal(log_file_write(&file, "67890\n", 6), -ENOSPC);
	assert_content(path, "12345\n");
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	write_line(&file, "67890\n");
	assert_content(path, "12345\n67890\n");
	log_file_close(&file);
}

static void log_is_no_device(void **state)
{
	char *path = scratch_path("link");
	struct log_file file;

	(void)state;
	assert_int_equal(symlink("/dev/null", path), 0);
	log_file_init(&file, path, 1000, 1);
	assert_int_equal(log_file_write(&file, "x\n", 2), -ELOOP);
	log_file_init(&file, "/dev/null", 1000, 1);
	assert_int_equal(log_file_write(&file, "x\n", 2), -EINVAL);
}

/* How many lines of the file hold the text. */
static unsigned int lines_with(const char *path, const char *text)
{
	FILE *file = fopen(path, "r");
	unsigned int count = 0;
	char line[8192];

	while (file && fgets(line, sizeof(line), file)) {
		json_object_put(json_tokener_parse(line));
		count += strstr(line, text) != NULL;
	}
	if (file)
		fclose(file);
	return count;
}

static void events_are_kept(void **state)
{
	struct daemon_state *kept = calloc(1, sizeof(*kept));
	struct digsig_config config = { .log_file = scratch_path("events"),
		.log_size = 1 << 20,
		.log_keep = 1,
		.rate = 1000 };
	struct digsig_event event = event_of("/a", DIGSIG_VERDICT_UNSIGNED, 1);
	struct rlimit before, limit;
	struct keeper keeper;

	(void)state;
	keeper_configure(&keeper, kept, &config);
	keeper_take(&event, 0, &keeper);
	assert_int_equal(lines_with(config.log_file, "\"path\":\"\\/a\""), 1);
	keeper_close(&keeper);
	/* Killed, and handed the same event again. */
	keeper_configure(&keeper, kept, &config);
	keeper_take(&event, 0, &keeper);
	assert_int_equal(lines_with(config.log_file, "\"path\":\"\\/a\""), 1);
	/* Repeats are counted, but not where events were lost. */
	event.time = 2;
	keeper_take(&event, 0, &keeper);
	event.time = 3;
	keeper_take(&event, 5, &keeper);
	assert_int_equal(lines_with(config.log_file, "\"path\":\"\\/a\""), 2);
	assert_int_equal(lines_with(config.log_file, "\"lost_before\":5"), 1);
	/* No room. */
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	limit = before;
	limit.rlim_cur = size_of(config.log_file);
	setrlimit(RLIMIT_FSIZE, &limit);
	for (__u64 time = 10; time < 13; time++) {
		event = event_of(time == 10 ? "/b" : time == 11 ? "/c" : "/d",
			DIGSIG_VERDICT_UNSIGNED, time);
		keeper_take(&event, 0, &keeper);
	}
	keeper_tick(&keeper);
	setrlimit(RLIMIT_FSIZE, &before);
	assert_int_equal(kept->unwritten, 3);
	keeper_tick(&keeper);
	assert_int_equal(kept->unwritten, 0);
	assert_int_equal(lines_with(config.log_file, "\"note\":\"unwritten\",\"count\":3"), 1);
	keeper_note_lost(&keeper, 2, 7);
	assert_int_equal(lines_with(config.log_file, "\"note\":\"lost\",\"count\":2"), 1);
	/* At the end all that was counted is told. */
	keeper_flush(&keeper);
	assert_int_equal(lines_with(config.log_file, "\"note\":\"repeated\",\"count\":1"), 1);
	keeper_close(&keeper);
	free(kept);
}

static void mounts_are_found(void **state)
{
	struct config_paths roots = { .path = { "/proc", "/" }, .count = 2 };
	struct mount_list list;

	(void)state;
	assert_true(path_is_below("/usr/bin", "/usr"));
	assert_true(path_is_below("/usr", "/usr"));
	assert_true(path_is_below("/usr", "/"));
	assert_false(path_is_below("/usr2", "/usr"));
	assert_false(path_is_below("/", "/usr"));
	assert_int_equal(mount_list_read(&roots, &list), 0);
	for (size_t i = 0; i < list.count; i++)
		assert_false(path_is_below(list.mount[i].path, "/proc"));
	mount_list_free(&list);
}

static int remove_scratch(void **state)
{
	(void)state;
	scratch_remove();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(repeats_are_counted),
		cmocka_unit_test(nothing_is_a_repeat_at_rate_0),
		cmocka_unit_test(table_is_bounded),
		cmocka_unit_test(kill_counts_once),
		cmocka_unit_test(log_is_rotated),
		cmocka_unit_test(torn_line_is_closed),
		cmocka_unit_test(full_disk_leaves_whole_lines),
		cmocka_unit_test(log_is_no_device),
		cmocka_unit_test(events_are_kept),
		cmocka_unit_test(mounts_are_found),
	};

	return cmocka_run_group_tests_name("daemon", tests, NULL, remove_scratch);
}
