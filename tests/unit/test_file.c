// SPDX-License-Identifier: GPL-2.0-or-later
/* Files: sign and strip are each other's inverse, and no changed file verifies. */
#include "support.h"
#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>
#include "digsig/file/digest.h"
#include "digsig/file/memory_source.h"
#include "digsig/file/sign.h"
#include "digsig/file/verify.h"
#include "digsig/trust/cms.h"

static const struct strip_options strip;

static enum digsig_verdict judge(const char *path, struct file_judgement *judgement)
{
	int fd = open(path, O_RDONLY);

	assert_true(fd >= 0);
	assert_int_equal(file_judge(fd, scratch_store(), 0, judgement), 0);
	close(fd);
	return judgement->verdict;
}

static void assert_same(const char *path, const struct bytes *expected)
{
	struct bytes got;

	bytes_load(&got, path);
	assert_int_equal(got.size, expected->size);
	assert_memory_equal(got.data, expected->data, got.size);
	bytes_free(&got);
}

static int is_elf(const char *path)
{
	char magic[4] = { 0 };
	struct stat st;
	int fd = open(path, O_RDONLY | O_NOFOLLOW);
	int is;

	if (fd < 0)
		return 0;
	is = !fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_size < 4 << 20 &&
		read(fd, magic, 4) == 4 && !memcmp(magic, "\177ELF", 4);
	close(fd);
	return is;
}

static void programs_come_back_byte_for_byte(void **state)
{
	struct sign_options options = { .signer = scratch_signer(), .identity = "org.example" };
	struct dirent **entries;
	int done = 0, count = scandir("/usr/bin", &entries, NULL, alphasort);

	(void)state;
	assert_true(count > 0);
	for (int i = 0; i < count; i++) {
		char program[PATH_MAX], *path = scratch_path("program");
		struct file_judgement judgement;
		struct file_problem problem;
		struct bytes original;

		snprintf(program, sizeof(program), "/usr/bin/%s", entries[i]->d_name);
		free(entries[i]);
		if (done == 200 || !is_elf(program))
			continue;
		bytes_load(&original, program);
		bytes_save(&original, path);
		/* Twice: the second signature replaces the first. */
		options.epoch = 1;
		assert_int_equal(file_sign(path, &options, &problem), 0);
		options.epoch = 2;
		assert_int_equal(file_sign(path, &options, &problem), 0);
		assert_int_equal(judge(path, &judgement), DIGSIG_VERDICT_OK);
		assert_int_equal(
			digsig_le64(signature_block_manifest(&judgement.block)->epoch), 2);
		assert_int_equal(file_strip(path, &strip, &problem), 0);
		assert_same(path, &original);
		bytes_free(&original);
		done++;
	}
	free(entries);
	assert_true(done > 20);
}

/* The block of 832 bytes at the end is signed as it stands now, and is malformed all the same. */
static void assert_flaw(struct bytes *image, const char *name, enum file_flaw flaw)
{
	__u8 *block = image->data + image->size - 832;
	const char *path = scratch_path(name);
	struct file_judgement judgement;
	size_t size;

	assert_int_equal(
		cms_sign(scratch_signer(), block, block + DIGSIG_MANIFEST_SIZE, &size), 0);
	bytes_save(image, path);
	assert_int_equal(judge(path, &judgement), DIGSIG_VERDICT_MALFORMED);
	assert_int_equal(judgement.flaw, flaw);
}

/* A section that lies about where the block is, and that the signature and the hash cover. */
static void the_section_covers_the_block(void **state)
{
	struct digsig_manifest *manifest;
	struct digest digest;
	struct bytes image;
	Elf64_Ehdr *header;
	Elf64_Shdr *section;

	(void)state;
	image_make(&image, IMAGE_USUAL, true, false);
	sign_bytes(&image);
	header = (void *)image.data;
	section = (void *)(image.data + header->e_shoff);
	section += header->e_shnum - 1;
	assert_int_equal(section->sh_size, 832);
	section->sh_size -= 64;
	manifest = (void *)(image.data + image.size - 832);
	digest_init(&digest);
	digest_update(&digest, image.data, image.size - 832);
	digest_chaining_value(&digest, manifest->chaining_value);
	assert_flaw(&image, "section", FILE_FLAW_SECTION);
	bytes_free(&image);
}

/* Of another size than was signed, and the block where .digsig does not say that it is. */
static void a_block_that_moved_was_not_left_over(void **state)
{
	const char *path = scratch_path("moved");
	struct file_judgement judgement;
	struct bytes image;

	(void)state;
	image_make(&image, IMAGE_USUAL, true, false);
	sign_bytes(&image);
	bytes_append(&image, NULL, 64);
	memmove(image.data + image.size - 832, image.data + image.size - 832 - 64, 832);
	bytes_save(&image, path);
	assert_int_equal(judge(path, &judgement), DIGSIG_VERDICT_MALFORMED);
	assert_int_equal(judgement.block.defect, DIGSIG_DEFECT_CONTENT_SIZE);
	assert_int_equal(judgement.flaw, FILE_FLAW_DEFECT);
	bytes_free(&image);
}

/* Changes bytes of a small signed file through one descriptor. */
static void no_byte_can_change(void **state)
{
	const char *path = scratch_path("tampered");
	struct file_judgement judgement;
	struct bytes image;
	int fd;

	(void)state;
	image_make(&image, IMAGE_USUAL, true, false);
	sign_bytes(&image);
	bytes_save(&image, path);
	assert_int_equal(judge(path, &judgement), DIGSIG_VERDICT_OK);
	fd = open(path, O_RDWR);
	assert_true(fd >= 0);
	for (size_t i = 0; i < image.size; i++) {
		for (int change = 1; change < 256; change = change * 2 + (change == 128)) {
			__u8 byte = image.data[i] ^ (__u8)change;

			assert_int_equal(pwrite(fd, &byte, 1, (off_t)i), 1);
			assert_int_equal(file_judge(fd, scratch_store(), 0, &judgement), 0);
			if (judgement.verdict == DIGSIG_VERDICT_OK)
				fail_msg("byte %zu changed by %d, and still ok", i, change);
		}
		assert_int_equal(pwrite(fd, image.data + i, 1, (off_t)i), 1);
	}
	assert_int_equal(file_judge(fd, scratch_store(), 0, &judgement), 0);
	assert_int_equal(judgement.verdict, DIGSIG_VERDICT_OK);
	close(fd);
	bytes_free(&image);
}

/* Or a file could name another key than the one that signed it, and escape its revocation. */
static void the_named_key_is_the_signers(void **state)
{
	struct bytes image;

	(void)state;
	image_make(&image, IMAGE_USUAL, true, false);
	sign_bytes(&image);
	image.data[image.size - 832 + offsetof(struct digsig_manifest, key_id)] ^= 1;
	assert_flaw(&image, "other-key", FILE_FLAW_KEY_ID);
	bytes_free(&image);
}

static void no_length_but_its_own(void **state)
{
	const char *path = scratch_path("cut");
	struct file_judgement judgement;
	size_t cut_short = 0;
	struct bytes image;
	int fd;

	(void)state;
	image_make(&image, IMAGE_USUAL, true, false);
	sign_bytes(&image);
	bytes_save(&image, path);
	fd = open(path, O_RDWR);
	assert_true(fd >= 0);
	for (size_t more = 1; more <= 65; more += 64) {
		assert_int_equal(ftruncate(fd, (off_t)(image.size + more)), 0);
		assert_int_equal(file_judge(fd, scratch_store(), 0, &judgement), 0);
		assert_int_equal(judgement.verdict, DIGSIG_VERDICT_UNSIGNED);
		assert_int_equal(judgement.flaw, FILE_FLAW_MOVED);
	}
	for (size_t size = image.size; size-- > 0;) {
		assert_int_equal(ftruncate(fd, (off_t)size), 0);
		assert_int_equal(file_judge(fd, scratch_store(), 0, &judgement), 0);
		assert_int_equal(judgement.verdict, DIGSIG_VERDICT_UNSIGNED);
		cut_short += judgement.flaw == FILE_FLAW_CUT_SHORT;
	}
	/* All but those that are cut within the ELF header are called cut short. */
	assert_int_equal(cut_short, image.size - 64);
	close(fd);
	bytes_free(&image);
}

static void strip_needs_a_block_that_leads_back(void **state)
{
	const char *path = scratch_path("strip");
	struct bytes image, original;
	struct file_problem problem;

	(void)state;
	image_make(&original, IMAGE_USUAL, true, false);
	bytes_save(&original, path);
	assert_int_equal(file_strip(path, &strip, &problem), -ENODATA);
	assert_int_equal(problem.kind, FILE_PROBLEM_UNSIGNED);

	/* A bad signature does not stand in the way ... */
	image_make(&image, IMAGE_USUAL, true, false);
	sign_bytes(&image);
	image.data[image.size - 200] ^= 1;
	bytes_save(&image, path);
	assert_int_equal(file_strip(path, &strip, &problem), 0);
	assert_same(path, &original);

	/* ... a manifest that lies does, and the file stays. */
	((struct digsig_manifest *)(void *)(image.data + image.size - 832))->original_size ^=
		digsig_le64(8);
	bytes_save(&image, path);
	assert_int_equal(file_strip(path, &strip, &problem), -ENOEXEC);
	assert_int_equal(problem.kind, FILE_PROBLEM_NOT_RESTORABLE);
	assert_same(path, &image);
	bytes_free(&image);
	bytes_free(&original);
}

static void a_broken_block_is_not_signed_over(void **state)
{
	const struct sign_options options = { .signer = scratch_signer(), .allow_changed = true,
		.allow_trailing_data = true };
	const char *path = scratch_path("broken");
	struct file_problem problem;
	struct bytes image;

	(void)state;
	image_make(&image, IMAGE_USUAL, true, false);
	sign_bytes(&image);
	image.data[image.size - 832 + offsetof(struct digsig_manifest, version)] ^= 1;
	bytes_save(&image, path);
	assert_int_equal(file_sign(path, &options, &problem), -EBADMSG);
	assert_int_equal(problem.kind, FILE_PROBLEM_BLOCK);
	assert_int_equal(problem.defect, DIGSIG_DEFECT_MANIFEST_VERSION);
	assert_int_equal(file_strip(path, &strip, &problem), -EBADMSG);
	assert_int_equal(problem.kind, FILE_PROBLEM_BLOCK);
	assert_same(path, &image);
	bytes_free(&image);
}

static void what_was_signed_with_trailing_data_is_signed_again(void **state)
{
	struct sign_options options = { .signer = scratch_signer() };
	const char *path = scratch_path("trailing");
	struct file_problem problem;
	struct bytes image;

	(void)state;
	image_make(&image, IMAGE_USUAL, true, false);
	bytes_append(&image, "payload", 7);
	bytes_save(&image, path);
	assert_int_equal(file_sign(path, &options, &problem), -ENOEXEC);
	options.allow_trailing_data = true;
	assert_int_equal(file_sign(path, &options, &problem), 0);
	options.allow_trailing_data = false;
	assert_int_equal(file_sign(path, &options, &problem), 0);
	assert_int_equal(file_strip(path, &strip, &problem), 0);
	assert_same(path, &image);
	bytes_free(&image);
}

static void a_tampered_file_is_not_signed(void **state)
{
	struct sign_options options = { .signer = scratch_signer() };
	const char *path = scratch_path("changed");
	struct digsig_manifest manifest;
	struct file_judgement judgement;
	struct file_problem problem;
	struct elf_source source;
	struct memory memory;
	struct bytes image;
	__u8 *made;
	size_t size;

	(void)state;
	image_make(&image, IMAGE_USUAL, true, false);
	sign_bytes(&image);
	image.data[150] ^= 1; /* of .text */
	memory = (struct memory){ image.data, image.size };
	source = memory_source(&memory);
	bytes_save(&image, path);
	assert_int_equal(judge(path, &judgement), DIGSIG_VERDICT_TAMPERED);
	assert_int_equal(file_sign(path, &options, &problem), -EBADMSG);
	assert_int_equal(problem.kind, FILE_PROBLEM_TAMPERED);
	assert_int_equal(file_prepare(path, &options, &manifest, &problem), -EBADMSG);
	assert_int_equal(problem.kind, FILE_PROBLEM_TAMPERED);
	assert_int_equal(source_sign(&source, &options, &made, &size, &problem), -EBADMSG);
	assert_same(path, &image);
	options.allow_changed = true;
	assert_int_equal(file_sign(path, &options, &problem), 0);
	assert_int_equal(judge(path, &judgement), DIGSIG_VERDICT_OK);
	bytes_free(&image);
}

static void attributes_stay(void **state)
{
	const struct sign_options options = { .signer = scratch_signer() };
	const struct timespec times[2] = { { 1000000000, 5 }, { 1100000000, 7 } };
	const char *path = scratch_path("attributes");
	struct file_problem problem;
	struct bytes image;
	struct stat st;

	(void)state;
	image_make(&image, IMAGE_USUAL, true, false);
	bytes_save(&image, path);
	assert_int_equal(chmod(path, 04555), 0);
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	assert_int_equal(file_sign(path, &options, &problem), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 04555);
	assert_int_equal(st.st_mtim.tv_sec, 1100000000);
	assert_int_equal(st.st_mtim.tv_nsec, 7);
	bytes_free(&image);
}

/* rsync(1) takes a file of the same size and second for the same. */
static void a_new_version_differs_in_size_or_time(void **state)
{
	struct sign_options options = { .signer = scratch_signer(), .epoch = 1 };
	const struct timespec times[2] = { { 1000000000, 5 }, { 1100000000, 7 } };
	const char *path = scratch_path("times");
	struct file_problem problem;
	struct stat first, second, third;
	struct bytes image;

	(void)state;
	image_make(&image, IMAGE_USUAL, true, false);
	bytes_save(&image, path);
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	assert_int_equal(file_sign(path, &options, &problem), 0);
	assert_int_equal(stat(path, &first), 0);
	assert_int_equal(first.st_mtim.tv_sec, 1100000000);
	options.epoch = 2;
	assert_int_equal(file_sign(path, &options, &problem), 0);
	assert_int_equal(stat(path, &second), 0);
	assert_int_equal(second.st_size, first.st_size);
	assert_int_not_equal(second.st_mtim.tv_sec, first.st_mtim.tv_sec);
	/* At once: most likely within the same second. */
	options.epoch = 3;
	assert_int_equal(file_sign(path, &options, &problem), 0);
	assert_int_equal(stat(path, &third), 0);
	assert_int_not_equal(third.st_mtim.tv_sec, second.st_mtim.tv_sec);
	options.replacement.keep_times = true;
	assert_int_equal(file_sign(path, &options, &problem), 0);
	assert_int_equal(stat(path, &second), 0);
	assert_int_equal(second.st_mtim.tv_sec, third.st_mtim.tv_sec);
	assert_int_equal(second.st_mtim.tv_nsec, third.st_mtim.tv_nsec);
	bytes_free(&image);
}

static void extended_attributes_stay(void **state)
{
	const struct sign_options options = {.signer = scratch_signer()};
	const char *path = scratch_path("extended");
	struct file_problem problem;
	char value[8] = {0};
	struct bytes image;

	(void)state;
	image_make(&image, IMAGE_USUAL, true, false);
	bytes_save(&image, path);
	bytes_free(&image);
	/* tmpfs has them since Linux 6.6. */
	if (setxattr(path, "user.test", "kept", 4, 0)) {
		assert_int_equal(errno, EOPNOTSUPP);
		skip();
	}
	assert_int_equal(chmod(path, 0555), 0);
	assert_int_equal(file_sign(path, &options, &problem), 0);
	assert_int_equal(getxattr(path, "user.test", value, sizeof(value)), 4);
	assert_string_equal(value, "kept");
}

static void links_are_not_broken_unasked(void **state)
{
	struct sign_options options = { .signer = scratch_signer() };
	const char *path = scratch_path("one"), *other = scratch_path("two");
	struct file_judgement judgement;
	struct file_problem problem;
	struct bytes image;

	(void)state;
	image_make(&image, IMAGE_USUAL, true, false);
	bytes_save(&image, path);
	assert_int_equal(link(path, other), 0);
	assert_int_equal(file_sign(path, &options, &problem), -EMLINK);
	assert_int_equal(problem.kind, FILE_PROBLEM_HARD_LINKS);
	options.replacement.break_links = true;
	assert_int_equal(file_sign(path, &options, &problem), 0);
	assert_same(other, &image);
	assert_int_equal(judge(path, &judgement), DIGSIG_VERDICT_OK);
	bytes_free(&image);
}

static void remove_leftover(const char *directory)
{
	DIR *entries = opendir(directory);
	struct dirent *entry;

	assert_non_null(entries);
	while ((entry = readdir(entries)))
		if (strstr(entry->d_name, ".digsig-"))
			assert_int_equal(unlinkat(dirfd(entries), entry->d_name, 0), 0);
	closedir(entries);
}

/* Signs a file in a process that is killed after so many ms; whether it is the new one then. */
static bool is_new_after_a_kill(const char *path, const struct bytes *image, useconds_t ms)
{
	const struct sign_options options = {
		.signer = scratch_signer(), .allow_trailing_data = true};
	struct file_judgement judgement;
	pid_t child;

	bytes_save(image, path);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		struct file_problem problem;

		_exit(file_sign(path, &options, &problem) ? 1 : 0);
	}
	usleep(ms * 1000);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, NULL, 0), child);
	if (judge(path, &judgement) == DIGSIG_VERDICT_OK)
		return true;
	assert_same(path, image);
	return false;
}

/* Killed at whatever moment, the file is the old one or the new one, and alone. */
static void a_kill_leaves_old_or_new(void **state)
{
	const char *directory = scratch_path("killed"), *path = scratch_path("killed/file");
	bool has_old = false, has_new = false;
	struct bytes image;

	(void)state;
	assert_int_equal(mkdir(directory, 0700), 0);
	image_make(&image, IMAGE_USUAL, true, false);
	/* Long enough to be hit, and above the size from which a thread writes. */
	bytes_append(&image, NULL, 40 << 20);
	memcpy(image.data + image.size - 4, "last", 4);
	/* 150 ms in small steps, and then, on a slow machine, until it has the time that it needs.
	 */
	for (useconds_t ms = 0; ms < 150 || (!has_new && ms < 20000); ms += ms < 150 ? 3 : ms) {
		bool is_new = is_new_after_a_kill(path, &image, ms);

		has_new = has_new || is_new;
		has_old = has_old || !is_new;
		/* One name left over is possible between link(2) and rename(2), never more. */
		assert_in_range(count_entries(directory), 1, 2);
		remove_leftover(directory);
	}
	assert_true(has_old);
	assert_true(has_new);
	bytes_free(&image);
}

static void cancelling_leaves_the_file(void **state)
{
	volatile sig_atomic_t is_cancelled = 1;
	const struct sign_options options = {
		.signer = scratch_signer(), .is_cancelled = &is_cancelled };
	const char *path = scratch_path("cancelled");
	unsigned int before = count_entries(scratch_directory()) + 1;
	struct digsig_manifest manifest;
	struct file_problem problem;
	struct bytes image;

	(void)state;
	image_make(&image, IMAGE_USUAL, true, false);
	bytes_save(&image, path);
	assert_int_equal(file_sign(path, &options, &problem), -ECANCELED);
	assert_int_equal(problem.kind, FILE_PROBLEM_CANCELLED);
	assert_int_equal(file_prepare(path, &options, &manifest, &problem), -ECANCELED);
	assert_int_equal(problem.kind, FILE_PROBLEM_CANCELLED);
	assert_same(path, &image);
	assert_int_equal(count_entries(scratch_directory()), before);
	bytes_free(&image);
}

/* For file_progress: somebody else writes to the file while it is signed. */
static void append_a_line(void *context, __u64 done, __u64 total)
{
	int fd = open(context, O_WRONLY | O_APPEND);

	(void)done;
	(void)total;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "NEW\n", 4), 4);
	close(fd);
}

static void a_change_meanwhile_is_not_lost(void **state)
{
	const char *path = scratch_path("changing");
	const struct file_progress progress = { append_a_line, (void *)path };
	const struct sign_options options = {
		.signer = scratch_signer(), .progress = &progress };
	struct file_problem problem;
	struct bytes image, now;

	(void)state;
	image_make(&image, IMAGE_USUAL, true, false);
	bytes_save(&image, path);
	assert_int_equal(file_sign(path, &options, &problem), -EAGAIN);
	assert_int_equal(problem.kind, FILE_PROBLEM_CHANGED);
	bytes_load(&now, path);
	assert_true(now.size > image.size);
	assert_memory_equal(now.data, image.data, image.size);
	assert_memory_equal(now.data + now.size - 4, "NEW\n", 4);
	bytes_free(&now);
	bytes_free(&image);
}

static void identities_are_checked(void **state)
{
	static const struct {
		const char *identity;
		bool is_valid;
	} cases[] = {
		{ "org.example.tool", true },
		{ "Gr\303\274\303\237e", true },
		{ "1234567890123456789012345678901234567890123456789012345678901234", true },
		{ "12345678901234567890123456789012345678901234567890123456789012345", false },
		{ "", false },
		{ "a\nb", false },
		{ "a\033[31m", false },
		{ "a\177", false },
		{ "\302\205", false }, /* C1 control */
		{ "\377", false },
		{ "\300\257", false }, /* overlong */
		{ "\355\240\200", false }, /* surrogate */
		{ "\364\220\200\200", false }, /* beyond U+10FFFF */
		{ "cut\342\202", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (identity_is_valid(cases[i].identity) != cases[i].is_valid)
			fail_msg("identity case %zu", i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(programs_come_back_byte_for_byte),
		cmocka_unit_test(the_section_covers_the_block),
		cmocka_unit_test(a_block_that_moved_was_not_left_over),
		cmocka_unit_test(no_byte_can_change),
		cmocka_unit_test(the_named_key_is_the_signers),
		cmocka_unit_test(no_length_but_its_own),
		cmocka_unit_test(strip_needs_a_block_that_leads_back),
		cmocka_unit_test(a_broken_block_is_not_signed_over),
		cmocka_unit_test(what_was_signed_with_trailing_data_is_signed_again),
		cmocka_unit_test(a_tampered_file_is_not_signed),
		cmocka_unit_test(attributes_stay),
		cmocka_unit_test(a_new_version_differs_in_size_or_time),
		cmocka_unit_test(extended_attributes_stay),
		cmocka_unit_test(links_are_not_broken_unasked),
		cmocka_unit_test(a_kill_leaves_old_or_new),
		cmocka_unit_test(cancelling_leaves_the_file),
		cmocka_unit_test(a_change_meanwhile_is_not_lost),
		cmocka_unit_test(identities_are_checked),
	};

	return cmocka_run_group_tests_name("file", tests, NULL, scratch_tear_down);
}
