// SPDX-License-Identifier: GPL-2.0-or-later
#include "sync_group.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Of one file system. Who comes while a round is under way, which may have passed his file already,
 * waits for the next one; the first of them to wake starts it, for all.
 */
struct volume {
	struct volume *next;
	dev_t device;
	int directory; /* open, to be synced at the end; -1: nothing was left for later */
	unsigned long started, finished; /* rounds */
	unsigned long failed; /* the last round that did not succeed */
	unsigned int waiting; /* for a round that has not started */
};

struct sync_group {
	pthread_mutex_t lock;
	pthread_cond_t round_over;
	struct volume *volumes; /* few */
};

struct sync_group *sync_group_new(void)
{
	struct sync_group *group = calloc(1, sizeof(*group));

	if (!group)
		return NULL;
	pthread_mutex_init(&group->lock, NULL);
	pthread_cond_init(&group->round_over, NULL);
	return group;
}

/* The lock is held. NULL: memory is short. */
static struct volume *find_volume(struct sync_group *group, dev_t device)
{
	struct volume *volume = group->volumes;

	while (volume && volume->device != device)
		volume = volume->next;
	if (volume)
		return volume;
	volume = calloc(1, sizeof(*volume));
	if (!volume)
		return NULL;
	volume->device = device;
	volume->directory = -1;
	volume->next = group->volumes;
	group->volumes = volume;
	return volume;
}

static int sync_alone(int fd)
{
	return fsync(fd) ? -errno : 0;
}

/* Starts a round; the lock is held but for the time that it takes. */
static void run_round(struct sync_group *group, struct volume *volume, int fd)
{
	bool is_for_one = volume->waiting == 1, is_good;
	unsigned long round = ++volume->started;

	volume->waiting = 0;
	pthread_mutex_unlock(&group->lock);
	is_good = !(is_for_one ? fsync(fd) : syncfs(fd));
	pthread_mutex_lock(&group->lock);
	if (!is_good)
		volume->failed = round;
	volume->finished = round;
	pthread_cond_broadcast(&group->round_over);
}

int sync_group_sync(struct sync_group *group, int fd)
{
	struct volume *volume;
	unsigned long round;
	struct stat st;
	bool is_good;

	if (fstat(fd, &st))
		return -errno;
	pthread_mutex_lock(&group->lock);
	volume = find_volume(group, st.st_dev);
	if (!volume) {
		pthread_mutex_unlock(&group->lock);
		return sync_alone(fd);
	}
	round = volume->started + 1;
	volume->waiting++;
	while (volume->finished < round) {
		if (volume->started == volume->finished)
			run_round(group, volume, fd);
		else
			pthread_cond_wait(&group->round_over, &group->lock);
	}
	is_good = volume->failed < round;
	pthread_mutex_unlock(&group->lock);
	/* It may have been another's file that could not be written. */
	return is_good ? 0 : sync_alone(fd);
}

int sync_group_later(struct sync_group *group, int directory)
{
	struct volume *volume;
	struct stat st;
	int err = 0;

	if (fstat(directory, &st))
		return -errno;
	pthread_mutex_lock(&group->lock);
	volume = find_volume(group, st.st_dev);
	if (!volume) {
		err = -ENOMEM;
	} else if (volume->directory < 0) {
		volume->directory = fcntl(directory, F_DUPFD_CLOEXEC, 0);
		if (volume->directory < 0)
			err = -errno;
	}
	pthread_mutex_unlock(&group->lock);
	return err;
}

int sync_group_finish(struct sync_group *group)
{
	int err = 0;

	for (struct volume *volume = group->volumes; volume; volume = volume->next) {
		if (volume->directory < 0)
			continue;
		if (syncfs(volume->directory) && !err)
			err = -errno;
		close(volume->directory);
		volume->directory = -1;
	}
	return err;
}

void sync_group_free(struct sync_group *group)
{
	if (!group)
		return;
	while (group->volumes) {
		struct volume *volume = group->volumes;

		group->volumes = volume->next;
		if (volume->directory >= 0)
			close(volume->directory);
		free(volume);
	}
	pthread_cond_destroy(&group->round_over);
	pthread_mutex_destroy(&group->lock);
	free(group);
}
