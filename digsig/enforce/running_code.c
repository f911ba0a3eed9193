// SPDX-License-Identifier: GPL-2.0-or-later
#include "running_code.h"
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "found_ok.h"
#include "preflight.h"

struct file_identity {
	dev_t device;
	ino_t inode;
};

struct search {
	struct running_code *result;
	struct file_identity *seen;
	size_t count, capacity; /* of seen */
	int verdicts; /* engine_open_verdicts */
	bool may_look; /* into any process: CAP_SYS_PTRACE */
};

/* Whether the file is new to the search; then it is noted. -ENOMEM. */
static int note_file(struct search *search, const struct stat *st)
{
	for (size_t i = 0; i < search->count; i++)
		if (search->seen[i].device == st->st_dev && search->seen[i].inode == st->st_ino)
			return 0;
	if (search->count == search->capacity) {
		size_t capacity = search->count ? search->count * 2 : 256;
		struct file_identity *seen =
			reallocarray(search->seen, capacity, sizeof(*seen));

		if (!seen)
			return -ENOMEM;
		search->seen = seen;
		search->capacity = capacity;
	}
	search->seen[search->count++] = (struct file_identity){ st->st_dev, st->st_ino };
	search->result->files++;
	return 1;
}

static void count_not_ok(struct running_code *result, const char *name)
{
	if (!result->not_ok++)
		snprintf(result->first_not_ok, sizeof(result->first_not_ok), "%s", name);
}

/* What may not be opened, errno says why. An error where a right is missing, and so for all the others. */
static int count_unopened(struct search *search, const char *name)
{
	if (!search->may_look)
		return -errno;
	search->result->files++;
	count_not_ok(search->result, name);
	return 0;
}

static int judge_mapped(struct search *search, const char *map_file, const char *name)
{
	int fd = open(map_file, O_RDONLY | O_CLOEXEC | O_NONBLOCK), err = 0;
	struct stat st;

	if (fd < 0 && errno == ENOENT)
		return 0; /* unmapped meanwhile */
	if (fd < 0) /* of a user's own FUSE, for instance */
		return count_unopened(search, name);
	if (!fstat(fd, &st) && S_ISREG(st.st_mode))
		err = note_file(search, &st);
	if (err > 0 && !engine_finds_ok(search->verdicts, fd))
		count_not_ok(search->result, name);
	close(fd);
	return err < 0 ? err : 0;
}

/* A line of /proc/PID/maps: "START-END rwxp OFFSET DEVICE INODE NAME". */
static int judge_line(struct search *search, const char *process, char *line)
{
	unsigned long start, end;
	char rights[5], map_file[128];
	int name = 0;

	line[strcspn(line, "\n")] = 0;
	if (sscanf(line, "%lx-%lx %4s %*s %*s %*s %n", &start, &end, rights, &name) != 3 || !name)
		return 0;
	if (rights[2] != 'x' || line[name] != '/')
		return 0;
	snprintf(map_file, sizeof(map_file), "/proc/%.16s/map_files/%lx-%lx", process, start, end);
	return judge_mapped(search, map_file, line + name);
}

static int judge_process(struct search *search, const char *process)
{
	char path[64], *line = NULL;
	size_t capacity = 0;
	int err = 0;
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%.16s/maps", process);
	maps = fopen(path, "re");
	if (!maps) /* if it is not forbidden, the process ended */
		return errno == EACCES ? count_unopened(search, path) : 0;
	while (!err && getline(&line, &capacity, maps) >= 0)
		err = judge_line(search, process, line);
	if (!err && ferror(maps) && errno != ESRCH)
		err = -errno;
	free(line);
	fclose(maps);
	return err;
}

int running_code_judge(struct running_code *result)
{
	struct search search = { .result = result, .may_look = has_capability(CAP_SYS_PTRACE) };
	struct dirent *entry;
	DIR *processes;
	int err = 0;

	*result = (struct running_code){ 0 };
	search.verdicts = engine_open_verdicts();
	if (search.verdicts < 0)
		return search.verdicts;
	processes = opendir("/proc");
	if (!processes) {
		err = -errno;
		close(search.verdicts);
		return err;
	}
	while (!err && (entry = readdir(processes)))
		if (isdigit((unsigned char)entry->d_name[0]))
			err = judge_process(&search, entry->d_name);
	closedir(processes);
	close(search.verdicts);
	free(search.seen);
	return err;
}
