// SPDX-License-Identifier: GPL-2.0-or-later
#include "watch.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/statfs.h>
#include <unistd.h>
#include "mounts.h"

/* Something on a file system, to open the kernel's file handles by. */
struct mark {
	__kernel_fsid_t id;
	char *path;
};

struct watch {
	int by_name; /* events tell the folder and the name */
	int by_file; /* events come with the file open; for file systems without handles */
	struct mark *mark;
	size_t count;
};

/* What a file is opened with to look at its end, whatever it is. */
#define LOOK (O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_LARGEFILE)

int watch_new(struct watch **watch)
{
	struct watch *made = calloc(1, sizeof(*made));
	int err = 0;

	if (!made)
		return -ENOMEM;
	made->by_name = fanotify_init(
		FAN_CLASS_NOTIF | FAN_REPORT_DFID_NAME | FAN_CLOEXEC | FAN_NONBLOCK, 0);
	made->by_file = fanotify_init(
		FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_NONBLOCK, LOOK & ~O_NOCTTY);
	if (made->by_name < 0 || made->by_file < 0)
		err = -errno;
	if (err)
		watch_free(made);
	else
		*watch = made;
	return err;
}

void watch_free(struct watch *watch)
{
	if (!watch)
		return;
	if (watch->by_name >= 0)
		close(watch->by_name);
	if (watch->by_file >= 0)
		close(watch->by_file);
	watch_forget_paths(watch);
	free(watch->mark);
	free(watch);
}

void watch_forget_paths(struct watch *watch)
{
	while (watch->count)
		free(watch->mark[--watch->count].path);
}

static int remember_mark(struct watch *watch, const char *path)
{
	struct mark *more;
	struct statfs fs;

	if (statfs(path, &fs))
		return -errno;
	more = realloc(watch->mark, (watch->count + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	watch->mark = more;
	memcpy(&more[watch->count].id, &fs.f_fsid, sizeof(more->id));
	more[watch->count].path = strdup(path);
	if (!more[watch->count].path)
		return -ENOMEM;
	watch->count++;
	return 0;
}

int watch_add(struct watch *watch, const char *path)
{
	if (!fanotify_mark(watch->by_name, FAN_MARK_ADD | FAN_MARK_FILESYSTEM,
		    FAN_CLOSE_WRITE | FAN_MOVED_TO | FAN_ONDIR, AT_FDCWD, path))
		return remember_mark(watch, path);
	/* ENODEV, EOPNOTSUPP, EXDEV: no handles here, or one identity for several trees. */
	return fanotify_mark(watch->by_file, FAN_MARK_ADD | FAN_MARK_FILESYSTEM, FAN_CLOSE_WRITE,
		       AT_FDCWD, path) ?
		-errno :
		0;
}

void watch_descriptors(const struct watch *watch, struct pollfd descriptors[WATCH_DESCRIPTORS])
{
	descriptors[0] = (struct pollfd){ .fd = watch->by_name, .events = POLLIN };
	descriptors[1] = (struct pollfd){ .fd = watch->by_file, .events = POLLIN };
}

static bool is_below_roots(const char *path, const struct config_paths *roots)
{
	for (size_t i = 0; i < roots->count; i++)
		if (path_is_below(path, roots->path[i]))
			return true;
	return false;
}

static bool name_of(int fd, char path[PATH_MAX])
{
	char link[64];
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, path, PATH_MAX - 1);
	if (length <= 0)
		return false;
	path[length] = 0;
	return true;
}

/*
 * The folder that an event is about, where it is seen below one of the roots; a file system may be
 * mounted at several places. -1: nowhere, or it is gone.
 */
static int open_folder(const struct watch *watch, const struct fanotify_event_info_fid *info,
	const struct config_paths *roots, char path[PATH_MAX])
{
	for (size_t i = 0; i < watch->count; i++) {
		const struct mark *mark = &watch->mark[i];
		int mount, folder;

		if (memcmp(&mark->id, &info->fsid, sizeof(mark->id)))
			continue;
		mount = open(mark->path, LOOK);
		if (mount < 0)
			continue;
		folder = open_by_handle_at(mount, (struct file_handle *)(void *)info->handle,
			O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		close(mount);
		if (folder < 0)
			continue;
		if (name_of(folder, path) && is_below_roots(path, roots))
			return folder;
		close(folder);
	}
	return -1;
}

static void take_named(const struct watch *watch, const struct fanotify_event_metadata *event,
	const struct config_paths *roots, watch_handler *handler, void *context)
{
	const struct fanotify_event_info_fid *info = (const void *)(event + 1);
	const struct file_handle *handle = (const void *)info->handle;
	const char *name = (const char *)handle->f_handle + handle->handle_bytes;
	char path[PATH_MAX], whole[PATH_MAX];
	int folder, fd;

	if (event->event_len < sizeof(*event) + sizeof(*info) + sizeof(*handle) ||
		info->hdr.info_type != FAN_EVENT_INFO_TYPE_DFID_NAME)
		return;
	folder = open_folder(watch, info, roots, path);
	if (folder < 0)
		return;
	if (event->mask & FAN_ONDIR) {
		int size = snprintf(whole, sizeof(whole), "%s/%s",
			strcmp(path, "/") ? path : "", name);

		if (size < (int)sizeof(whole))
			handler(-1, whole, context);
	} else {
		fd = openat(folder, name, LOOK | O_NOFOLLOW);
		if (fd >= 0) {
			handler(fd, NULL, context);
			close(fd);
		}
	}
	close(folder);
}

static void take_opened(int fd, const struct config_paths *roots, watch_handler *handler,
	void *context)
{
	char path[PATH_MAX];

	if (name_of(fd, path) && is_below_roots(path, roots))
		handler(fd, NULL, context);
	close(fd);
}

static int read_events(const struct watch *watch, int group, const struct config_paths *roots,
	watch_handler *handler, void *context)
{
	static _Thread_local char buffer[65536]
		__attribute__((aligned(__alignof__(struct fanotify_event_metadata))));
	ssize_t size = read(group, buffer, sizeof(buffer));
	const struct fanotify_event_metadata *event = (const void *)buffer;
	int err = 0;

	if (size < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	for (; FAN_EVENT_OK(event, size); event = FAN_EVENT_NEXT(event, size)) {
		if (event->vers != FANOTIFY_METADATA_VERSION)
			return -EPROTO;
		if (event->mask & FAN_Q_OVERFLOW)
			err = -EOVERFLOW;
		else if (group == watch->by_file)
			take_opened(event->fd, roots, handler, context);
		else
			take_named(watch, event, roots, handler, context);
	}
	return err;
}

int watch_read(struct watch *watch, const struct config_paths *roots, watch_handler *handler,
	void *context)
{
	int by_name = read_events(watch, watch->by_name, roots, handler, context);
	int by_file = read_events(watch, watch->by_file, roots, handler, context);

	return by_name ? by_name : by_file;
}
