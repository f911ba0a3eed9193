// SPDX-License-Identifier: GPL-2.0-or-later
#include "pool.h"
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <time.h>

#define TICK_NS (100L * 1000 * 1000)

struct pool {
	void (*work)(void *context);
	void *context;
	pthread_mutex_t lock;
	pthread_cond_t change; /* of running */
	unsigned int running;
};

static void *run(void *argument)
{
	struct pool *pool = argument;

	pool->work(pool->context);
	pthread_mutex_lock(&pool->lock);
	pool->running--;
	pthread_cond_signal(&pool->change);
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

unsigned int pool_processors(void)
{
	cpu_set_t set;
	int count;

	if (sched_getaffinity(0, sizeof(set), &set))
		return 1;
	count = CPU_COUNT(&set);
	return count > 0 ? (unsigned int)count : 1;
}

static void wait_until_all_ended(struct pool *pool, void (*tick)(void *context))
{
	pthread_mutex_lock(&pool->lock);
	while (pool->running) {
		struct timespec until;

		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += TICK_NS;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
		pthread_cond_timedwait(&pool->change, &pool->lock, &until);
		if (!tick)
			continue;
		pthread_mutex_unlock(&pool->lock);
		tick(pool->context);
		pthread_mutex_lock(&pool->lock);
	}
	pthread_mutex_unlock(&pool->lock);
	if (tick)
		tick(pool->context);
}

int pool_run(unsigned int threads, void (*work)(void *context), void (*tick)(void *context),
	void *context)
{
	struct pool pool = { .work = work, .context = context };
	pthread_t started[POOL_THREADS_MAX];
	unsigned int count = 0;

	if (!threads)
		threads = pool_processors();
	if (threads > POOL_THREADS_MAX)
		threads = POOL_THREADS_MAX;
	pthread_mutex_init(&pool.lock, NULL);
	pthread_cond_init(&pool.change, NULL);
	pool.running = threads;
	while (count < threads && !pthread_create(&started[count], NULL, run, &pool))
		count++;
	pthread_mutex_lock(&pool.lock);
	pool.running -= threads - count;
	pthread_mutex_unlock(&pool.lock);
	wait_until_all_ended(&pool, tick);
	for (unsigned int i = 0; i < count; i++)
		pthread_join(started[i], NULL);
	pthread_cond_destroy(&pool.change);
	pthread_mutex_destroy(&pool.lock);
	return count ? 0 : -EAGAIN;
}
