// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Files that threads leave to a group: each gets its name after a round that began when its content was
 * there, there are fewer rounds than files, and what goes wrong with one is no other's trouble. The
 * linker puts the __wrap functions around the calls that matter, to note their order, and to fail
 * when a case wants that.
 */
#include "support.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "digsig/file/replacement_group.h"

#define THREADS 16
#define FILES 40
#define FOREVER 3600000

int __real_fsync(int fd);
int __real_syncfs(int fd);
int __real_renameat(int from, const char *old, int to, const char *new);
int __wrap_fsync(int fd);
int __wrap_syncfs(int fd);
int __wrap_renameat(int from, const char *old, int to, const char *new);

/* "f" fsync, "s" syncfs, "r" renameat: the first of them, in their order. */
static char order[64];
static atomic_uint calls, syncs, renames;
/* Written to by the group's threads only: what is not in a case of threads. */
static bool syncfs_fails;
static ino_t bad_file; /* whose fsync fails */

static void reset(void)
{
	memset(order, 0, sizeof(order));
	atomic_store(&calls, 0);
	atomic_store(&syncs, 0);
	atomic_store(&renames, 0);
	syncfs_fails = false;
	bad_file = 0;
}

static void note(char call)
{
	unsigned int at = atomic_fetch_add(&calls, 1);

	if (at < sizeof(order) - 1)
		order[at] = call;
}

static int fail_with_eio(void)
{
	errno = EIO;
	return -1;
}

int __wrap_fsync(int fd)
{
	struct stat st;

	note('f');
	atomic_fetch_add(&syncs, 1);
	if (!fstat(fd, &st) && st.st_ino == bad_file)
		return fail_with_eio();
	return __real_fsync(fd);
}

int __wrap_syncfs(int fd)
{
	note('s');
	atomic_fetch_add(&syncs, 1);
	return syncfs_fails ? fail_with_eio() : __real_syncfs(fd);
}

int __wrap_renameat(int from, const char *old, int to, const char *new)
{
	note('r');
	atomic_fetch_add(&renames, 1);
	return __real_renameat(from, old, to, new);
}

/* Whom the group tells about; one a file. */
struct owner {
	char path[128];
	ino_t made; /* the new version's */
	atomic_uint told;
	struct file_problem problem;
};

static void settled(void *context, const void *owner, const struct file_problem *problem)
{
	struct owner *whose = (struct owner *)(uintptr_t)owner;

	atomic_fetch_add((atomic_uint *)context, 1);
	atomic_fetch_add(&whose->told, 1);
	if (problem)
		whose->problem = *problem;
}

/* A group to which nothing was left yet, and nothing noted; *count: how many files it has told about. */
static struct replacement_group *make_group(unsigned int threads, atomic_uint *count)
{
	const struct replacement_group_plan plan = { threads, FOREVER, settled, count };
	struct replacement_group *group = replacement_group_new(&plan);

	reset();
	atomic_store(count, 0);
	assert_non_null(group);
	return group;
}

static void make_file(struct owner *owner, const char *folder, int number)
{
	FILE *file;

	*owner = (struct owner){ 0 };
	snprintf(owner->path, sizeof(owner->path), "%s/%d", folder, number);
	file = fopen(owner->path, "we");
	assert_non_null(file);
	fprintf(file, "old %d", number);
	assert_int_equal(fclose(file), 0);
}

/* Makes "new" of it, and leaves it to the group. */
static int leave(struct replacement_group *group, struct owner *owner)
{
	const struct replacement_options options = { 0 };
	struct file_problem problem = { 0 };
	struct replacement replacement;
	struct stat st;

	if (replacement_open(&replacement, owner->path, &options, &problem) ||
		replacement_create(&replacement, &problem) ||
		write(replacement.target, "new", 3) != 3 || fstat(replacement.target, &st))
		return -EIO;
	owner->made = st.st_ino;
	return replacement_group_add(group, &replacement, owner, &problem);
}

/* Makes files 0 to number - 1 in the folder, and leaves each to the group. */
static void leave_new_files(
	struct replacement_group *group, const char *folder, struct owner *owners, int number)
{
	for (int i = 0; i < number; i++) {
		make_file(&owners[i], folder, i);
		assert_int_equal(leave(group, &owners[i]), 0);
	}
}

static void assert_content(const struct owner *owner, const char *expected)
{
	char got[32] = "";
	FILE *file = fopen(owner->path, "re");

	assert_non_null(file);
	assert_non_null(fgets(got, sizeof(got), file));
	fclose(file);
	assert_string_equal(got, expected);
}

static void names_come_after_one_sync_of_all_contents(void **state)
{
	const char *folder = scratch_folder("order");
	struct replacement_group *group;
	struct owner owners[3];
	atomic_uint count;

	(void)state;
	group = make_group(1, &count);
	leave_new_files(group, folder, owners, 3);
	assert_content(&owners[0], "old 0");
	assert_content(&owners[1], "old 1");
	assert_content(&owners[2], "old 2");
	assert_string_equal(order, "");
	assert_int_equal(replacement_group_finish(group), 0);
	/* The last one brings the names to the disk. */
	assert_string_equal(order, "srrrs");
	assert_int_equal(atomic_load(&count), 3);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(atomic_load(&owners[i].told), 1);
		assert_int_equal(owners[i].problem.kind, 0);
		assert_content(&owners[i], "new");
	}
	assert_int_equal(count_entries(folder), 3);
	replacement_group_free(group);
}

static void one_alone_is_synced_alone(void **state)
{
	const char *folder = scratch_folder("alone");
	struct replacement_group *group;
	struct owner owner;
	atomic_uint count;

	(void)state;
	group = make_group(1, &count);
	leave_new_files(group, folder, &owner, 1);
	assert_int_equal(replacement_group_finish(group), 0);
	assert_string_equal(order, "frs");
	replacement_group_free(group);
	/* Without new names there is nothing to sync. */
	group = make_group(1, &count);
	assert_int_equal(replacement_group_finish(group), 0);
	assert_string_equal(order, "");
	replacement_group_free(group);
	replacement_group_free(NULL);
}

/* Room for three files a round: what two threads would have open at most stays below the limit. */
static void a_round_is_due_before_descriptors_run_out(void **state)
{
	const char *folder = scratch_folder("descriptors");
	struct replacement_group *group;
	struct rlimit before, few;
	struct owner owners[7];
	atomic_uint count;

	(void)state;
	reset();
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	few = (struct rlimit){ 64 + 3 * 9, before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	group = make_group(2, &count);
	for (unsigned int i = 0; i < 7; i++) {
		make_file(&owners[i], folder, (int)i);
		assert_int_equal(leave(group, &owners[i]), 0);
		assert_int_equal(atomic_load(&count), (i + 1) / 3 * 3);
	}
	assert_int_equal(replacement_group_finish(group), 0);
	assert_int_equal(atomic_load(&count), 7);
	replacement_group_free(group);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
}

/* A signer may take seconds for each. */
static void a_round_is_due_before_long(void **state)
{
	atomic_uint count;
	const struct replacement_group_plan plan = { 1, 1, settled, &count };
	const char *folder = scratch_folder("long");
	struct replacement_group *group = replacement_group_new(&plan);
	struct owner owners[2];

	(void)state;
	reset();
	atomic_store(&count, 0);
	assert_non_null(group);
	for (int i = 0; i < 2; i++) {
		make_file(&owners[i], folder, i);
		assert_int_equal(leave(group, &owners[i]), 0);
		usleep(2000);
	}
	assert_int_equal(atomic_load(&count), 2);
	assert_int_equal(replacement_group_finish(group), 0);
	replacement_group_free(group);
}

/* Old and new are on the disk until the round is over: two of 20 MiB are enough for one. */
static void a_round_is_due_before_the_disk_is_full(void **state)
{
	const char *folder = scratch_folder("large");
	struct replacement_group *group;
	struct owner owners[2];
	atomic_uint count;

	(void)state;
	group = make_group(1, &count);
	for (unsigned int i = 0; i < 2; i++) {
		const struct replacement_options options = { 0 };
		struct replacement replacement;
		struct file_problem problem;

		make_file(&owners[i], folder, (int)i);
		assert_int_equal(
			replacement_open(&replacement, owners[i].path, &options, &problem), 0);
		assert_int_equal(replacement_create(&replacement, &problem), 0);
		assert_int_equal(ftruncate(replacement.target, 20 << 20), 0);
		assert_int_equal(
			replacement_group_add(group, &replacement, &owners[i], &problem), 0);
		assert_int_equal(atomic_load(&count), i ? 2 : 0);
	}
	assert_int_equal(replacement_group_finish(group), 0);
	replacement_group_free(group);
}

/* Files that wait hold room: who finds none settles them, and only then it is an error. */
static void who_finds_no_room_makes_some(void **state)
{
	const char *folder = scratch_folder("room");
	struct replacement_group *group;
	struct owner owners[2];
	atomic_uint count;
	size_t settled;

	(void)state;
	group = make_group(1, &count);
	settled = replacement_group_settled(group);
	assert_false(replacement_group_make_room(group, settled));
	leave_new_files(group, folder, owners, 2);
	assert_true(replacement_group_make_room(group, settled));
	assert_int_equal(atomic_load(&count), 2);
	assert_content(&owners[1], "new");
	settled = replacement_group_settled(group);
	assert_int_equal(settled, 2);
	assert_false(replacement_group_make_room(group, settled));
	assert_int_equal(replacement_group_finish(group), 0);
	replacement_group_free(group);
	assert_int_equal(replacement_group_settled(NULL), 0);
	assert_false(replacement_group_make_room(NULL, 0));
}

static void after_a_round_that_failed_each_is_asked_for(void **state)
{
	const char *folder = scratch_folder("failed");
	struct replacement_group *group;
	struct owner owners[3];
	atomic_uint count;

	(void)state;
	group = make_group(1, &count);
	leave_new_files(group, folder, owners, 3);
	syncfs_fails = true;
	bad_file = owners[1].made;
	/* The names could not be synced either. */
	assert_int_equal(replacement_group_finish(group), -EIO);
	assert_string_equal(order, "sfffrrs");
	assert_int_equal(atomic_load(&count), 3);
	assert_content(&owners[0], "new");
	assert_content(&owners[1], "old 1");
	assert_content(&owners[2], "new");
	assert_int_equal(owners[0].problem.kind, 0);
	assert_int_equal(owners[1].problem.kind, FILE_PROBLEM_WRITE);
	assert_int_equal(owners[1].problem.error, EIO);
	assert_int_equal(count_entries(folder), 3);
	replacement_group_free(group);
}

static void what_changes_while_it_waits_stays(void **state)
{
	const char *folder = scratch_folder("changes");
	struct replacement_group *group;
	struct owner owners[3];
	atomic_uint count;
	FILE *file;

	(void)state;
	group = make_group(1, &count);
	leave_new_files(group, folder, owners, 3);
	file = fopen(owners[0].path, "ae");
	assert_non_null(file);
	fputs(" and more", file);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(unlink(owners[1].path), 0);
	assert_int_equal(replacement_group_finish(group), 0);
	assert_content(&owners[0], "old 0 and more");
	assert_int_equal(owners[0].problem.kind, FILE_PROBLEM_CHANGED);
	assert_int_equal(owners[0].problem.error, EAGAIN);
	assert_int_equal(owners[1].problem.kind, FILE_PROBLEM_CHANGED);
	assert_int_equal(owners[1].problem.error, ENOENT);
	assert_content(&owners[2], "new");
	assert_int_equal(count_entries(folder), 2);
	replacement_group_free(group);
}

/* As after a power failure, but for the disk: nothing is half written, nothing lies about. */
static void a_process_that_dies_leaves_the_old_files(void **state)
{
	const char *folder = scratch_folder("dies");
	struct owner owners[20];
	int status, fd;
	pid_t child;

	(void)state;
	fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0)
		skip();
	close(fd);
	reset();
	for (int i = 0; i < 20; i++)
		make_file(&owners[i], folder, i);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		const struct replacement_group_plan plan = { 1, FOREVER, settled, NULL };
		struct replacement_group *group = replacement_group_new(&plan);
		int err = 0;

		for (int i = 0; i < 20 && group && !err; i++)
			err = leave(group, &owners[i]);
		_exit(err || !group);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(count_entries(folder), 20);
	for (int i = 0; i < 20; i++) {
		char expected[32];

		snprintf(expected, sizeof(expected), "old %d", i);
		assert_content(&owners[i], expected);
	}
}

struct thread {
	struct replacement_group *group;
	struct owner owners[FILES];
	int failed;
};

static void *leave_files(void *context)
{
	struct thread *thread = context;

	for (int i = 0; i < FILES; i++)
		thread->failed += leave(thread->group, &thread->owners[i]) != 0;
	return NULL;
}

static void threads_share_rounds(void **state)
{
	static struct thread threads[THREADS];
	const char *folder = scratch_folder("threads");
	struct replacement_group *group;
	pthread_t ids[THREADS];
	atomic_uint count;

	(void)state;
	group = make_group(THREADS, &count);
	for (int i = 0; i < THREADS; i++) {
		threads[i].group = group;
		for (int j = 0; j < FILES; j++)
			make_file(&threads[i].owners[j], folder, i * FILES + j);
	}
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&ids[i], NULL, leave_files, &threads[i]), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(ids[i], NULL);
	assert_int_equal(replacement_group_finish(group), 0);
	assert_int_equal(atomic_load(&count), THREADS * FILES);
	assert_int_equal(atomic_load(&renames), THREADS * FILES);
	assert_true(atomic_load(&syncs) < THREADS * FILES / 2);
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(threads[i].failed, 0);
		for (int j = 0; j < FILES; j++) {
			assert_int_equal(atomic_load(&threads[i].owners[j].told), 1);
			assert_content(&threads[i].owners[j], "new");
		}
	}
	assert_int_equal(count_entries(folder), THREADS * FILES);
	replacement_group_free(group);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_come_after_one_sync_of_all_contents),
		cmocka_unit_test(one_alone_is_synced_alone),
		cmocka_unit_test(a_round_is_due_before_descriptors_run_out),
		cmocka_unit_test(a_round_is_due_before_long),
		cmocka_unit_test(a_round_is_due_before_the_disk_is_full),
		cmocka_unit_test(who_finds_no_room_makes_some),
		cmocka_unit_test(after_a_round_that_failed_each_is_asked_for),
		cmocka_unit_test(what_changes_while_it_waits_stays),
		cmocka_unit_test(a_process_that_dies_leaves_the_old_files),
		cmocka_unit_test(threads_share_rounds),
	};

	return cmocka_run_group_tests_name("replacement-group", tests, NULL, scratch_tear_down);
}
