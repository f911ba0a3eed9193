// SPDX-License-Identifier: GPL-2.0-or-later
#include "process.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "../../lib/text/number.h"

#define FILE_MAX (16u << 20)
#define PF_KTHREAD 0x00200000ul

static int read_file(const char *path, char **bytes, size_t *size)
{
	size_t room = 4096, used = 0;
	char *buffer = malloc(room);
	int fd, err = 0;

	if (!buffer)
		return -ENOMEM;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		err = -errno;
		free(buffer);
		return err;
	}
	/* To its end: fstat(2) says 0 for a file of /proc. A byte stays free for the 0 behind the text. */
	while (used < FILE_MAX) {
		ssize_t got = read(fd, buffer + used, room - used - 1);
		char *larger;

		if (got < 0)
			err = -errno;
		if (got <= 0)
			break;
		used += (size_t)got;
		if (room - used > 1)
			continue;
		larger = realloc(buffer, room * 2);
		if (!larger) {
			err = -ENOMEM;
			break;
		}
		buffer = larger;
		room *= 2;
	}
	close(fd);
	if (err) {
		free(buffer);
		return err;
	}
	buffer[used] = 0;
	*bytes = buffer;
	*size = used;
	return 0;
}

int process_file(int32_t pid, const char *name, char **bytes, size_t *size)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	return read_file(path, bytes, size);
}

int process_program(int32_t pid, char *path, size_t size)
{
	char name[32];
	ssize_t length;

	snprintf(name, sizeof(name), "/proc/%d/exe", pid);
	length = readlink(name, path, size - 1);
	if (length < 0)
		return -errno;
	path[length] = 0;
	return 0;
}

/* /proc counts since the machine was started, with the time that it slept. */
static uint64_t monotonic(uint64_t ticks)
{
	uint64_t since_boot = ticks * (1000000000 / (uint64_t)sysconf(_SC_CLK_TCK));
	struct timespec boot, steady;
	int64_t slept;

	clock_gettime(CLOCK_BOOTTIME, &boot);
	clock_gettime(CLOCK_MONOTONIC, &steady);
	slept = (boot.tv_sec - steady.tv_sec) * 1000000000LL + boot.tv_nsec - steady.tv_nsec;
	if (slept < 1000000)
		slept = 0;
	return since_boot > (uint64_t)slept ? since_boot - (uint64_t)slept : 1;
}

static void stat_path(int32_t pid, int32_t tid, char path[64])
{
	if (tid)
		snprintf(path, 64, "/proc/%d/task/%d/stat", pid, tid);
	else
		snprintf(path, 64, "/proc/%d/stat", pid);
}

/* The name may hold anything, so it ends at the last parenthesis: proc(5). */
int process_read_stat(int32_t pid, int32_t tid, struct process *process)
{
	unsigned long flags, start;
	char path[64], *bytes, *open, *close;
	size_t size;
	int err, parent;

	memset(process, 0, sizeof(*process));
	process->pid = pid;
	process->uid = (uint32_t)-1;
	stat_path(pid, tid, path);
	err = read_file(path, &bytes, &size);
	if (err)
		return err;
	open = strchr(bytes, '(');
	close = strrchr(bytes, ')');
	if (!open || !close || close < open ||
		sscanf(close + 1,
			" %*c %d %*d %*d %*d %*d %lu %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d "
			"%*d %*d %lu",
			&parent, &flags, &start) != 3) {
		free(bytes);
		return -EBADMSG;
	}
	*close = 0;
	process->parent_pid = parent;
	process->is_kernel_thread = flags & PF_KTHREAD;
	process->start_time = monotonic(start);
	snprintf(process->comm, sizeof(process->comm), "%.15s", open + 1);
	free(bytes);
	return 0;
}

static uint32_t read_uid(int32_t pid)
{
	uint32_t uid = (uint32_t)-1;
	char *bytes, *line;
	size_t size;

	if (process_file(pid, "status", &bytes, &size))
		return uid;
	line = strstr(bytes, "\nUid:");
	if (line)
		uid = (uint32_t)strtoul(line + 5, NULL, 10);
	free(bytes);
	return uid;
}

/* The directory of its control group: version 2's line begins with "0::". */
static int cgroup_path(int32_t pid, char *path, size_t size)
{
	/* Where systemd mounts it, alone or beside version 1. */
	static const char *const roots[] = {"/sys/fs/cgroup/unified", "/sys/fs/cgroup"};
	char *bytes, *line;
	size_t length;
	int err = process_file(pid, "cgroup", &bytes, &length);

	if (err)
		return err;
	line = !strncmp(bytes, "0::", 3) ? bytes : strstr(bytes, "\n0::");
	err = -ENOENT;
	for (size_t i = 0; line && i < 2; i++) {
		snprintf(path, size, "%s/cgroup.procs", roots[i]);
		if (access(path, F_OK))
			continue;
		line = strstr(line, "0::") + 3;
		line[strcspn(line, "\n")] = 0;
		snprintf(path, size, "%s%s", roots[i], line);
		err = 0;
		break;
	}
	free(bytes);
	return err;
}

static uint64_t inode_of(const char *path)
{
	struct stat status;

	return stat(path, &status) ? 0 : status.st_ino;
}

bool process_is_below(int32_t pid, uint64_t cgroup)
{
	char path[PATH_MAX], *slash;

	if (cgroup_path(pid, path, sizeof(path)))
		return false;
	while ((slash = strrchr(path, '/')) && strncmp(path, "/sys/fs/cgroup", 14) == 0) {
		if (inode_of(path) == cgroup)
			return true;
		*slash = 0;
	}
	return false;
}

static uint64_t read_cgroup(int32_t pid)
{
	char path[PATH_MAX];

	return cgroup_path(pid, path, sizeof(path)) ? 0 : inode_of(path);
}

int process_read(int32_t pid, int32_t tid, struct process *process)
{
	int err = process_read_stat(pid, tid, process);

	if (err)
		return err;
	process->uid = read_uid(pid);
	process->cgroup = read_cgroup(pid);
	return 0;
}

/* 0: it is none, as "self" is. */
static int32_t parse_id(const char *name)
{
	__u64 id = 0;

	number_parse(name, 1, INT32_MAX, &id);
	return (int32_t)id;
}

static int list_ids(const char *path, int32_t **ids, size_t *count)
{
	DIR *directory = opendir(path);
	size_t room = 0, used = 0;
	struct dirent *entry;
	int32_t *list = NULL;

	if (!directory)
		return -errno;
	while ((entry = readdir(directory))) {
		int32_t id = parse_id(entry->d_name);

		if (!id)
			continue;
		if (used == room) {
			int32_t *larger;

			room = room ? 2 * room : 64;
			larger = realloc(list, room * sizeof(*list));
			if (!larger) {
				free(list);
				closedir(directory);
				return -ENOMEM;
			}
			list = larger;
		}
		list[used++] = id;
	}
	closedir(directory);
	*ids = list;
	*count = used;
	return 0;
}

int process_threads(int32_t pid, int32_t **tids, size_t *count)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	return list_ids(path, tids, count);
}

static int compare_starts(const void *one, const void *other)
{
	const struct process *a = one, *b = other;

	if (a->start_time != b->start_time)
		return a->start_time < b->start_time ? -1 : 1;
	return a->pid < b->pid ? -1 : a->pid > b->pid;
}

int process_list(struct process **list, size_t *count)
{
	int32_t *pids = NULL;
	size_t total, used = 0;
	struct process *new;
	int err = list_ids("/proc", &pids, &total);

	if (err)
		return err;
	new = calloc(total ? total : 1, sizeof(*new));
	if (!new) {
		free(pids);
		return -ENOMEM;
	}
	for (size_t i = 0; i < total; i++)
		if (!process_read(pids[i], 0, &new[used]))
			used++;
	free(pids);
	qsort(new, used, sizeof(*new), compare_starts);
	*list = new;
	*count = used;
	return 0;
}

bool process_may_have_children(int32_t pid)
{
	int32_t *tids = NULL;
	size_t count = 0;
	bool may = process_threads(pid, &tids, &count) != 0;

	for (size_t i = 0; !may && i < count; i++) {
		char name[64], *bytes = NULL;
		size_t size = 0;

		snprintf(name, sizeof(name), "task/%d/children", tids[i]);
		may = process_file(pid, name, &bytes, &size) || size;
		free(bytes);
	}
	free(tids);
	return may;
}
