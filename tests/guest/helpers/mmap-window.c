// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Changes a signed library between the moment at which mmap(2) has it checked and the one at which
 * the mapping stands there: mmap-window FILE. A thread that changes the protection of much memory
 * keeps mmap(2) waiting in between. Tries it some times, until code that nobody checked has run.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <signal.h>
#include <sys/prctl.h>
#include "code-page.h"

#define TRIES 12
#define MUCH (1UL << 30)
#define CHECKED_BY_THEN 10000 /* microseconds */

struct shared {
	atomic_uint round; /* the writer acts once in each */
	atomic_uint done;
	atomic_int error; /* the writer's last one */
};

static struct shared *shared;
static atomic_bool is_over;

/* The memory is one page of zeros, over and over: it costs nothing but the time to walk it. */
static void *hold_lock(void *memory)
{
	for (int protection = PROT_NONE; !atomic_load(&is_over); protection ^= PROT_READ)
		mprotect(memory, MUCH, protection);
	return NULL;
}

static void put_word(const char *path, off_t at, const char *word)
{
	int file = open(path, O_WRONLY | O_CLOEXEC);

	if (file < 0 || pwrite(file, word, WORD_SIZE, at) != WORD_SIZE)
		atomic_store(&shared->error, errno);
	close(file);
}

/* A process of its own, for which the lock is free. */
static _Noreturn void write_in_window(const char *path, off_t word)
{
	unsigned int round = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		while (atomic_load(&shared->round) == round)
			usleep(1000);
		round = atomic_load(&shared->round);
		usleep(CHECKED_BY_THEN);
		put_word(path, word, INTRUDER_WORD);
		atomic_store(&shared->done, round);
	}
}

/* The page as it is mapped, or NULL where mmap(2) failed. */
static char *map_while_held(const char *path, off_t word, void *memory)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	pthread_t holder;
	char *page;

	atomic_store(&is_over, false);
	if (file < 0 || pthread_create(&holder, NULL, hold_lock, memory))
		refused("pthread_create");
	usleep(20000);
	atomic_fetch_add(&shared->round, 1);
	page = map_code_page(file, word);
	if (page == MAP_FAILED)
		atomic_store(&shared->error, errno);
	atomic_store(&is_over, true);
	pthread_join(holder, NULL);
	while (atomic_load(&shared->done) != atomic_load(&shared->round))
		usleep(1000);
	close(file);
	return page == MAP_FAILED ? NULL : page;
}

/* Unchanged, and found good. */
static void restore(const char *path, off_t word)
{
	int file;
	void *page;

	put_word(path, word, LOYAL_WORD);
	file = open(path, O_RDONLY | O_CLOEXEC);
	page = map_code_page(file, word);
	if (page == MAP_FAILED)
		misused("mmap-window FILE: what is signed must load");
	munmap(page, CODE_PAGE_SIZE);
	close(file);
}

int main(int argc, char **argv)
{
	int file = argc == 2 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;
	void *memory;
	off_t word;
	char *page;

	if (file < 0)
		misused("mmap-window FILE");
	word = find_word(file, LOYAL_WORD, WORD_SIZE);
	close(file);
	shared = mmap(
		NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	memory = mmap(NULL, MUCH, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (shared == MAP_FAILED || memory == MAP_FAILED)
		refused("mmap");
	madvise(memory, MUCH, MADV_NOHUGEPAGE);
	if (madvise(memory, MUCH, MADV_POPULATE_READ))
		refused("madvise");
	if (fork() == 0)
		write_in_window(argv[1], word);
	for (int i = 0; i < TRIES; i++) {
		restore(argv[1], word);
		page = map_while_held(argv[1], word, memory);
		if (page && !memcmp(page + word % CODE_PAGE_SIZE, INTRUDER_WORD, WORD_SIZE)) {
			call_code_page(page);
			return 0;
		}
		if (page)
			munmap(page, CODE_PAGE_SIZE);
	}
	errno = atomic_load(&shared->error);
	refused("mmap-window");
}
