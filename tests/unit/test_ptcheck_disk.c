// SPDX-License-Identifier: GPL-2.0-or-later
/* What becomes of a device's sectors that cannot be read: reader_read, which a child would do, is done here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "ptcheck/disk/disk.h"
#include "ptcheck/disk/reader.h"

enum { SIZE = 1 << 20 };

static __u8 bytes[SIZE];
/* Reads of more than this fail; those that touch a range do, with an error. */
static __u32 largest;
static __u64 bad_from, bad_to;
static int bad_err;
static unsigned int calls;

long __wrap_reader_read(struct disk_reader *reader, __u64 offset, __u32 size, const void **read);

long __wrap_reader_read(struct disk_reader *reader, __u64 offset, __u32 size, const void **read)
{
	(void)reader;
	calls++;
	assert_int_equal(offset % 512, 0);
	assert_int_equal(size % 512, 0);
	if (size > largest)
		return -EIO;
	if (offset < bad_to && offset + size > bad_from)
		return bad_err;
	*read = bytes + offset;
	return offset + size <= SIZE ? (long)size : (long)(SIZE - offset);
}

static struct disk open_device(void)
{
	memset(bytes, 0, sizeof(bytes));
	largest = SIZE;
	bad_from = bad_to = 0;
	bad_err = -EIO;
	calls = 0;
	return (struct disk){
		.known = { .size = SIZE, .sector_size = 512 },
		.fd = dup(0),
		.is_device = true,
		.device_sector_size = 512,
	};
}

/* Some drives and bridges fail at large reads alone. */
static void pieces_of_a_range_are_one_block(void **state)
{
	struct disk disk = open_device();
	struct ptcheck_result result;

	(void)state;
	largest = 4096;
	bytes[1080] = 0x53;
	bytes[1081] = 0xef;
	bytes[1024] = bytes[1028] = 16;
	assert_int_equal(disk_judge(&disk, &result), 0);
	assert_int_equal(result.verdict, PTCHECK_WHOLE_DISK);
	assert_int_equal(result.confidence, PTCHECK_CERTAIN);
	assert_int_equal(disk.count, 3);
	disk_close(&disk);
}

static void what_lies_around_a_bad_piece_is_read(void **state)
{
	struct disk disk = open_device();
	struct ptcheck_result result;

	(void)state;
	bad_from = 40000;
	bad_to = 40001;
	bytes[1080] = 0x53;
	bytes[1081] = 0xef;
	bytes[1024] = bytes[1028] = 16;
	assert_int_equal(disk_judge(&disk, &result), 0);
	assert_int_equal(result.verdict, PTCHECK_WHOLE_DISK);
	assert_int_equal(result.confidence, PTCHECK_LIKELY);
	assert_string_equal(result.readings[0].name, "ext");
	disk_close(&disk);
}

static void three_errors_are_enough(void **state)
{
	struct disk disk = open_device();
	struct ptcheck_result result;

	(void)state;
	bad_from = 512;
	bad_to = SIZE;
	assert_int_equal(disk_judge(&disk, &result), 0);
	assert_int_equal(result.verdict, PTCHECK_UNREADABLE);
	/* The first sector; and of two ranges the whole and three pieces. */
	assert_int_equal(calls, 1 + 2 * 4);
	assert_int_equal(disk.blocks[disk.count - 1].err, -ECANCELED);
	disk_close(&disk);
}

/* Each would be waited for as long. */
static void a_range_without_an_answer_is_not_divided(void **state)
{
	struct disk disk = open_device();
	struct ptcheck_result result;

	(void)state;
	bad_from = 512;
	bad_to = SIZE;
	bad_err = -ETIMEDOUT;
	assert_int_equal(disk_judge(&disk, &result), 0);
	assert_int_equal(calls, 3);
	disk_close(&disk);
}

static void a_list_that_was_cut_short_says_so(void **state)
{
	struct disk disk = open_device();
	struct ptcheck_table table;

	(void)state;
	memcpy(bytes + 446, "\0\0\0\0\5\0\0\0\10\0\0\0\377\0\0\0", 16);
	bytes[510] = 0x55;
	bytes[511] = 0xaa;
	disk.settings.max_reads = 1;
	assert_int_equal(disk_list(&disk, PTCHECK_DOS, &table), 0);
	assert_non_null(table.fault);
	assert_int_equal(table.count, 1);
	disk_close(&disk);
}

/* --sector-size says how a table counts, not how the device can be read: the reads above are checked. */
static void a_device_is_read_in_its_own_sectors(void **state)
{
	struct disk disk = open_device();
	struct ptcheck_result result;

	(void)state;
	disk.known.sector_size = 1024;
	assert_int_equal(disk_judge(&disk, &result), 0);
	assert_int_equal(disk.sectors, 2 + (72 * 2 - 2) + 264);
	disk_close(&disk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_of_a_range_are_one_block),
		cmocka_unit_test(what_lies_around_a_bad_piece_is_read),
		cmocka_unit_test(three_errors_are_enough),
		cmocka_unit_test(a_range_without_an_answer_is_not_divided),
		cmocka_unit_test(a_list_that_was_cut_short_says_so),
		cmocka_unit_test(a_device_is_read_in_its_own_sectors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
