/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The same work in several threads, while the caller's own says how far it is. */
#ifndef KERNKIT_THREAD_POOL_H
#define KERNKIT_THREAD_POOL_H

#define POOL_THREADS_MAX 256

/* The processors that this process may use: at least 1. */
unsigned int pool_processors(void);

/*
 * Runs work(context) in so many threads, at most POOL_THREADS_MAX; 0: one for each processor that
 * this process may use. Fewer are enough if there cannot be so many. Until all have ended, tick is
 * called some times a second, and once more then, in the caller's thread; NULL: nobody waits.
 * 0; -EAGAIN: there is no thread at all.
 */
int pool_run(unsigned int threads, void (*work)(void *context), void (*tick)(void *context),
	void *context);

#endif
