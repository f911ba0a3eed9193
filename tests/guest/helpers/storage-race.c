// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two threads have a new file judged at once, so that they make the engine's storage for its
 * verdict at the same time; while it is hashed, the file is opened for writing: storage-race FILE
 * NEW. NEW is made of FILE again and again, for some seconds, until code that nobody checked has
 * run.
 */
#include <fcntl.h>
#include <pthread.h>
#include <time.h>
#include "code-page.h"

#define SECONDS 8
#define MAPPERS 2

static char content[4 << 20];
static pthread_barrier_t start;
static const char *path;
static off_t word;
static int error;

static void *map(void *context)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	void *page;

	(void)context;
	pthread_barrier_wait(&start);
	page = map_code_page(file, word);
	if (page == MAP_FAILED)
		error = errno;
	close(file);
	return page;
}

static void make_new(ssize_t size)
{
	int file;

	unlink(path);
	file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0777);
	if (file < 0 || write(file, content, (size_t)size) != size)
		misused("storage-race FILE NEW: NEW cannot be written");
	close(file);
}

/* Opens it so many microseconds after the two have begun, and writes when they are done. */
static void race(useconds_t delay)
{
	pthread_t threads[MAPPERS];
	void *page;
	int file;

	for (int i = 0; i < MAPPERS; i++)
		if (pthread_create(&threads[i], NULL, map, NULL))
			misused("storage-race: no thread");
	pthread_barrier_wait(&start);
	usleep(delay);
	file = open(path, O_WRONLY | O_CLOEXEC);
	if (file < 0)
		error = errno;
	for (int i = 0; i < MAPPERS; i++) {
		pthread_join(threads[i], &page);
		if (file < 0 || page == MAP_FAILED)
			continue;
		if (pwrite(file, INTRUDER_WORD, WORD_SIZE, word) == WORD_SIZE &&
			!memcmp((char *)page + word % CODE_PAGE_SIZE, INTRUDER_WORD, WORD_SIZE)) {
			call_code_page(page);
			exit(0);
		}
	}
	close(file);
}

int main(int argc, char **argv)
{
	time_t end = time(NULL) + SECONDS;
	int file = argc == 3 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;
	ssize_t size = file < 0 ? -1 : read(file, content, sizeof(content));

	if (size <= 0)
		misused("storage-race FILE NEW");
	path = argv[2];
	word = find_word(file, LOYAL_WORD, WORD_SIZE);
	pthread_barrier_init(&start, NULL, MAPPERS + 1);
	for (useconds_t delay = 0; time(NULL) < end; delay = (delay + 1000) % 30000) {
		make_new(size);
		race(delay);
	}
	errno = error;
	refused("storage-race");
}
