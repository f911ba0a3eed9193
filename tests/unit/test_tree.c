// SPDX-License-Identifier: GPL-2.0-or-later
/* What is collected of a tree: patterns, names, inodes, and the pool that does it. */
#include "support.h"
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "digsig/tree/collect.h"
#include "lib/thread/pool.h"

static void patterns_match_names_or_paths(void **state)
{
	static const struct {
		const char *pattern, *relative;
		bool matches;
	} cases[] = {
		{ "*.so", "lib/deep/x.so", true },
		{ "*.so", "x.so.1", false },
		{ "lib", "usr/lib", true },
		{ "lib", "lib/x", false },
		{ "lib/*", "lib/x", true },
		{ "lib/*", "lib/deep/x", true },
		{ "lib/*", "usr/lib/x", false },
		{ "*/lib/*", "usr/lib/x", true },
		{ "/bin", "bin", true },
		{ "/bin", "usr/bin", false },
		{ "[ab]", "x/b", true },
		{ "\\*", "x/*", true },
		{ "\\*", "x/b", false },
		{ "", "x", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *pattern = (char *)cases[i].pattern;
		const struct tree_patterns patterns = { &pattern, 1 };

		if (tree_patterns_match(&patterns, cases[i].relative) != cases[i].matches)
			fail_msg("case %zu: %s, %s", i, pattern, cases[i].relative);
	}
	assert_false(tree_patterns_match(&(struct tree_patterns){ 0 }, "x"));
}

static void put(const char *path, const char *bytes, size_t size)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	fclose(file);
}

static void an_inode_is_collected_once_with_all_its_names(void **state)
{
	static const char elf[32] = "\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\3";
	static const char core[32] = "\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\4";
	char folder[] = "/tmp/digsig-tree-XXXXXX", text[64];
	char *roots[] = { folder, folder };
	struct tree_selection selection = { .roots = roots, .root_count = 2, .threads = 4 };
	struct tree_files files;

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chdir(folder), 0);
	assert_int_equal(mkdir("a", 0755), 0);
	put("a/one", elf, 20);
	put("large", elf, 32);
	put("core", core, sizeof(core));
	put("short", elf, 3);
	put("text", "text\n", 5);
	assert_int_equal(link("a/one", "another"), 0);
	assert_int_equal(symlink("large", "link"), 0);

	assert_int_equal(tree_collect(&selection, &files), 0);
	assert_int_equal(files.seen, 6);
	assert_int_equal(files.not_elf, 3);
	assert_int_equal(files.excluded, 0);
	assert_int_equal(files.count, 2);
	assert_int_equal(files.files[0].name_count, 1);
	assert_string_equal(files.files[0].names->relative, "large");
	assert_int_equal(files.files[1].name_count, 2);
	assert_string_equal(files.files[1].names[0].relative, "a/one");
	assert_string_equal(files.files[1].names[1].relative, "another");
	tree_files_free(&files);

	snprintf(text, sizeof(text), "rm -r '%s'", folder);
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(system(text), 0);
}

static atomic_int threads_run, ticks;

static void count_thread(void *context)
{
	atomic_fetch_add((atomic_int *)context, 1);
}

static void count_tick(void *context)
{
	(void)context;
	atomic_fetch_add(&ticks, 1);
}

static void a_pool_runs_in_each_thread_and_ticks(void **state)
{
	(void)state;
	assert_int_equal(pool_run(7, count_thread, count_tick, &threads_run), 0);
	assert_int_equal(atomic_load(&threads_run), 7);
	assert_true(atomic_load(&ticks) >= 1);
	assert_true(pool_processors() >= 1);
	assert_int_equal(pool_run(0, count_thread, NULL, &threads_run), 0);
	assert_int_equal(atomic_load(&threads_run), 7 + (int)pool_processors());
	assert_int_equal(pool_run(POOL_THREADS_MAX + 9, count_thread, NULL, &threads_run), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_match_names_or_paths),
		cmocka_unit_test(an_inode_is_collected_once_with_all_its_names),
		cmocka_unit_test(a_pool_runs_in_each_thread_and_ticks),
	};

	return cmocka_run_group_tests_name("tree", tests, NULL, NULL);
}
