// SPDX-License-Identifier: GPL-2.0-or-later
/* Of which package a file is: dpkg's lists, also those that are damaged. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../digsig/packages/dpkg.h"
#include "../../digsig/packages/package_index.h"
#include "folder.h"

enum { NEVER = 1 << 30 }; /* milliseconds */

static void run(const char *command)
{
	assert_int_equal(system(command), 0);
}

/* A system in the folder "root", with merged /usr and no package. */
static int begin(void **state)
{
	(void)state;
	run("rm -rf root && mkdir -p root/usr/bin root/usr/lib root/dpkg/info && ln -s usr/bin root/bin && ln -s /usr/lib root/lib");
	return 0;
}

static void put_bytes(const char *name, const char *bytes, size_t size)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "root/dpkg/%s", name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static void put(const char *name, const char *text)
{
	put_bytes(name, text, strlen(text));
}

static struct package_index *new_index(unsigned int look_every)
{
	struct package_index *index;

	assert_int_equal(package_index_new("root", "root/dpkg", look_every, &index), 0);
	return index;
}

static void expect(struct package_index *index, const char *path, const char *package)
{
	const char *found = package_index_find(index, path);

	if (!package)
		assert_null(found);
	else if (!found)
		fail_msg("%s: no package", path);
	else
		assert_string_equal(found, package);
}

static void a_file_is_of_its_package(void **state)
{
	struct package_index *index;

	(void)state;
	put("info/one.list", "/.\n/usr\n/usr/bin\n/usr/bin/x\n/usr/bin/xy\n");
	put("info/libc6:amd64.list", "/usr/lib/c.so\n/usr/bin/a file"); /* without a newline at its end */
	put("info/one.md5sums", "/usr/bin/other\n");
	index = new_index(NEVER);
	expect(index, "/usr/bin/x", "one");
	expect(index, "/usr/bin/xy", "one");
	expect(index, "/usr/lib/c.so", "libc6:amd64");
	expect(index, "/usr/bin/a file", "libc6:amd64");
	expect(index, "/usr/bin", NULL); /* a folder */
	expect(index, "/usr/bin/other", NULL);
	expect(index, "/usr/bin/", NULL);
	expect(index, "", NULL);
	package_index_free(index);
}

static void paths_are_those_on_the_disk(void **state)
{
	struct package_index *index;

	(void)state;
	put("info/old.list", "/bin/x\n/lib/y.so\n/binary\n");
	put("info/original.list", "/bin/tool\n");
	put("info/diverter:amd64.list", "/usr/bin/tool\n");
	put("diversions", "/bin/tool\n/usr/bin/tool.real\ndiverter\n/cut\n/off\n");
	index = new_index(NEVER);
	expect(index, "/usr/bin/x", "old");
	expect(index, "/bin/x", NULL);
	expect(index, "/usr/lib/y.so", "old");
	expect(index, "/binary", "old");
	expect(index, "/usr/bin/tool", "diverter:amd64");
	expect(index, "/usr/bin/tool.real", "original");
	package_index_free(index);
}

static void lists_that_are_damaged_do_no_harm(void **state)
{
	static const char with_nul[] = "/usr/bin/before\n/usr/bin/nul\0behind\n/usr/bin/behind\n";
	char *large = malloc(3 * DPKG_PATH_MAX);
	struct package_index *index;

	(void)state;
	memset(large, 'l', 3 * DPKG_PATH_MAX);
	memcpy(large, "/usr/bin/first\n/", 16);
	memcpy(large + 3 * DPKG_PATH_MAX - 16, "\n/usr/bin/last\n\n", 16);
	put_bytes("info/long.list", large, 3 * DPKG_PATH_MAX);
	put_bytes("info/nul.list", with_nul, sizeof(with_nul) - 1);
	put_bytes("diversions", large, 3 * DPKG_PATH_MAX);
	put("info/a\"b.list", "/usr/bin/quote\n");
	put("info/.list", "/usr/bin/nameless\n");
	put("info/relative.list", "usr/bin/relative\n\n\n./x\n");
	put("elsewhere", "/usr/bin/linked\n");
	run("cd root/dpkg/info && ln -s ../elsewhere link.list && mkfifo fifo.list && mkdir folder.list && ln -s /dev/zero zero.list");
	put("info/huge.list", "/usr/bin/huge\n");
	assert_int_equal(truncate("root/dpkg/info/huge.list", DPKG_LIST_MAX + 1L), 0);
	index = new_index(NEVER);
	expect(index, "/usr/bin/first", "long");
	expect(index, "/usr/bin/last", "long");
	expect(index, "/usr/bin/before", "nul");
	expect(index, "/usr/bin/behind", "nul");
	expect(index, "/usr/bin/nul", NULL);
	expect(index, "/usr/bin/quote", NULL);
	expect(index, "/usr/bin/nameless", NULL);
	expect(index, "usr/bin/relative", NULL);
	expect(index, "/usr/bin/linked", NULL);
	expect(index, "/usr/bin/huge", NULL);
	package_index_free(index);
	free(large);
}

static void a_name_has_its_bounds(void **state)
{
	char name[PACKAGE_NAME_MAX + 16] = "info/", *package = name + strlen("info/");
	struct package_index *index;

	(void)state;
	memset(package, 'p', PACKAGE_NAME_MAX);
	strcpy(package + PACKAGE_NAME_MAX, ".list");
	put(name, "/usr/bin/fits\n");
	strcpy(package + PACKAGE_NAME_MAX, "p.list");
	put(name, "/usr/bin/long\n");
	package[PACKAGE_NAME_MAX] = '\0';
	index = new_index(NEVER);
	expect(index, "/usr/bin/fits", package);
	expect(index, "/usr/bin/long", NULL);
	package_index_free(index);
}

/* The lists' folder was changed: at this time, which no other change has. */
static void touch(void)
{
	static time_t seconds = 1700000000;
	struct timespec times[2] = { { 0 } };

	times[0].tv_sec = times[1].tv_sec = ++seconds;
	assert_int_equal(utimensat(AT_FDCWD, "root/dpkg/info", times, 0), 0);
}

static void lists_that_change_are_read_again(void **state)
{
	struct package_index *index = new_index(0), *slow = new_index(NEVER);

	(void)state;
	put("info/one.list", "/usr/bin/x\n");
	touch();
	expect(index, "/usr/bin/x", "one");
	expect(slow, "/usr/bin/x", "one");
	put("info/two.list", "/usr/bin/y\n");
	run("rm root/dpkg/info/one.list");
	touch();
	expect(index, "/usr/bin/x", NULL);
	expect(index, "/usr/bin/y", "two");
	expect(slow, "/usr/bin/x", "one");
	expect(slow, "/usr/bin/y", NULL); /* its time has not come */
	put("diversions", "/usr/bin/y\n/usr/bin/z\nthree\n");
	expect(index, "/usr/bin/y", NULL);
	expect(index, "/usr/bin/z", "two");
	/* A list that changes in its place, as dpkg's do not, is not noticed. */
	put("info/two.list", "/usr/bin/new\n");
	expect(index, "/usr/bin/new", NULL);
	package_index_free(index);
	package_index_free(slow);
}

static void without_dpkg_there_is_no_package(void **state)
{
	struct package_index *index = new_index(0);
	struct dpkg *dpkg;

	(void)state;
	run("rm -r root/dpkg");
	expect(index, "/usr/bin/x", NULL);
	assert_int_equal(dpkg_open("root", "root/dpkg", &dpkg), 0);
	assert_int_equal(dpkg_visit(dpkg, NULL, NULL), -ENOENT);
	dpkg_close(dpkg);
	run("mkdir -p root/dpkg/info");
	put("info/one.list", "/usr/bin/x\n");
	touch();
	expect(index, "/usr/bin/x", "one");
	run("rm -r root/dpkg");
	expect(index, "/usr/bin/x", NULL);
	package_index_free(index);
}

static void it_holds_so_many_files_and_no_more(void **state)
{
	FILE *file = fopen("root/dpkg/info/many.list", "w");
	struct package_index *index;
	char path[32];

	(void)state;
	assert_non_null(file);
	for (unsigned int i = 0; i < PACKAGE_INDEX_FILES_MAX + 5; i++)
		fprintf(file, "/%x\n", i);
	assert_int_equal(fclose(file), 0);
	index = new_index(NEVER);
	for (unsigned int i = 0; i < PACKAGE_INDEX_FILES_MAX; i += 7) {
		snprintf(path, sizeof(path), "/%x", i);
		expect(index, path, "many");
	}
	snprintf(path, sizeof(path), "/%x", PACKAGE_INDEX_FILES_MAX - 1);
	expect(index, path, "many");
	snprintf(path, sizeof(path), "/%x", PACKAGE_INDEX_FILES_MAX);
	expect(index, path, NULL);
	package_index_free(index);
}

static void it_holds_so_many_packages_and_no_more(void **state)
{
	struct package_index *index;
	unsigned int found = 0;
	char name[32], path[32];

	(void)state;
	for (unsigned int i = 0; i < PACKAGE_INDEX_PACKAGES_MAX + 3; i++) {
		snprintf(name, sizeof(name), "info/%x.list", i);
		snprintf(path, sizeof(path), "/%x\n", i);
		put(name, path);
	}
	index = new_index(NEVER);
	for (unsigned int i = 0; i < PACKAGE_INDEX_PACKAGES_MAX + 3; i++) {
		const char *package;

		snprintf(path, sizeof(path), "/%x", i);
		package = package_index_find(index, path);
		if (!package)
			continue;
		assert_string_equal(package, path + 1);
		found++;
	}
	assert_int_equal(found, PACKAGE_INDEX_PACKAGES_MAX);
	package_index_free(index);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_file_is_of_its_package, begin),
		cmocka_unit_test_setup(paths_are_those_on_the_disk, begin),
		cmocka_unit_test_setup(lists_that_are_damaged_do_no_harm, begin),
		cmocka_unit_test_setup(a_name_has_its_bounds, begin),
		cmocka_unit_test_setup(lists_that_change_are_read_again, begin),
		cmocka_unit_test_setup(without_dpkg_there_is_no_package, begin),
		cmocka_unit_test_setup(it_holds_so_many_files_and_no_more, begin),
		cmocka_unit_test_setup(it_holds_so_many_packages_and_no_more, begin),
	};

	return cmocka_run_group_tests(tests, folder_enter, folder_leave);
}
