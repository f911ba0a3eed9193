// SPDX-License-Identifier: GPL-2.0-or-later
/* What the survey, the log's reader and the fanotify engine's cache decide by themselves. */
#include "support.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <linux/magic.h>
#include "digsig/fanotify/cache.h"
#include "digsig/file/hash.h"
#include "digsig/file/file_system_kind.h"
#include "digsig/survey/learned.h"
#include "digsig/survey/survey.h"
#include "digsig/tree/inode_set.h"

static void kinds_are_told_by_both_name_and_bytes(void **state)
{
	static const struct {
		const char *name, *head;
		mode_t mode;
		size_t size;
		enum candidate_kind kind;
	} cases[] = {
#define ELF_HEAD(order, type) "\177ELF\2" order "\1\0\0\0\0\0\0\0\0\0" type
		{ "a", ELF_HEAD("\1", "\2\0"), 0755, 18, CANDIDATE_ELF },
		{ "a", ELF_HEAD("\1", "\3\0"), 0644, 18, CANDIDATE_ELF },
		{ "a", ELF_HEAD("\2", "\0\3"), 0644, 18, CANDIDATE_ELF },
		{ "a.o", ELF_HEAD("\1", "\1\0"), 0644, 18, CANDIDATE_OBJECT },
		{ "a.o", ELF_HEAD("\2", "\0\1"), 0644, 18, CANDIDATE_OBJECT },
		{ "a.ko", ELF_HEAD("\1", "\1\0"), 0644, 18, CANDIDATE_MODULE },
		{ "a.ko.debug", ELF_HEAD("\1", "\1\0"), 0644, 18, CANDIDATE_OBJECT },
		{ "core", ELF_HEAD("\1", "\4\0"), 0600, 18, CANDIDATE_NONE },
		{ "cut", "\177ELF", 0755, 4, CANDIDATE_ELF },
		{ "cut", "\177EL", 0755, 3, CANDIDATE_NONE },
		{ "a.ko.xz", "\3757zXZ\0rest", 0644, 10, CANDIDATE_MODULE },
		{ "a.ko.zst", "\x28\xb5\x2f\xfd..", 0644, 6, CANDIDATE_MODULE },
		{ "a.ko.gz", "\x1f\x8b....", 0644, 6, CANDIDATE_MODULE },
		{ "a.ko.xz", "text in it", 0644, 10, CANDIDATE_NONE },
		{ "a.xz", "\3757zXZ\0rest", 0644, 10, CANDIDATE_NONE },
		{ ".ko", "\1text.", 0644, 6, CANDIDATE_NONE },
		{ "s", "#!/bin/sh", 0755, 9, CANDIDATE_SCRIPT },
		{ "s", "#!/bin/sh", 0001, 9, CANDIDATE_SCRIPT },
		{ "s", "#!/bin/sh", 0644, 9, CANDIDATE_NONE },
		{ "s", "#", 0755, 1, CANDIDATE_NONE },
		{ "s", "", 0755, 0, CANDIDATE_NONE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		enum candidate_kind kind = candidate_kind(cases[i].name, cases[i].mode,
			(const __u8 *)cases[i].head, cases[i].size);

		if (kind != cases[i].kind)
			fail_msg("case %zu (%s): %d", i, cases[i].name, kind);
	}
}

static void an_inode_is_new_once(void **state)
{
	struct inode_set set = { 0 };

	(void)state;
	for (__u64 device = 1; device <= 3; device++)
		for (__u64 inode = 0; inode < 5000; inode++)
			assert_int_equal(inode_set_add(&set, device, inode), 1);
	for (__u64 device = 1; device <= 3; device++)
		for (__u64 inode = 0; inode < 5000; inode++)
			assert_int_equal(inode_set_add(&set, device, inode), 0);
	assert_int_equal(set.count, 15000);
	inode_set_free(&set);
}

static bool knows_it(const void *context, const __u8 digest[DIGSIG_DIGEST_SIZE],
	struct signed_as *signed_as)
{
	*signed_as = (struct signed_as){ 0 };
	return !memcmp(context, digest, DIGSIG_DIGEST_SIZE);
}

/* The place where a catalog answers: an unsigned file whose digest is known is allowed. */
static void a_known_digest_is_trusted(void **state)
{
	__u8 digest[DIGSIG_DIGEST_SIZE];
	const struct known_digests known = { knows_it, digest };
	char *roots[] = { scratch_path("script") };
	struct survey_options options = {
		.trust = scratch_store(),
		.roots = roots,
		.root_count = 1,
		.kinds = 1U << CANDIDATE_SCRIPT,
		.threads = 3,
	};
	struct bytes script = { 0 };
	struct survey_result result;
	int fd;

	(void)state;
	bytes_append(&script, "#!/bin/sh\n", 10);
	bytes_save(&script, roots[0]);
	fd = open(roots[0], O_RDONLY);
	assert_int_equal(file_hash(fd, 10, NULL, digest), 0);
	close(fd);
	assert_int_equal(survey(&options, &result), 0);
	assert_int_equal(result.count, 1);
	assert_int_equal(result.entries[0].verdict, DIGSIG_VERDICT_UNSIGNED);
	survey_free(&result);
	options.known = &known;
	assert_int_equal(survey(&options, &result), 0);
	assert_int_equal(result.count, 0);
	assert_int_equal(result.accepted[CANDIDATE_SCRIPT], 1);
	survey_free(&result);
	digest[0] ^= 1;
	assert_int_equal(survey(&options, &result), 0);
	assert_int_equal(result.count, 1);
	survey_free(&result);
	bytes_free(&script);
}

static void a_survey_can_be_cancelled(void **state)
{
	volatile sig_atomic_t cancelled = 1;
	char *roots[] = { (char *)"/usr" };
	const struct survey_options options = { .trust = scratch_store(), .roots = roots,
		.root_count = 1, .kinds = 1U << CANDIDATE_ELF, .is_cancelled = &cancelled };
	struct survey_result result;

	(void)state;
	assert_int_equal(survey(&options, &result), -ECANCELED);
	survey_free(&result);
}

static void text_of_the_log_comes_back(void **state)
{
	static const char *const cases[][2] = {
		{ "/bin/x", "/bin/x" },
		{ "", "" },
		{ "\\x0a", "\n" },
		{ "a\\\\b", "a\\b" },
		{ "\\\\x0a", "\\x0a" },
		{ "\\xff\\x1b[", "\xff\x1b[" },
		{ "\\", NULL },
		{ "\\x", NULL },
		{ "\\x1", NULL },
		{ "\\x00", NULL },
		{ "\\xzz", NULL },
		{ "\\n", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *text = learned_restore_text(cases[i][0]);

		if (cases[i][1])
			assert_string_equal(text, cases[i][1]);
		else
			assert_null(text);
		free(text);
	}
}

static void add(struct learned *learned, const char *line)
{
	assert_int_equal(learned_add_line(learned, line, strlen(line)), 0);
}

static void one_file_is_one_entry(void **state)
{
	struct learned learned = { 0 };
	char line[256];

	(void)state;
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 2000; i++) {
			snprintf(line, sizeof(line),
				"{\"verdict\":\"unsigned\",\"hook\":\"exec\",\"path\":\"/%d\","
				"\"uid\":%d,\"comm\":\"sh\",\"time\":\"%d\"}",
				i, round, 2 - round);
			add(&learned, line);
		}
	}
	assert_int_equal(learned.count, 2000);
	assert_int_equal(learned.bad_lines, 0);
	for (size_t i = 0; i < learned.count; i++) {
		assert_int_equal(learned.entries[i].count, 2);
		assert_int_equal(learned.entries[i].who_count, 2);
		assert_string_equal(learned.entries[i].first, "1");
		assert_string_equal(learned.entries[i].last, "2");
	}
	add(&learned, "{\"verdict\":\"tampered\",\"hook\":\"exec\",\"path\":\"/0\"}");
	assert_int_equal(learned.count, 2001);
	add(&learned, "{\"verdict\":\"ok\",\"hook\":\"exec\",\"path\":\"/0\"}");
	add(&learned, "{\"verdict\":\"unstable\",\"hook\":\"write\",\"path\":\"/0\"}");
	assert_int_equal(learned.count, 2001);
	learned_free(&learned);
}

/* What comes from the engine's cache has no digest: it is about the bytes that were judged last. */
static void an_event_without_digest_belongs_to_the_last_with_one(void **state)
{
	struct learned learned = { 0 };
	char line[256];

	(void)state;
	add(&learned, "{\"verdict\":\"unsigned\",\"hook\":\"exec\",\"path\":\"/a\"}");
	for (int digest = 0; digest < 3000; digest++) {
		snprintf(line, sizeof(line),
			"{\"verdict\":\"unsigned\",\"hook\":\"exec\",\"path\":\"/b\","
			"\"digest\":\"%064x\"}",
			digest);
		add(&learned, line);
		add(&learned, "{\"verdict\":\"unsigned\",\"hook\":\"exec\",\"path\":\"/b\"}");
	}
	add(&learned, "{\"note\":\"repeated\",\"count\":5,\"verdict\":\"unsigned\","
		      "\"hook\":\"exec\",\"path\":\"/b\"}");
	assert_int_equal(learned.count, 3001);
	assert_false(learned.entries[0].has_digest);
	assert_int_equal(learned.entries[0].count, 1);
	for (size_t i = 1; i < 3000; i++)
		assert_int_equal(learned.entries[i].count, 2);
	assert_int_equal(learned.entries[3000].count, 7);
	learned_free(&learned);
}

static void the_list_does_not_grow_without_end(void **state)
{
	struct learned learned = { 0 };
	char line[128];

	(void)state;
	for (int i = 0; i < LEARNED_ENTRIES_MAX + 10; i++) {
		snprintf(line, sizeof(line),
			"{\"verdict\":\"unsigned\",\"hook\":\"mmap\",\"path\":\"/%d\"}", i);
		add(&learned, line);
	}
	assert_int_equal(learned.count, LEARNED_ENTRIES_MAX);
	assert_int_equal(learned.passed_over, 10);
	add(&learned, "{\"verdict\":\"unsigned\",\"hook\":\"mmap\",\"path\":\"/5\"}");
	assert_int_equal(learned.passed_over, 10);
	learned_free(&learned);
}

static struct stat stat_of(__u64 inode, __s64 changed)
{
	struct stat st = { .st_dev = 7, .st_size = 100 };

	st.st_ino = inode;
	st.st_ctim.tv_sec = st.st_mtim.tv_sec = changed;
	return st;
}

static void a_changed_file_is_not_in_the_cache(void **state)
{
	struct fanotify_cache *cache = malloc(sizeof(*cache));
	struct stat st = stat_of(1, 1000), other;
	__u64 moment;

	(void)state;
	assert_non_null(cache);
	fanotify_cache_init(cache);
	assert_int_equal(fanotify_cache_find(cache, &st, &moment), DIGSIG_VERDICT_NONE);
	fanotify_cache_store(cache, &st, DIGSIG_VERDICT_OK, moment);
	assert_int_equal(fanotify_cache_find(cache, &st, &moment), DIGSIG_VERDICT_OK);
	other = st;
	other.st_size++;
	assert_int_equal(fanotify_cache_find(cache, &other, &moment), DIGSIG_VERDICT_NONE);
	other = st;
	other.st_ctim.tv_nsec++;
	assert_int_equal(fanotify_cache_find(cache, &other, &moment), DIGSIG_VERDICT_NONE);
	other = st;
	other.st_mtim.tv_nsec++;
	assert_int_equal(fanotify_cache_find(cache, &other, &moment), DIGSIG_VERDICT_NONE);
	other = st;
	other.st_dev++;
	assert_int_equal(fanotify_cache_find(cache, &other, &moment), DIGSIG_VERDICT_NONE);
	/* Somebody closed it after writing. */
	fanotify_cache_forget(cache, st.st_dev, st.st_ino);
	assert_int_equal(fanotify_cache_find(cache, &st, &moment), DIGSIG_VERDICT_NONE);
	/* And while it was judged. */
	fanotify_cache_forget(cache, st.st_dev, st.st_ino);
	fanotify_cache_store(cache, &st, DIGSIG_VERDICT_OK, moment);
	assert_int_equal(fanotify_cache_find(cache, &st, &moment), DIGSIG_VERDICT_NONE);
	fanotify_cache_store(cache, &st, DIGSIG_VERDICT_OK, moment);
	fanotify_cache_forget_all(cache);
	assert_int_equal(fanotify_cache_find(cache, &st, &moment), DIGSIG_VERDICT_NONE);
	free(cache);
}

/* Two changes within one tick of the clock bear the same time. */
static void what_just_changed_is_not_cached(void **state)
{
	struct fanotify_cache *cache = malloc(sizeof(*cache));
	struct stat now = stat_of(1, time(NULL)), later = stat_of(2, time(NULL) + 1000);
	__u64 moment;

	(void)state;
	assert_non_null(cache);
	fanotify_cache_init(cache);
	fanotify_cache_find(cache, &now, &moment);
	fanotify_cache_store(cache, &now, DIGSIG_VERDICT_OK, moment);
	assert_int_equal(fanotify_cache_find(cache, &now, &moment), DIGSIG_VERDICT_NONE);
	fanotify_cache_find(cache, &later, &moment);
	fanotify_cache_store(cache, &later, DIGSIG_VERDICT_OK, moment);
	assert_int_equal(fanotify_cache_find(cache, &later, &moment), DIGSIG_VERDICT_NONE);
	free(cache);
}

static void the_cache_forgets_the_oldest(void **state)
{
	struct fanotify_cache *cache = malloc(sizeof(*cache));
	size_t kept = 0;
	__u64 moment;

	(void)state;
	assert_non_null(cache);
	fanotify_cache_init(cache);
	for (__u64 inode = 1; inode <= 200000; inode++) {
		struct stat st = stat_of(inode, 1000), first = stat_of(1, 1000);

		fanotify_cache_find(cache, &st, &moment);
		fanotify_cache_store(cache, &st, DIGSIG_VERDICT_OK, moment);
		/* What is used stays. */
		assert_int_equal(
			fanotify_cache_find(cache, &first, &moment), DIGSIG_VERDICT_OK);
	}
	for (__u64 inode = 1; inode <= 200000; inode++) {
		struct stat st = stat_of(inode, 1000);

		kept += fanotify_cache_find(cache, &st, &moment) == DIGSIG_VERDICT_OK;
	}
	assert_in_range(kept, FANOTIFY_CACHE_SETS, FANOTIFY_CACHE_SETS * FANOTIFY_CACHE_WAYS);
	free(cache);
}

/* The list of the kernel program, read from its source, is the list here. */
static void stable_file_systems_are_the_kernel_programs(void **state)
{
	FILE *file = fopen(SOURCE_ROOT "/digsig/kernel/stability.bpf.h", "r");
	char line[256], name[64];
	unsigned long magic;
	int known = 0;

	(void)state;
	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "#define %63[A-Z0-9_] 0x%lx", name, &magic) != 2 ||
			!strstr(name, "_MAGIC"))
			continue;
		known++;
		if (!strcmp(name, "OVERLAYFS_SUPER_MAGIC"))
			assert_int_equal(file_system_kind(magic), FILE_SYSTEM_LAYERED);
		else if (!strcmp(name, "HUGETLBFS_MAGIC")) /* memory, to the engine */
			assert_int_equal(file_system_kind(magic), FILE_SYSTEM_PSEUDO);
		else if (file_system_kind(magic) != FILE_SYSTEM_STABLE)
			fail_msg("%s is not stable here", name);
	}
	fclose(file);
	assert_int_equal(known, 17);
	assert_int_equal(file_system_kind(PROC_SUPER_MAGIC), FILE_SYSTEM_PSEUDO);
	assert_int_equal(file_system_kind(NFS_SUPER_MAGIC), FILE_SYSTEM_UNSTABLE);
	assert_int_equal(file_system_kind(FUSE_SUPER_MAGIC), FILE_SYSTEM_UNSTABLE);
}

static int clean_up(void **state)
{
	(void)state;
	scratch_remove();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds_are_told_by_both_name_and_bytes),
		cmocka_unit_test(an_inode_is_new_once),
		cmocka_unit_test(a_known_digest_is_trusted),
		cmocka_unit_test(a_survey_can_be_cancelled),
		cmocka_unit_test(text_of_the_log_comes_back),
		cmocka_unit_test(one_file_is_one_entry),
		cmocka_unit_test(an_event_without_digest_belongs_to_the_last_with_one),
		cmocka_unit_test(the_list_does_not_grow_without_end),
		cmocka_unit_test(a_changed_file_is_not_in_the_cache),
		cmocka_unit_test(what_just_changed_is_not_cached),
		cmocka_unit_test(the_cache_forgets_the_oldest),
		cmocka_unit_test(stable_file_systems_are_the_kernel_programs),
	};

	return cmocka_run_group_tests(tests, NULL, clean_up);
}
