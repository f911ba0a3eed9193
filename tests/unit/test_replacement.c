// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A file is replaced whole or stays, whichever system call fails, and the disk is told in the right
 * order. The linker puts the __wrap functions around the calls that matter, to note their order and
 * to let one of them fail.
 */
#include "support.h"
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>
#include "digsig/file/sign.h"
#include "digsig/file/verify.h"

ssize_t __real_pwrite64(int fd, const void *bytes, size_t size, off_t offset);
int __real_fsync(int fd);
int __real_linkat(int from, const char *old, int to, const char *new, int flags);
int __real_renameat(int from, const char *old, int to, const char *new);
ssize_t __wrap_pwrite64(int fd, const void *bytes, size_t size, off_t offset);
int __wrap_fsync(int fd);
int __wrap_linkat(int from, const char *old, int to, const char *new, int flags);
int __wrap_renameat(int from, const char *old, int to, const char *new);

/* "c" content and "d" directory brought to the disk, "l" linkat, "r" renameat. */
static char order[64];
static atomic_uint writes;
/* Which of its calls fails, counted from 1; 0: none. */
static unsigned int bad_write, bad_rename, bad_fsync;

static void reset(void)
{
	order[0] = '\0';
	atomic_store(&writes, 0);
	bad_write = bad_rename = bad_fsync = 0;
}

/* Notes a call, and returns how many of its kind there were. */
static unsigned int note(char call)
{
	size_t length = strlen(order);
	unsigned int count = 0;

	assert_true(length + 1 < sizeof(order));
	order[length] = call;
	order[length + 1] = '\0';
	for (const char *at = order; *at; at++)
		count += *at == call;
	return count;
}

static int fail_with_eio(void)
{
	errno = EIO;
	return -1;
}

/* Threads of the writer call this. */
ssize_t __wrap_pwrite64(int fd, const void *bytes, size_t size, off_t offset)
{
	if (atomic_fetch_add(&writes, 1) + 1 == bad_write)
		return fail_with_eio();
	return __real_pwrite64(fd, bytes, size, offset);
}

int __wrap_fsync(int fd)
{
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	note(S_ISDIR(st.st_mode) ? 'd' : 'c');
	if (bad_fsync && strlen(order) == bad_fsync)
		return fail_with_eio();
	return __real_fsync(fd);
}

int __wrap_linkat(int from, const char *old, int to, const char *new, int flags)
{
	note('l');
	return __real_linkat(from, old, to, new, flags);
}

int __wrap_renameat(int from, const char *old, int to, const char *new)
{
	if (note('r') == bad_rename)
		return fail_with_eio();
	return __real_renameat(from, old, to, new);
}

static void assert_same(const char *path, const struct bytes *expected)
{
	struct bytes got;

	bytes_load(&got, path);
	assert_int_equal(got.size, expected->size);
	assert_memory_equal(got.data, expected->data, got.size);
	bytes_free(&got);
}

static ino_t inode_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_ino;
}

static bool has_unnamed_files(const char *folder)
{
	int fd = open(folder, O_TMPFILE | O_RDWR, 0600);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* An image with so many bytes behind it, none of which is a zero: they are all written. */
static void make_image(struct bytes *image, size_t more)
{
	size_t size;

	image_make(image, IMAGE_USUAL, true, false);
	size = image->size;
	bytes_append(image, NULL, more);
	memset(image->data + size, 'x', more);
}

/* As it is before a case begins: the image is at the path. */
static void begin(struct bytes *image, const char *path)
{
	make_image(image, 0);
	bytes_save(image, path);
	reset();
}

/* Nothing is behind the block, and the content is what was signed. */
static void assert_good(const char *path)
{
	struct file_judgement judgement;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(file_judge(fd, scratch_store(), 0, &judgement), 0);
	assert_int_equal(judgement.verdict, DIGSIG_VERDICT_OK);
	close(fd);
}

/* Of a small file the caller writes, of a large one a thread, whose error comes later. */
static void a_write_that_fails_leaves_the_file(void **state)
{
	const struct sign_options options = {
		.signer = scratch_signer(), .allow_trailing_data = true};
	const char *folder = scratch_folder("writes"), *path = scratch_path("writes/file");
	const size_t sizes[] = {8, 40 << 20};
	struct file_problem problem;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		unsigned int count;
		struct bytes image;

		make_image(&image, sizes[i]);
		bytes_save(&image, path);
		reset();
		assert_int_equal(file_sign(path, &options, &problem), 0);
		assert_good(path);
		count = atomic_load(&writes);
		assert_in_range(count, i ? 4 : 1, 100);
		bytes_save(&image, path);
		for (unsigned int bad = 1; bad <= count; bad++) {
			reset();
			bad_write = bad;
			assert_int_equal(file_sign(path, &options, &problem), -EIO);
			assert_int_equal(problem.kind, FILE_PROBLEM_WRITE);
			assert_same(path, &image);
			assert_int_equal(count_entries(folder), 1);
		}
		bytes_free(&image);
	}
}

/* Zeros at the end are a hole, which no write(2) makes. */
static void a_hole_at_the_end_comes_back(void **state)
{
	const struct sign_options options = {
		.signer = scratch_signer(), .allow_trailing_data = true};
	const struct strip_options strip = {0};
	const off_t size = 20 << 20;
	const char *path = scratch_path("hole");
	struct file_problem problem;
	struct bytes image;
	struct stat st;

	(void)state;
	begin(&image, path);
	assert_int_equal(truncate(path, size), 0);
	assert_int_equal(file_sign(path, &options, &problem), 0);
	assert_good(path);
	assert_int_equal(file_strip(path, &strip, &problem), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, size);
	assert_true(st.st_blocks < size / 512);
	bytes_free(&image);
}

/* Or a power failure could leave a name that leads to a file without its content. */
static void the_content_is_on_the_disk_before_its_name(void **state)
{
	struct sign_options options = {.signer = scratch_signer()};
	const char *folder = scratch_folder("order"), *path = scratch_path("order/one"),
		   *other = scratch_path("order/two");
	char *others[] = {(char *)other};
	struct file_problem problem;
	struct bytes image;

	(void)state;
	begin(&image, path);
	assert_int_equal(file_sign(path, &options, &problem), 0);
	assert_string_equal(order, has_unnamed_files(folder) ? "clrd" : "crd");
	assert_int_equal(link(path, other), 0);
	options.replacement.other_names = others;
	options.replacement.other_count = 1;
	reset();
	options.epoch = 1;
	assert_int_equal(file_sign(path, &options, &problem), 0);
	assert_string_equal(order, has_unnamed_files(folder) ? "cllrrd" : "clrrd");
	assert_int_equal(inode_of(path), inode_of(other));
	bytes_free(&image);
}

static void a_sync_that_fails_is_an_error(void **state)
{
	const struct sign_options options = {.signer = scratch_signer()};
	const char *folder = scratch_folder("sync"), *path = scratch_path("sync/file");
	struct file_problem problem;
	struct bytes image;

	(void)state;
	begin(&image, path);
	bad_fsync = 1;
	assert_int_equal(file_sign(path, &options, &problem), -EIO);
	assert_int_equal(problem.kind, FILE_PROBLEM_WRITE);
	assert_same(path, &image);
	assert_int_equal(count_entries(folder), 1);
	/* Once it has its name it stays, but it may not be on the disk. */
	reset();
	bad_fsync = has_unnamed_files(folder) ? 4 : 3;
	assert_int_equal(file_sign(path, &options, &problem), -EIO);
	assert_int_equal(problem.kind, FILE_PROBLEM_WRITE);
	assert_int_equal(count_entries(folder), 1);
	bytes_free(&image);
}

/* Names in several folders: whichever rename fails, all of them lead to the old file. */
static void a_rename_that_fails_leaves_all_names(void **state)
{
	const char *folders[] = {scratch_folder("a"), scratch_folder("b"), scratch_folder("c")};
	char *names[] = {scratch_path("a/one"), scratch_path("b/two"), scratch_path("c/three")};
	const struct sign_options options = {.signer = scratch_signer(),
		.replacement = {.other_names = names + 1, .other_count = 2}};
	struct file_problem problem;
	struct bytes image;
	ino_t inode;

	(void)state;
	begin(&image, names[0]);
	assert_int_equal(link(names[0], names[1]), 0);
	assert_int_equal(link(names[0], names[2]), 0);
	inode = inode_of(names[0]);
	for (unsigned int bad = 1; bad <= 3; bad++) {
		reset();
		bad_rename = bad;
		assert_int_equal(file_sign(names[0], &options, &problem), -EIO);
		assert_int_equal(problem.kind, FILE_PROBLEM_RENAME);
		for (size_t i = 0; i < 3; i++) {
			assert_int_equal(inode_of(names[i]), inode);
			assert_int_equal(count_entries(folders[i]), 1);
		}
		assert_same(names[0], &image);
	}
	reset();
	assert_int_equal(file_sign(names[0], &options, &problem), 0);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(inode_of(names[i]), inode_of(names[0]));
		assert_int_not_equal(inode_of(names[i]), inode);
	}
	bytes_free(&image);
}

/* For file_progress: somebody else puts a newer version at the path while the file is signed. */
static void put_newer(void *context, __u64 done, __u64 total)
{
	const char *const *paths = context;

	(void)done;
	(void)total;
	if (!access(paths[0], F_OK))
		assert_int_equal(rename(paths[0], paths[1]), 0);
}

static void a_newer_file_is_not_replaced(void **state)
{
	const char *newer = scratch_path("newer"), *path = scratch_path("path");
	const char *paths[] = {newer, path};
	const struct file_progress progress = {put_newer, paths};
	const struct sign_options options = {.signer = scratch_signer(), .progress = &progress};
	struct bytes image, text = {0};
	struct file_problem problem;

	(void)state;
	begin(&image, path);
	bytes_append(&text, "newer", 5);
	bytes_save(&text, newer);
	/* No name leads to the old file any more. */
	assert_int_equal(file_sign(path, &options, &problem), -ENOENT);
	assert_int_equal(problem.kind, FILE_PROBLEM_CHANGED);
	assert_same(path, &text);
	assert_int_equal(access(newer, F_OK), -1);
	bytes_free(&image);
	bytes_free(&text);
}

/* What a walk found is what is signed, or nothing is. */
static void another_inode_is_not_replaced(void **state)
{
	struct sign_options options = {.signer = scratch_signer()};
	const char *path = scratch_path("inode");
	struct file_problem problem;
	struct bytes image;
	struct stat st;

	(void)state;
	begin(&image, path);
	assert_int_equal(stat(path, &st), 0);
	for (int i = 0; i < 2; i++) {
		options.replacement.inode = st.st_ino + (i == 0);
		options.replacement.device = st.st_dev + (i == 1);
		assert_int_equal(file_sign(path, &options, &problem), -EAGAIN);
		assert_int_equal(problem.kind, FILE_PROBLEM_CHANGED);
		assert_same(path, &image);
	}
	options.replacement.inode = st.st_ino;
	options.replacement.device = st.st_dev;
	assert_int_equal(file_sign(path, &options, &problem), 0);
	bytes_free(&image);
}

static void owner_and_group_stay(void **state)
{
	static const struct {
		uid_t user;
		gid_t group;
	} owners[] = {{0, 2}, {1, 0}, {1, 2}};
	const struct sign_options options = {.signer = scratch_signer()};
	const char *path = scratch_path("owner");
	struct file_problem problem;

	(void)state;
	if (geteuid())
		skip(); /* only root gives files away */
	for (size_t i = 0; i < sizeof(owners) / sizeof(owners[0]); i++) {
		struct bytes image;
		struct stat st;

		begin(&image, path);
		assert_int_equal(chown(path, owners[i].user, owners[i].group), 0);
		assert_int_equal(chmod(path, 04755), 0);
		assert_int_equal(file_sign(path, &options, &problem), 0);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_uid, owners[i].user);
		assert_int_equal(st.st_gid, owners[i].group);
		assert_int_equal(st.st_mode & 07777, 04755);
		bytes_free(&image);
		assert_int_equal(unlink(path), 0);
	}
}

/* They are about the old content: IMA would refuse the new one for what they say. */
static void what_ima_says_of_the_old_content_goes(void **state)
{
	static const char *const names[] = {"security.ima", "security.evm"};
	const struct sign_options options = {.signer = scratch_signer()};
	const char *path = scratch_path("ima");
	struct file_problem problem;
	struct bytes image;

	(void)state;
	begin(&image, path);
	/* Only root may set them, and not on every file system. EVM checks what is set as its own. */
	if (setxattr(path, names[0], "\1digest of the old content", 21, 0))
		skip();
	assert_int_equal(setxattr(path, "user.kept", "x", 1, 0), 0);
	assert_int_equal(file_sign(path, &options, &problem), 0);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(getxattr(path, names[i], NULL, 0), -1);
		assert_int_equal(errno, ENODATA);
	}
	assert_int_equal(getxattr(path, "user.kept", NULL, 0), 1);
	bytes_free(&image);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_write_that_fails_leaves_the_file),
		cmocka_unit_test(a_hole_at_the_end_comes_back),
		cmocka_unit_test(the_content_is_on_the_disk_before_its_name),
		cmocka_unit_test(a_sync_that_fails_is_an_error),
		cmocka_unit_test(a_rename_that_fails_leaves_all_names),
		cmocka_unit_test(a_newer_file_is_not_replaced),
		cmocka_unit_test(another_inode_is_not_replaced),
		cmocka_unit_test(owner_and_group_stay),
		cmocka_unit_test(what_ima_says_of_the_old_content_goes),
	};

	return cmocka_run_group_tests_name("replacement", tests, NULL, scratch_tear_down);
}
