// SPDX-License-Identifier: GPL-2.0-or-later
/* The thread that writes the place. */
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>
#include "place.h"

enum { STOP_SECONDS = 5 };

struct place_keeper {
	const char *path;
	pthread_t thread;
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t changed;
	struct place place;
	bool is_new; /* place is not in the file */
	bool is_stopping, has_stopped;
	int err;
};

static struct timespec seconds_from_now(time_t seconds)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	time.tv_sec += seconds;
	return time;
}

/* The lock is held before and after, and not while the disk works. */
static void write_new(struct place_keeper *keeper)
{
	struct place place = keeper->place;
	int err;

	keeper->is_new = false;
	pthread_mutex_unlock(&keeper->lock);
	err = place_write(keeper->path, &place);
	pthread_mutex_lock(&keeper->lock);
	keeper->err = err;
	/* What is not in the file is tried once more with the next place, or at the end. */
	if (err && !keeper->is_stopping)
		keeper->is_new = true;
}

static void *keep(void *context)
{
	struct place_keeper *keeper = context;

	pthread_mutex_lock(&keeper->lock);
	while (!keeper->is_stopping) {
		struct timespec next = seconds_from_now(1);

		if (keeper->is_new)
			write_new(keeper);
		else
			pthread_cond_wait(&keeper->changed, &keeper->lock);
		while (!keeper->is_stopping && keeper->is_new &&
			!pthread_cond_clockwait(&keeper->changed, &keeper->lock, CLOCK_MONOTONIC, &next))
			;
	}
	if (keeper->is_new)
		write_new(keeper);
	keeper->has_stopped = true;
	pthread_cond_broadcast(&keeper->changed);
	pthread_mutex_unlock(&keeper->lock);
	return NULL;
}

int place_keeper_start(const char *path, struct place_keeper **started)
{
	struct place_keeper *keeper = calloc(1, sizeof(*keeper));
	int err;

	if (!keeper)
		return -ENOMEM;
	keeper->path = path;
	pthread_mutex_init(&keeper->lock, NULL);
	pthread_cond_init(&keeper->changed, NULL);
	err = pthread_create(&keeper->thread, NULL, keep, keeper);
	if (err)
		free(keeper);
	else
		*started = keeper;
	return -err;
}

void place_keeper_put(struct place_keeper *keeper, const struct place *place)
{
	pthread_mutex_lock(&keeper->lock);
	keeper->place = *place;
	/* Otherwise the thread knows, and is only waiting for its second to pass. */
	if (!keeper->is_new)
		pthread_cond_broadcast(&keeper->changed);
	keeper->is_new = true;
	pthread_mutex_unlock(&keeper->lock);
}

int place_keeper_error(struct place_keeper *keeper)
{
	int err;

	pthread_mutex_lock(&keeper->lock);
	err = keeper->err;
	pthread_mutex_unlock(&keeper->lock);
	return err;
}

int place_keeper_stop(struct place_keeper *keeper)
{
	struct timespec end = seconds_from_now(STOP_SECONDS);
	bool has_stopped;
	int err = 0;

	if (!keeper)
		return 0;
	pthread_mutex_lock(&keeper->lock);
	keeper->is_stopping = true;
	pthread_cond_broadcast(&keeper->changed);
	while (!keeper->has_stopped && !err)
		err = pthread_cond_clockwait(&keeper->changed, &keeper->lock, CLOCK_MONOTONIC, &end);
	has_stopped = keeper->has_stopped;
	err = keeper->err;
	pthread_mutex_unlock(&keeper->lock);
	if (!has_stopped) {
		pthread_detach(keeper->thread);
		return -ETIMEDOUT;
	}
	pthread_join(keeper->thread, NULL);
	pthread_mutex_destroy(&keeper->lock);
	pthread_cond_destroy(&keeper->changed);
	free(keeper);
	return err;
}
