// SPDX-License-Identifier: GPL-2.0-or-later
#include "follow.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <syslog.h>
#include <unistd.h>
#include "../enforce/admission.h"
#include "../../lib/text/text.h"
#include "journal.h"
#include "mounts.h"
#include "watch.h"

struct follower {
	pthread_t thread;
	int stop; /* eventfd: readable when the thread is to end */
	struct config_paths roots; /* canonical */
	struct engine engine;
	struct watch *watch;
	struct mount_list mounts; /* those that are watched */
	bool has_said_no_room;
	_Atomic unsigned long admitted, refused, failed;
	_Atomic bool is_walking;
};

static bool is_to_stop(const struct follower *follower)
{
	struct pollfd stop = { .fd = follower->stop, .events = POLLIN };

	return poll(&stop, 1, 0) > 0;
}

static void say_file(int priority, const char *path, const char *reason)
{
	char *safe = path ? safe_text(path) : NULL;

	tell(priority, "%s: %s", safe ? safe : "a file", reason);
	free(safe);
}

/* path may be NULL. */
static void note(
	struct follower *follower, const struct admission_outcome *outcome, const char *path)
{
	switch (outcome->result) {
	case ADMISSION_DONE:
		follower->admitted++;
		break;
	case ADMISSION_UNSIGNED:
		break;
	case ADMISSION_REFUSED:
		/* The engine will say so when somebody wants to run it. */
		follower->refused++;
		break;
	case ADMISSION_FAILED:
		if (outcome->error == -EINVAL || outcome->error == -ENOENT)
			break; /* not a regular file, or gone already */
		follower->failed++;
		if (outcome->error != -ENOSPC || !follower->has_said_no_room)
			say_file(LOG_WARNING, path, admission_reason(outcome));
		if (outcome->error == -ENOSPC)
			follower->has_said_no_room = true;
		break;
	}
}

/* tree_visitor */
static bool admit_one(const char *path, bool named, int error, void *context)
{
	struct admission_outcome outcome = { .result = ADMISSION_FAILED, .error = error };
	struct follower *follower = context;

	(void)named;
	if (is_to_stop(follower) || engine_is_gone(&follower->engine))
		return false;
	if (!error)
		outcome = admit_file(&follower->engine, path);
	note(follower, &outcome, path);
	return true;
}

/* watch_handler */
static void admit_changed(int fd, const char *folder, void *context)
{
	struct follower *follower = context;
	struct admission_outcome outcome;

	if (fd < 0) {
		visit_files(folder, admit_one, follower);
		return;
	}
	outcome = admit_open_file(&follower->engine, fd);
	note(follower, &outcome, NULL);
}

static void walk(struct follower *follower, const struct mount_list *mounts)
{
	follower->is_walking = true;
	for (size_t i = 0; i < mounts->count; i++)
		if (!mount_list_has(&follower->mounts, mounts->mount[i].id, mounts->mount[i].path))
			visit_files(mounts->mount[i].path, admit_one, follower);
	follower->is_walking = false;
}

/* Watches and admits what was mounted since; first it is watched, so that nothing falls between. */
static void take_mounts(struct follower *follower)
{
	struct mount_list mounts;
	int err = mount_list_read(&follower->roots, &mounts);

	if (err) {
		tell(LOG_ERR, "/proc/self/mountinfo: %s", strerror(-err));
		return;
	}
	watch_forget_paths(follower->watch);
	for (size_t i = 0; i < mounts.count; i++) {
		const struct mount_point *mount = &mounts.mount[i];

		err = watch_add(follower->watch, mount->path);
		if (err && err != -ENOENT &&
			!mount_list_has(&follower->mounts, mount->id, mount->path))
			say_file(LOG_WARNING, mount->path, strerror(-err));
	}
	walk(follower, &mounts);
	mount_list_free(&follower->mounts);
	follower->mounts = mounts;
}

static void walk_again(struct follower *follower)
{
	tell(LOG_NOTICE, "more files changed than could be followed: all of them are looked at");
	mount_list_free(&follower->mounts);
	take_mounts(follower);
}

/* As long as this engine runs. */
static void follow(struct follower *follower, int mountinfo)
{
	struct pollfd wait[WATCH_DESCRIPTORS + 2];
	int err;

	watch_descriptors(follower->watch, wait);
	wait[WATCH_DESCRIPTORS] = (struct pollfd){ .fd = follower->stop, .events = POLLIN };
	/* The kernel says POLLPRI when the mounts are not those that were read last. */
	wait[WATCH_DESCRIPTORS + 1] = (struct pollfd){ .fd = mountinfo, .events = POLLPRI };
	take_mounts(follower);
	while (!is_to_stop(follower) && !engine_is_gone(&follower->engine)) {
		if (poll(wait, WATCH_DESCRIPTORS + 2, 1000) <= 0)
			continue;
		if (wait[WATCH_DESCRIPTORS + 1].revents)
			take_mounts(follower);
		err = watch_read(follower->watch, &follower->roots, admit_changed, follower);
		if (err == -EOVERFLOW)
			walk_again(follower);
		else if (err)
			tell(LOG_ERR, "fanotify: %s", strerror(-err));
	}
}

static void serve_engine(struct follower *follower)
{
	int mountinfo = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	int err = watch_new(&follower->watch);

	if (err || mountinfo < 0) {
		tell(LOG_ERR, "files cannot be followed: %s", strerror(err ? -err : errno));
		sleep(1);
	} else {
		follow(follower, mountinfo);
	}
	if (!err)
		watch_free(follower->watch);
	if (mountinfo >= 0)
		close(mountinfo);
	mount_list_free(&follower->mounts);
}

static void *run(void *context)
{
	struct follower *follower = context;
	struct pollfd stop = { .fd = follower->stop, .events = POLLIN };

	do {
		if (engine_open(&follower->engine))
			continue;
		follower->has_said_no_room = false;
		serve_engine(follower);
		engine_close(&follower->engine);
	} while (poll(&stop, 1, 500) <= 0);
	return NULL;
}

static void free_follower(struct follower *follower)
{
	for (size_t i = 0; i < follower->roots.count; i++)
		free(follower->roots.path[i]);
	if (follower->stop >= 0)
		close(follower->stop);
	free(follower);
}

int follower_start(const struct config_paths *roots, struct follower **follower)
{
	struct follower *made = calloc(1, sizeof(*made));
	int err;

	if (!made)
		return -ENOMEM;
	for (size_t i = 0; i < roots->count; i++) {
		char *path = realpath(roots->path[i], NULL);

		if (path)
			made->roots.path[made->roots.count++] = path;
		else
			say_file(LOG_WARNING, roots->path[i], strerror(errno));
	}
	made->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	err = made->stop < 0 ? -errno : -pthread_create(&made->thread, NULL, run, made);
	if (err)
		free_follower(made);
	else
		*follower = made;
	return err;
}

void follower_stop(struct follower *follower)
{
	uint64_t one = 1;

	if (!follower)
		return;
	if (write(follower->stop, &one, sizeof(one)) == (ssize_t)sizeof(one))
		pthread_join(follower->thread, NULL);
	free_follower(follower);
}

struct follower_report follower_ask(struct follower *follower)
{
	return (struct follower_report){ .admitted = follower->admitted,
		.refused = follower->refused,
		.failed = follower->failed,
		.is_walking = follower->is_walking };
}
