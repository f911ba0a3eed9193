// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "../../lib/time/clock.h"
#include "files.h"
#include "process_root.h"
#include "writer.h"

#define MS 1000000ULL

enum {
	PIECE = 64 << 10,
	LOOK_MAX = 256 << 20, /* bytes of a file in one look: the rest waits for the next */
	TAIL = 64,
};

static const uint64_t pause_of_a_log = 200 * MS; /* a snapshot is written without such a pause */
static const uint64_t held_by_a_log = 1000 * MS; /* a snapshot is closed when it is written */
static const uint64_t retry_max = 250 * MS;
static const uint64_t clock_granularity = 20 * MS; /* of the times of files */

/* One of the two files. */
struct followed {
	int fd;		 /* -1: not open */
	uint64_t offset; /* how far it was read */
	char tail[TAIL]; /* what stood in front of offset: does it still? */
	size_t tail_size;
	uint64_t looked;   /* when its end was seen last */
	uint64_t grew;	   /* when something new was seen last */
	uint64_t next_try; /* to open it */
	uint64_t retry;
	bool is_refused;
};

struct jit_files {
	int32_t pid;
	struct process_root root;
	uint64_t start;
	int notify; /* inotify(7), not ours; -1: none */
	struct followed map, dump;
	struct perf_map_parser map_parser;
	struct jitdump_parser dump_parser;
	enum perf_map_habit habit;
	uint64_t snapshot_before; /* when the map looked as before it was written anew */
	uint64_t ask_who_holds;	  /* the map, but not before this */
	bool dump_is_bad;
	char *dump_path;
};

int jit_files_open(int32_t pid, uint64_t start, int notify, struct jit_files **result)
{
	struct jit_files *files = calloc(1, sizeof(*files));
	int err;

	if (!files)
		return -ENOMEM;
	err = process_root_open(pid, &files->root);
	if (err) {
		free(files);
		return err;
	}
	files->pid = pid;
	files->start = start;
	files->notify = notify;
	files->map.fd = files->dump.fd = -1;
	files->snapshot_before = start;
	files->map.looked = start;
	*result = files;
	return 0;
}

static void close_followed(struct followed *followed)
{
	if (followed->fd >= 0)
		close(followed->fd);
	followed->fd = -1;
}

void jit_files_close(struct jit_files *files)
{
	if (!files)
		return;
	close_followed(&files->map);
	close_followed(&files->dump);
	process_root_close(&files->root);
	free(files->dump_path);
	free(files);
}

void jit_files_note_mapping(struct jit_files *files, const char *path)
{
	const char *name = strrchr(path, '/');
	char wanted[32];

	snprintf(wanted, sizeof(wanted), "/jit-%d.dump", files->root.own_pid);
	if (name && !strcmp(name, wanted) && strlen(path) < PATH_MAX && !files->dump_path)
		files->dump_path = strdup(path);
}

/* What is to be added to a time of CLOCK_MONOTONIC to have one of CLOCK_REALTIME. */
static uint64_t realtime_offset(void)
{
	struct timespec real, mono;

	clock_gettime(CLOCK_MONOTONIC, &mono);
	clock_gettime(CLOCK_REALTIME, &real);
	return (uint64_t)((real.tv_sec - mono.tv_sec) * 1000000000LL + real.tv_nsec - mono.tv_nsec);
}

static uint64_t time_of_writing(const struct stat *status)
{
	return (uint64_t)status->st_mtim.tv_sec * 1000000000ULL + (uint64_t)status->st_mtim.tv_nsec;
}

/* Whether the process, or root, may have written it, and since the program began. */
static bool is_of_process(const struct jit_files *files, const struct stat *status)
{
	return (status->st_uid == files->root.owner || !status->st_uid) &&
	       time_of_writing(status) + clock_granularity >= files->start + realtime_offset();
}

/* Less and less often: most programs with executable memory write no such file. */
static void try_later(struct followed *followed, uint64_t now)
{
	followed->retry = followed->retry ? followed->retry * 2 : MS;
	if (followed->retry > retry_max)
		followed->retry = retry_max;
	followed->next_try = now + followed->retry;
}

/* It goes with the last descriptor of it, or when inotify does. */
static void watch_growth(const struct jit_files *files, int fd)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (files->notify >= 0)
		inotify_add_watch(files->notify, path, IN_MODIFY);
}

static void open_followed(struct jit_files *files, struct followed *followed, const char *path,
	uint64_t now, struct jit_files_count *count)
{
	struct stat status;
	int fd = process_root_open_file(&files->root, path);
	bool was_refused = followed->is_refused;

	followed->is_refused = fd == -EINVAL || fd == -ELOOP || fd == -EACCES || fd == -EPERM;
	if (fd >= 0 && !fstat(fd, &status) && is_of_process(files, &status)) {
		followed->fd = fd;
		followed->offset = 0;
		followed->tail_size = 0;
		if (followed == &files->map)
			watch_growth(files, fd);
		return;
	}
	if (fd >= 0) {
		followed->is_refused = true;
		close(fd);
	}
	count->not_taken += followed->is_refused && !was_refused;
	try_later(followed, now);
}

/* Whether what was read is still there. */
static bool is_the_same(struct followed *followed, const struct stat *status)
{
	char tail[TAIL];

	if ((uint64_t)status->st_size < followed->offset)
		return false;
	return pread(followed->fd, tail, followed->tail_size,
		       (off_t)(followed->offset - followed->tail_size)) ==
		       (ssize_t)followed->tail_size &&
	       !memcmp(tail, followed->tail, followed->tail_size);
}

static void keep_tail(struct followed *followed, const char *piece, size_t size)
{
	size_t kept = TAIL - (size < TAIL ? size : TAIL);

	if (kept > followed->tail_size)
		kept = followed->tail_size;
	memmove(followed->tail, followed->tail + followed->tail_size - kept, kept);
	if (size > TAIL) {
		piece += size - TAIL;
		size = TAIL;
	}
	memcpy(followed->tail + kept, piece, size);
	followed->tail_size = kept + size;
}

struct look {
	struct jit_files *files;
	const struct jit_taker *taker;
	uint64_t earliest, seen; /* of a line: not before, and there by then */
};

/* Hands on what is behind offset. 1: the end was reached; 0: not; or what parse returned. */
static int read_on(struct followed *followed,
	int (*parse)(const char *piece, size_t size, struct look *look), struct look *look)
{
	char piece[PIECE];

	for (size_t sum = 0; sum < LOOK_MAX;) {
		uint64_t before = clock_now();
		ssize_t size = pread(followed->fd, piece, sizeof(piece), (off_t)followed->offset);
		int err;

		if (size <= 0) {
			followed->looked = before;
			return 1;
		}
		look->seen = clock_now();
		keep_tail(followed, piece, (size_t)size);
		followed->offset += (uint64_t)size;
		sum += (size_t)size;
		err = parse(piece, (size_t)size, look);
		if (err)
			return err;
	}
	return 0;
}

static int take_line(const struct perf_map_line *line, void *context)
{
	const struct look *look = context;

	return look->taker->take_line(line, look->earliest, look->seen, look->taker->context);
}

static int parse_map(const char *piece, size_t size, struct look *look)
{
	return perf_map_parse(&look->files->map_parser, piece, size, take_line, look);
}

static int take_record(const struct jitdump_record *record, void *context)
{
	const struct look *look = context;
	const struct jitdump_parser *parser = &look->files->dump_parser;
	struct perf_map_line line = {
		record->start, record->size, record->name, record->name_length};

	if (!parser->clock_is_tsc)
		return look->taker->take_record(record, look->taker->context);
	/* Its times are of another clock. It is worth as much as a perf map. */
	return record->kind == JITDUMP_LOAD && record->size && record->name_length
		       ? take_line(&line, context)
		       : 0;
}

static int parse_dump(const char *piece, size_t size, struct look *look)
{
	struct jit_files *files = look->files;
	int err = jitdump_parse(&files->dump_parser, piece, size, take_record, look);

	if (files->dump_parser.has_header &&
		files->dump_parser.pid != (uint32_t)files->root.own_pid)
		err = -EBADMSG;
	return err;
}

/* Looks whether the map was written anew, and what that says of the times of its lines. */
static uint64_t judge_map(struct jit_files *files, const struct stat *status, uint64_t now)
{
	struct followed *map = &files->map;

	if (!is_the_same(map, status)) {
		files->habit = PERF_MAP_IS_REWRITTEN;
		files->snapshot_before = map->grew ? map->grew : files->start;
		map->offset = 0;
		map->tail_size = 0;
		files->map_parser.length = 0;
	} else if ((uint64_t)status->st_size > map->offset) {
		if (map->grew && now - map->grew > pause_of_a_log &&
			files->habit == PERF_MAP_HABIT_UNKNOWN)
			files->habit = PERF_MAP_GROWS;
	}
	if (files->habit == PERF_MAP_IS_REWRITTEN)
		return files->snapshot_before;
	return map->grew ? map->looked : files->start;
}

/*
 * Who has written whole lines, writes no more and yet keeps the file open, waits for more to write.
 * Asked less and less often.
 */
static void ask_whether_it_is_held(struct jit_files *files, uint64_t now)
{
	const struct followed *map = &files->map;
	char name[32];

	if (files->habit != PERF_MAP_HABIT_UNKNOWN || !map->grew || files->map_parser.length ||
		now < map->grew + held_by_a_log || now < files->ask_who_holds)
		return;
	files->ask_who_holds = now + (now - map->grew);
	snprintf(name, sizeof(name), "perf-%d.map", files->root.own_pid);
	if (process_holds_for_writing(files->pid, map->fd, name))
		files->habit = PERF_MAP_GROWS;
}

static int look_at_map(struct jit_files *files, uint64_t now, const struct jit_taker *taker,
	struct jit_files_count *count)
{
	struct followed *map = &files->map;
	struct look look = {.files = files, .taker = taker};
	uint64_t offset, bad = files->map_parser.bad;
	struct stat status;
	int err;

	if (fstat(map->fd, &status))
		return 0;
	look.earliest = judge_map(files, &status, now);
	offset = map->offset;
	err = read_on(map, parse_map, &look);
	count->bad += files->map_parser.bad - bad;
	if (map->offset > offset)
		map->grew = look.seen;
	else
		ask_whether_it_is_held(files, now);
	return err < 0 ? err : 0;
}

static int look_at_dump(
	struct jit_files *files, const struct jit_taker *taker, struct jit_files_count *count)
{
	struct look look = {files, taker, files->dump.looked, 0};
	int err = read_on(&files->dump, parse_dump, &look);

	if (err != -EBADMSG)
		return err < 0 ? err : 0;
	count->bad++;
	files->dump_is_bad = true;
	close_followed(&files->dump);
	return 0;
}

/* Its name may lead to another file by now. */
static bool is_another(const struct jit_files *files, const char *path)
{
	int fd = process_root_open_file(&files->root, path);
	struct stat now, then;
	bool is_other;

	if (fd < 0)
		return false;
	is_other = !fstat(fd, &now) && !fstat(files->map.fd, &then) &&
		   (now.st_ino != then.st_ino || now.st_dev != then.st_dev) &&
		   is_of_process(files, &now);
	close(fd);
	return is_other;
}

static int look_for_map(struct jit_files *files, uint64_t now, bool is_last,
	const struct jit_taker *taker, struct jit_files_count *count)
{
	struct followed *map = &files->map;
	char path[64];
	int err = 0;

	snprintf(path, sizeof(path), "/tmp/perf-%d.map", files->root.own_pid);
	if (map->fd >= 0) {
		err = look_at_map(files, now, taker, count);
		if (now < map->next_try && !is_last)
			return err;
		map->next_try = now + retry_max;
		if (err || !is_another(files, path))
			return err;
		close_followed(map);
		map->next_try = 0;
		map->tail_size = 0;
		files->habit = PERF_MAP_IS_REWRITTEN;
		files->snapshot_before = map->grew ? map->grew : files->start;
		files->map_parser.length = 0;
	}
	if (now >= map->next_try || is_last)
		open_followed(files, map, path, now, count);
	return map->fd >= 0 ? look_at_map(files, now, taker, count) : 0;
}

int jit_files_look(struct jit_files *files, bool is_last, const struct jit_taker *taker,
	struct jit_files_count *count)
{
	struct followed *dump = &files->dump;
	uint64_t now = clock_now();
	int err = look_for_map(files, now, is_last, taker, count);

	if (err || !files->dump_path || files->dump_is_bad)
		return err;
	if (dump->fd < 0 && (now >= dump->next_try || is_last))
		open_followed(files, dump, files->dump_path, now, count);
	return dump->fd >= 0 ? look_at_dump(files, taker, count) : 0;
}

enum perf_map_habit jit_files_habit(const struct jit_files *files)
{
	return files->habit;
}
