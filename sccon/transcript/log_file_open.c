// SPDX-License-Identifier: GPL-2.0-or-later
/* Opening the file of a log, and changing it for another. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../lib/file/parent.h"
#include "../../lib/file/rotation.h"
#include "../../lib/file/write_whole.h"
#include "log_file_parts.h"
#include "order.h"
#include "place.h"
#include "record.h"

enum { LOG_MODE = 0640 };

/* A file that is open, before it is the log's. */
struct opened {
	int descriptor;
	__u64 size, first, newest;
};

/* A last line without an end was cut when the machine went off. */
static int end_last_line(struct opened *opened)
{
	static const char end[] = RECORD_TORN "\n";
	char last;
	int err;

	if (!opened->size || (pread(opened->descriptor, &last, 1, (off_t)opened->size - 1) == 1 && last == '\n'))
		return 0;
	err = file_write_all(opened->descriptor, end, sizeof(end) - 1);
	/* Without room for it, it is done when the file is opened the next time; a record behind a part of it is lost. */
	if (!err)
		opened->size += sizeof(end) - 1;
	return err;
}

/* What was logged before this process: of a record without a mark it is known how late those before it may be. */
static int find_newest(struct opened *opened)
{
	struct order_place last;
	__u64 read = 0;
	int found = order_last(opened->descriptor, (off_t)opened->size, &last, &read);

	opened->newest = found > 0 ? last.time + ORDER_SLACK : 0;
	return found < 0 ? found : 0;
}

static int look_at(struct opened *opened, __u64 now)
{
	char text[RECORD_TIME_SIZE] = "";
	struct stat st;
	int err;

	if (fstat(opened->descriptor, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	if (flock(opened->descriptor, LOCK_EX | LOCK_NB))
		return -errno;
	opened->size = (__u64)st.st_size;
	opened->first = now;
	if (pread(opened->descriptor, text, sizeof(text) - 1, 0) > 0)
		record_parse_time(text, &opened->first);
	err = find_newest(opened);
	return err ? err : end_last_line(opened);
}

/* flags: besides the usual ones. */
static int open_at(int folder, const char *name, int flags, __u64 now, struct opened *opened)
{
	int err;

	opened->descriptor = openat(folder, name, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | flags, LOG_MODE);
	if (opened->descriptor < 0)
		return -errno;
	err = look_at(opened, now);
	if (err)
		close(opened->descriptor);
	return err;
}

static void put_in_place(struct log_file *file, const struct opened *opened)
{
	if (file->descriptor >= 0)
		close(file->descriptor);
	file->descriptor = opened->descriptor;
	file->size = opened->size;
	file->first = opened->first;
	file->newest = opened->newest;
	/* What waits is the new file's. */
	file->waiting_marked = 0;
}

void log_file_free(struct log_file *file)
{
	if (file->descriptor >= 0)
		close(file->descriptor);
	if (file->folder >= 0)
		close(file->folder);
	free(file->name);
	free(file->waiting);
}

static int take_name(struct log_file *file, const char *path)
{
	int err = place_name(path, &file->name);

	file->waiting = malloc(LOG_FILE_WAITING_MAX + RECORD_LINE_MAX + 1);
	if (!file->name || !file->waiting)
		return -ENOMEM;
	return *file->name ? err : -EISDIR;
}

int log_file_open(struct log_file *file, const struct log_file_settings *settings, __u64 now)
{
	struct log_file new = { .settings = *settings, .tell = file->tell, .context = file->context, .folder = -1, .descriptor = -1 };
	struct opened opened;
	int err = take_name(&new, settings->path);

	if (!err)
		err = new.folder = parent_open(settings->path);
	if (err >= 0)
		err = open_at(new.folder, new.name, 0, now, &opened);
	if (err) {
		log_file_free(&new);
		return err;
	}
	put_in_place(&new, &opened);
	*file = new;
	return 0;
}

/* Whether the name in that folder is the one of the file which is open. */
static bool has_its_name(const struct log_file *file, int folder)
{
	struct stat named, open;

	return !fstatat(folder, file->name, &named, AT_SYMLINK_NOFOLLOW) && !fstat(file->descriptor, &open) &&
	       named.st_dev == open.st_dev && named.st_ino == open.st_ino;
}

int log_file_open_again(struct log_file *file, __u64 now)
{
	struct opened opened;
	int folder = parent_open(file->settings.path), err;

	if (folder < 0)
		return folder;
	/* The lock is that of the file: where it is the same one, there is nothing to do. */
	if (has_its_name(file, folder)) {
		close(folder);
		return 0;
	}
	err = open_at(folder, file->name, 0, now, &opened);
	if (err) {
		close(folder);
		return err;
	}
	close(file->folder);
	file->folder = folder;
	put_in_place(file, &opened);
	return 0;
}

int log_file_rotate(struct log_file *file, __u64 now)
{
	char fresh[NAME_MAX + 1];
	struct opened opened;
	int err;

	/* Somebody else has renamed or removed it: what is there now is not for us to rename. */
	if (!has_its_name(file, file->folder))
		return log_file_open_again(file, now);
	/* The new file is there before the old one gives its name away. */
	snprintf(fresh, sizeof(fresh), ".%s.new", file->name);
	unlinkat(file->folder, fresh, 0);
	err = open_at(file->folder, fresh, O_EXCL, now, &opened);
	if (err)
		return err;
	fdatasync(file->descriptor);
	err = rotation_rename(file->folder, file->name, file->settings.keep);
	if (!err && renameat(file->folder, fresh, file->folder, file->name))
		err = -errno;
	if (err) {
		unlinkat(file->folder, fresh, 0);
		close(opened.descriptor);
		return err;
	}
	put_in_place(file, &opened);
	fsync(file->folder);
	return 0;
}
