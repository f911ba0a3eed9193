// SPDX-License-Identifier: GPL-2.0-or-later
/* The swap header: as libblkid and mkswap(8) have it, and nonsense. */
#include <blkid/blkid.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "ramswap/apply/header.h"
#include "ramswap/state/state.h"

#define MIB (1ULL << 20)

static void test_header_is_what_libblkid_reads(void **context)
{
	static const size_t pages[] = { 4096, 16384, 65536 };
	char path[] = "/tmp/ramswap-header-XXXXXX", uuid[HEADER_UUID_TEXT_MAX], again[HEADER_UUID_TEXT_MAX];
	const char *value;
	int fd = mkstemp(path);

	(void)context;
	assert_true(fd >= 0);
	for (size_t i = 0; i < sizeof(pages) / sizeof(*pages); i++) {
		__u8 *page = malloc(pages[i]);
		blkid_probe probe;

		assert_int_equal(header_uuid_make(uuid), 0);
		assert_int_equal(header_make(page, pages[i], 64 * MIB, uuid), 0);
		assert_int_equal(ftruncate(fd, 0), 0);
		assert_int_equal(ftruncate(fd, 64 * MIB), 0);
		assert_int_equal(pwrite(fd, page, pages[i], 0), pages[i]);
		probe = blkid_new_probe();
		assert_int_equal(blkid_probe_set_device(probe, fd, 0, 0), 0);
		assert_int_equal(blkid_probe_enable_superblocks(probe, 1), 0);
		assert_int_equal(blkid_do_safeprobe(probe), 0);
		assert_int_equal(blkid_probe_lookup_value(probe, "TYPE", &value, NULL), 0);
		assert_string_equal(value, "swap");
		assert_int_equal(blkid_probe_lookup_value(probe, "LABEL", &value, NULL), 0);
		assert_string_equal(value, STATE_SWAP_LABEL);
		assert_int_equal(blkid_probe_lookup_value(probe, "UUID", &value, NULL), 0);
		assert_string_equal(value, uuid);
		blkid_free_probe(probe);
		assert_true(header_parse(page, pages[i], again));
		assert_string_equal(again, uuid);
		free(page);
	}
	close(fd);
	unlink(path);
}

/* Where mkswap(8) is, its header is the same but for the names. */
static void test_header_is_what_mkswap_writes(void **context)
{
	char path[] = "/tmp/ramswap-header-XXXXXX", command[160], uuid[HEADER_UUID_TEXT_MAX];
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	__u8 *ours = malloc(size), *theirs = malloc(size);
	int fd = mkstemp(path);

	(void)context;
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, 20 * MIB + 512), 0);
	assert_int_equal(header_uuid_make(uuid), 0);
	snprintf(command, sizeof(command), "PATH=$PATH:/sbin:/usr/sbin mkswap -q -L %s -U %s %s >/dev/null 2>&1",
		STATE_SWAP_LABEL, uuid, path);
	if (system(command)) {
		free(ours);
		free(theirs);
		unlink(path);
		skip();
	}
	assert_int_equal(pread(fd, theirs, size, 0), size);
	assert_int_equal(header_make(ours, size, 20 * MIB + 512, uuid), 0);
	assert_memory_equal(ours, theirs, size);
	free(ours);
	free(theirs);
	close(fd);
	unlink(path);
}

static void test_header_refuses_nonsense(void **context)
{
	static const char *const bad[] = {
		"",
		"x",
		"11111111-2222-4333-8444-55555555555",
		"11111111222243338444555555555555",
		"11111111-2222-4333-8444-55555555555g",
		"11111111-2222-4333-8444-5555555555555",
		"-1111111-2222-4333-8444-555555555555",
		"1111111-12222-4333-8444-555555555555",
		"11111111-2222-4333-8444-55555555555A",
		"------------------------------------",
	};
	const char *good = "11111111-2222-4333-8444-555555555555";
	char uuid[HEADER_UUID_TEXT_MAX];
	__u8 page[4096];

	(void)context;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(header_make(page, sizeof(page), MIB, bad[i]), -EINVAL);
	assert_int_equal(header_make(page, sizeof(page), 9 * 4096, good), -EINVAL);
	assert_int_equal(header_make(page, sizeof(page), 0, good), -EINVAL);
	assert_int_equal(header_make(page, sizeof(page), 10 * 4096, good), 0);
	assert_true(header_parse(page, sizeof(page), uuid));
	/* More pages than the header has digits for. */
	assert_int_equal(header_make(page, sizeof(page), ~0ULL, good), 0);
	assert_memory_equal(page + 1028, "\xff\xff\xff\xff", 4);
	page[1052]++;
	assert_false(header_parse(page, sizeof(page), uuid));
	page[1052]--;
	/* The version. */
	page[1024]++;
	assert_false(header_parse(page, sizeof(page), uuid));
	page[1024]--;
	assert_true(header_parse(page, sizeof(page), uuid));
	page[4095]++;
	assert_false(header_parse(page, sizeof(page), uuid));
	memset(page, 0, sizeof(page));
	assert_false(header_parse(page, sizeof(page), uuid));
}

/* A UUID of random numbers says so: version 4, variant 1. */
static void test_uuids_are_random(void **context)
{
	char uuid[HEADER_UUID_TEXT_MAX], other[HEADER_UUID_TEXT_MAX] = "";

	(void)context;
	for (int i = 0; i < 100; i++) {
		assert_int_equal(header_uuid_make(uuid), 0);
		assert_int_equal(uuid[14], '4');
		assert_non_null(strchr("89ab", uuid[19]));
		assert_string_not_equal(uuid, other);
		strcpy(other, uuid);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header_is_what_libblkid_reads),
		cmocka_unit_test(test_header_is_what_mkswap_writes),
		cmocka_unit_test(test_header_refuses_nonsense),
		cmocka_unit_test(test_uuids_are_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
