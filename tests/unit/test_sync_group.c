// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Files that threads bring to the disk together: nobody returns before a round that began after he came
 * has ended, and there are fewer rounds than files. The linker puts the two __wrap functions around
 * what the group calls, to count, and to fail when a case wants that.
 */
#include "support.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>
#include "digsig/file/sync_group.h"

#define THREADS 16
#define FILES 40

int __real_fsync(int fd);
int __real_syncfs(int fd);
int __wrap_fsync(int fd);
int __wrap_syncfs(int fd);

static atomic_uint calls, begun, ended;
static atomic_bool syncfs_fails;
static atomic_int bad_fd;

int __wrap_fsync(int fd)
{
	int err;

	atomic_fetch_add(&calls, 1);
	atomic_fetch_add(&begun, 1);
	err = __real_fsync(fd);
	atomic_fetch_add(&ended, 1);
	if (fd != atomic_load(&bad_fd))
		return err;
	errno = EIO;
	return -1;
}

int __wrap_syncfs(int fd)
{
	int err;

	atomic_fetch_add(&calls, 1);
	atomic_fetch_add(&begun, 1);
	err = __real_syncfs(fd);
	/* So that the others come meanwhile, whatever the disk. */
	usleep(2000);
	atomic_fetch_add(&ended, 1);
	if (!atomic_load(&syncfs_fails))
		return err;
	errno = EIO;
	return -1;
}

static void reset(void)
{
	atomic_store(&calls, 0);
	atomic_store(&begun, 0);
	atomic_store(&ended, 0);
	atomic_store(&syncfs_fails, false);
	atomic_store(&bad_fd, -1);
}

struct thread {
	struct sync_group *group;
	unsigned int early; /* returned before a round that began after it came had ended */
	int failed; /* how often it got an error */
	int fd;
};

static void *sync_files(void *context)
{
	struct thread *thread = context;

	for (int i = 0; i < FILES; i++) {
		unsigned int before = atomic_load(&begun);

		if (write(thread->fd, "x", 1) != 1 || sync_group_sync(thread->group, thread->fd))
			thread->failed++;
		thread->early += atomic_load(&ended) <= before;
	}
	return NULL;
}

/* Returns how many calls failed, and adds to *early how many returned too early. */
static int run_threads(struct thread *threads, unsigned int *early)
{
	struct sync_group *group = sync_group_new();
	pthread_t ids[THREADS];
	int failed = 0;

	assert_non_null(group);
	for (int i = 0; i < THREADS; i++) {
		threads[i].group = group;
		assert_int_equal(pthread_create(&ids[i], NULL, sync_files, &threads[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(ids[i], NULL);
		*early += threads[i].early;
		failed += threads[i].failed;
	}
	sync_group_free(group);
	return failed;
}

static void open_files(struct thread *threads)
{
	for (int i = 0; i < THREADS; i++) {
		threads[i] = (struct thread){ .fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600) };
		assert_true(threads[i].fd >= 0);
	}
}

static void close_files(struct thread *threads)
{
	for (int i = 0; i < THREADS; i++)
		close(threads[i].fd);
}

static void one_round_serves_all_who_wait(void **state)
{
	struct thread threads[THREADS];
	unsigned int early = 0;

	(void)state;
	reset();
	open_files(threads);
	assert_int_equal(run_threads(threads, &early), 0);
	assert_int_equal(early, 0);
	assert_true(atomic_load(&calls) < THREADS * FILES / 2);
	close_files(threads);
}

static void after_a_round_that_failed_each_asks_for_its_own_file(void **state)
{
	struct thread threads[THREADS];
	/* Not looked at: with everybody's own fsync(2) among them, the numbers do not tell rounds. */
	unsigned int early = 0;

	(void)state;
	reset();
	open_files(threads);
	atomic_store(&syncfs_fails, true);
	assert_int_equal(run_threads(threads, &early), 0);
	atomic_store(&bad_fd, threads[3].fd);
	for (int i = 0; i < THREADS; i++)
		threads[i].failed = 0;
	assert_int_equal(run_threads(threads, &early), FILES);
	assert_int_equal(threads[3].failed, FILES);
	close_files(threads);
}

static void names_are_synced_at_the_end_once_a_file_system(void **state)
{
	struct sync_group *group = sync_group_new();
	int folder = open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	(void)state;
	reset();
	assert_non_null(group);
	for (int i = 0; i < 3; i++)
		assert_int_equal(sync_group_later(group, folder), 0);
	assert_int_equal(atomic_load(&calls), 0);
	/* The caller closes its directory before that. */
	close(folder);
	assert_int_equal(sync_group_finish(group), 0);
	assert_int_equal(atomic_load(&calls), 1);
	assert_int_equal(sync_group_finish(group), 0);
	assert_int_equal(atomic_load(&calls), 1);
	assert_int_equal(sync_group_later(group, -1), -EBADF);
	assert_int_equal(sync_group_sync(group, -1), -EBADF);
	sync_group_free(group);
	sync_group_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_round_serves_all_who_wait),
		cmocka_unit_test(after_a_round_that_failed_each_asks_for_its_own_file),
		cmocka_unit_test(names_are_synced_at_the_end_once_a_file_system),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
