// SPDX-License-Identifier: GPL-2.0-or-later
/* The spool of lib/stream: what is found again after a process has ended, whatever was left on the disk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "lib/stream/spool.h"
#include "lib/stream/stream.h"

enum { SEGMENT_SIZE = 1000 };

static char folder[64], path[512];

static int make_folder(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/test-stream-spool-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static void in_folder(const char *name)
{
	snprintf(path, sizeof(path), "%s/%s", folder, name);
}

/* How many files of the folder end with suffix; the last one's path in path. */
static unsigned int count_files(const char *suffix)
{
	DIR *directory = opendir(folder);
	unsigned int count = 0;
	struct dirent *entry;

	while ((entry = readdir(directory))) {
		size_t size = strlen(entry->d_name), end = strlen(suffix);

		if (size < end || strcmp(entry->d_name + size - end, suffix) || entry->d_name[0] == '.')
			continue;
		in_folder(entry->d_name);
		count++;
	}
	closedir(directory);
	return count;
}

static void empty_folder(void)
{
	while (count_files(""))
		assert_int_equal(unlink(path), 0);
}

static int remove_folder(void **state)
{
	(void)state;
	empty_folder();
	return rmdir(folder);
}

static struct spool *open_spool(void)
{
	struct spool *spool;

	assert_int_equal(spool_open(folder, SEGMENT_SIZE, &spool), 0);
	return spool;
}

static struct spool_counts counts_of(const struct spool *spool)
{
	struct spool_counts counts;

	spool_counts(spool, &counts);
	return counts;
}

/* A record by whose number all of it is known. */
static struct spool_record make_record(__u64 number, char *text)
{
	int size = sprintf(text, "id-%llu", (unsigned long long)number);

	memset(text + size, 'a' + (int)(number % 26), number % 50);
	return (struct spool_record){
		.number = number,
		.id = text,
		.id_size = (size_t)size,
		.subject = "some.subject",
		.subject_size = strlen("some.subject"),
		.bytes = text + size,
		.size = number % 50,
	};
}

static void write_record(struct spool *spool, __u64 number)
{
	char text[128], bytes[512];
	struct spool_record record = make_record(number, text);

	record_encode(&record, bytes);
	assert_int_equal(spool_write(spool, bytes, record_size(&record), number, number), 0);
}

static void write_records(struct spool *spool, __u64 first, __u64 last)
{
	for (__u64 i = first; i <= last; i++)
		write_record(spool, i);
}

static void assert_next(struct spool *spool, __u64 from, __u64 number)
{
	struct spool_record record, expected;
	char text[128];

	assert_int_equal(spool_read(spool, from, &record), 0);
	expected = make_record(number, text);
	assert_int_equal(record.number, number);
	assert_int_equal(record.id_size, expected.id_size);
	assert_memory_equal(record.id, expected.id, expected.id_size);
	assert_int_equal(record.subject_size, expected.subject_size);
	assert_memory_equal(record.subject, expected.subject, expected.subject_size);
	assert_int_equal(record.size, expected.size);
	assert_memory_equal(record.bytes, expected.bytes, expected.size);
}

static void assert_end(struct spool *spool, __u64 from)
{
	struct spool_record record;

	assert_int_equal(spool_read(spool, from, &record), -ENODATA);
}

static void assert_all(struct spool *spool, __u64 first, __u64 last)
{
	for (__u64 i = first; i <= last; i++)
		assert_next(spool, i, i);
	assert_end(spool, last + 1);
}

static void what_is_written_is_read(void **state)
{
	struct spool *spool = open_spool();

	(void)state;
	assert_int_equal(counts_of(spool).next, 1);
	assert_end(spool, 1);
	write_records(spool, 1, 3);
	assert_all(spool, 1, 3);
	/* The reader is at the end of what is written further. */
	write_records(spool, 4, 100);
	assert_all(spool, 4, 100);
	assert_true(counts_of(spool).segments > 3);
	assert_int_equal(spool_sync(spool), 0);
	spool_close(spool);
}

static void another_process_goes_on(void **state)
{
	struct spool *spool = open_spool();

	(void)state;
	write_records(spool, 1, 100);
	spool_close(spool);
	spool = open_spool();
	assert_int_equal(counts_of(spool).records, 100);
	assert_int_equal(counts_of(spool).next, 101);
	assert_int_equal(counts_of(spool).damaged, 0);
	assert_all(spool, 1, 100);
	write_records(spool, 101, 105);
	assert_all(spool, 101, 105);
	spool_close(spool);
}

/* Those that were acknowledged at once were never written. */
static void numbers_have_holes(void **state)
{
	struct spool *spool = open_spool();
	char text[128], bytes[512];
	struct spool_record record = make_record(7, text);

	(void)state;
	write_record(spool, 5);
	write_record(spool, 90);
	assert_next(spool, 1, 5);
	assert_next(spool, 6, 90);
	assert_end(spool, 91);
	record_encode(&record, bytes);
	assert_int_equal(spool_write(spool, bytes, record_size(&record), 7, 7), -EINVAL);
	spool_close(spool);
}

static void acknowledged_segments_are_deleted(void **state)
{
	struct spool *spool = open_spool();
	__u64 before;

	(void)state;
	write_records(spool, 1, 100);
	before = counts_of(spool).bytes;
	assert_int_equal(spool_acknowledge(spool, 51), 0);
	assert_true(counts_of(spool).bytes < before / 3 * 2);
	assert_int_equal(count_files(".segment"), counts_of(spool).segments);
	/* It never goes back. */
	assert_int_equal(spool_acknowledge(spool, 20), 0);
	spool_close(spool);

	spool = open_spool();
	assert_int_equal(counts_of(spool).position, 51);
	assert_int_equal(counts_of(spool).records, 50);
	assert_all(spool, 51, 100);
	assert_int_equal(spool_acknowledge(spool, 101), 0);
	assert_int_equal(counts_of(spool).bytes, 0);
	assert_int_equal(count_files(".segment"), 0);
	write_record(spool, 101);
	assert_next(spool, 101, 101);
	spool_close(spool);

	spool = open_spool();
	assert_int_equal(counts_of(spool).records, 1);
	assert_all(spool, 101, 101);
	spool_close(spool);
}

/* A reader stands in a segment that goes, and in the one that is being written. */
static void reading_goes_on_while_segments_go(void **state)
{
	struct spool *spool = open_spool();

	(void)state;
	for (__u64 i = 1; i <= 300; i++) {
		write_record(spool, i);
		assert_next(spool, i, i);
		assert_int_equal(spool_acknowledge(spool, i % 3 ? i : i + 1), 0);
	}
	assert_true(counts_of(spool).segments <= 2);
	spool_close(spool);
}

static void a_process_excludes_others(void **state)
{
	struct spool *spool = open_spool(), *other;

	(void)state;
	assert_int_equal(spool_open(folder, SEGMENT_SIZE, &other), -EBUSY);
	spool_close(spool);
	spool = open_spool();
	spool_close(spool);
}

static void a_folder_is_made(void **state)
{
	struct spool *spool;
	struct stat st;

	(void)state;
	in_folder("below");
	assert_int_equal(spool_open(path, SEGMENT_SIZE, &spool), 0);
	spool_close(spool);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	in_folder("below/lock");
	assert_int_equal(unlink(path), 0);
	in_folder("below");
	assert_int_equal(rmdir(path), 0);
	in_folder("no/such");
	assert_int_equal(spool_open(path, SEGMENT_SIZE, &spool), -ENOENT);
}

/* --- what a crash leaves */

static char image[1 << 16];
static size_t image_size;

static void read_image(const char *name)
{
	int fd;

	in_folder(name);
	fd = open(path, O_RDONLY);
	assert_true(fd >= 0);
	image_size = (size_t)read(fd, image, sizeof(image));
	close(fd);
}

static void write_image(const char *name, const void *bytes, size_t size)
{
	int fd;

	in_folder(name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, size), size);
	close(fd);
}

#define FIRST_SEGMENT "0000000000000001.segment"

/* Five records in a segment; ends[i]: where the first i of them end. */
static void make_image(size_t ends[6])
{
	struct spool *spool;
	char text[128];

	assert_int_equal(spool_open(folder, 1 << 20, &spool), 0);
	write_records(spool, 1, 5);
	spool_close(spool);
	read_image(FIRST_SEGMENT);
	ends[0] = SPOOL_HEADER;
	for (__u64 i = 1; i <= 5; i++) {
		struct spool_record record = make_record(i, text);

		ends[i] = ends[i - 1] + record_size(&record);
	}
	assert_int_equal(ends[5], image_size);
}

static void a_torn_end_is_cut_off_at_every_byte(void **state)
{
	size_t ends[6];

	(void)state;
	make_image(ends);
	for (size_t size = 0; size <= image_size; size++) {
		struct spool *spool;
		__u64 whole = 0;
		struct stat st;

		empty_folder();
		write_image(FIRST_SEGMENT, image, size);
		while (whole < 5 && size >= ends[whole + 1])
			whole++;
		spool = open_spool();
		assert_int_equal(counts_of(spool).records, whole);
		assert_int_equal(counts_of(spool).next, whole + 1);
		/* The magic alone is a segment that got nothing. */
		assert_int_equal(counts_of(spool).damaged,
			size < SPOOL_HEADER ? size : size - ends[whole]);
		assert_all(spool, 1, whole);
		/* New ones go behind. */
		write_record(spool, whole + 1);
		assert_next(spool, whole + 1, whole + 1);
		spool_close(spool);

		if (whole) {
			in_folder(FIRST_SEGMENT);
			assert_int_equal(stat(path, &st), 0);
			assert_int_equal(st.st_size, ends[whole]);
		}
		spool = open_spool();
		assert_int_equal(counts_of(spool).damaged, 0);
		assert_all(spool, 1, whole + 1);
		spool_close(spool);
	}
}

/* A page that did not reach the disk before the machine stopped, and those behind it that did. */
static void a_damaged_byte_costs_its_record(void **state)
{
	size_t ends[6];

	(void)state;
	make_image(ends);
	for (size_t at = 0; at < image_size; at++) {
		struct spool *spool;
		__u64 damaged = 0, from = 1;

		empty_folder();
		image[at] ^= 0x20;
		write_image(FIRST_SEGMENT, image, image_size);
		image[at] ^= 0x20;
		while (damaged < 5 && at >= ends[damaged])
			damaged++;
		spool = open_spool();
		assert_int_equal(counts_of(spool).records, damaged ? 4 : 5);
		assert_int_equal(counts_of(spool).damaged,
			damaged ? ends[damaged] - ends[damaged - 1] : (size_t)SPOOL_HEADER);
		for (__u64 i = 1; i <= 5; i++)
			if (i != damaged) {
				assert_next(spool, from, i);
				from = i + 1;
			}
		assert_end(spool, from);
		spool_close(spool);
	}
}

static void a_position_that_is_damaged_loses_nothing(void **state)
{
	struct spool *spool = open_spool();

	(void)state;
	write_records(spool, 1, 10);
	assert_int_equal(spool_acknowledge(spool, 6), 0);
	spool_close(spool);
	read_image("position");
	assert_int_equal(image_size, 20);
	for (size_t at = 0; at < image_size; at++) {
		image[at] ^= 0x20;
		write_image("position", image, image_size);
		image[at] ^= 0x20;
		spool = open_spool();
		assert_int_equal(counts_of(spool).position, 0);
		assert_int_equal(counts_of(spool).damaged, 20);
		assert_all(spool, 1, 10);
		spool_close(spool);
	}
	for (size_t size = 0; size < image_size; size++) {
		write_image("position", image, size);
		spool = open_spool();
		assert_int_equal(counts_of(spool).position, 0);
		spool_close(spool);
	}
	write_image("position", image, image_size);
	spool = open_spool();
	assert_int_equal(counts_of(spool).position, 6);
	assert_all(spool, 6, 10);
	spool_close(spool);
}

/* Numbers go on behind it, though no record has one so high. */
static void a_position_is_ahead_of_the_records(void **state)
{
	struct spool *spool = open_spool();

	(void)state;
	write_records(spool, 1, 10);
	assert_int_equal(spool_acknowledge(spool, 6), 0);
	spool_close(spool);
	read_image("position");
	empty_folder();
	write_image("position", image, image_size);
	spool = open_spool();
	assert_int_equal(counts_of(spool).next, 6);
	assert_int_equal(counts_of(spool).records, 0);
	spool_close(spool);
}

/* --- what nobody of us wrote */

static void other_files_stay(void **state)
{
	struct spool *spool;

	(void)state;
	write_image("000000000000000g.segment", "x", 1);
	write_image("1.segment", "x", 1);
	write_image("000000000000000A.segment", "x", 1);
	write_image("ffffffffffffffff.segment", "x", 1);
	write_image("notes", "x", 1);
	in_folder("0000000000000009.segment");
	assert_int_equal(symlink("notes", path), 0);
	in_folder("0000000000000008.segment");
	assert_int_equal(mkfifo(path, 0600), 0);
	spool = open_spool();
	assert_int_equal(counts_of(spool).segments, 0);
	spool_close(spool);
	/* And "lock", which is ours. */
	assert_int_equal(count_files(""), 8);
}

/* Each place looks like the beginning of a record that has all that follows: this must end soon. */
static void a_segment_of_beginnings_ends(void **state)
{
	enum { SIZE = 8 << 20 };
	char *bytes = malloc(SIZE);
	struct spool *spool;
	__u32 size = 0;

	(void)state;
	for (size_t at = 0; at + RECORD_HEADER <= SIZE; at += RECORD_HEADER) {
		memset(bytes + at, 0, RECORD_HEADER);
		memcpy(bytes + at, RECORD_MAGIC, 4);
		size = (__u32)(SIZE - at - RECORD_HEADER);
		memcpy(bytes + at + 4, &size, 4);
		bytes[at + 16] = 1;
	}
	write_image(FIRST_SEGMENT, bytes, SIZE);
	free(bytes);
	spool = open_spool();
	assert_int_equal(counts_of(spool).records, 0);
	assert_int_equal(counts_of(spool).damaged, SIZE);
	spool_close(spool);
	assert_int_equal(count_files(".segment"), 0);
}

static void random_bytes_are_damage(void **state)
{
	unsigned int seed = 1;

	(void)state;
	for (unsigned int round = 0; round < 200; round++) {
		struct spool *spool;

		for (size_t i = 0; i < 3000; i++) {
			seed = seed * 1103515245 + 12345;
			image[i] = (char)(seed >> 16);
		}
		for (size_t i = 0; i < 20; i++)
			memcpy(image + (i * 139 + round) % 2990, RECORD_MAGIC, 4);
		write_image(FIRST_SEGMENT, image, 3000);
		spool = open_spool();
		assert_int_equal(counts_of(spool).records, 0);
		assert_int_equal(counts_of(spool).damaged, 3000);
		spool_close(spool);
	}
}

/* Sums that fit do not make a message: a newline in an identity would be a command to the server. */
static void a_record_with_control_characters_is_none(void **state)
{
	static const char *const ids[] = { "a\nb", "a b", "", "a\rPUB x 0", "\x7f" };
	struct spool_record record, parsed;
	char text[128], bytes[512];
	__u64 summed = 0;
	size_t needed;

	(void)state;
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		record = make_record(1, text);
		record.id = ids[i];
		record.id_size = strlen(ids[i]);
		record_encode(&record, bytes);
		assert_int_equal(record_parse(bytes, record_size(&record), &parsed, &needed, &summed), -EBADMSG);
		record = make_record(1, text);
		record.subject = ids[i];
		record.subject_size = strlen(ids[i]);
		record_encode(&record, bytes);
		assert_int_equal(record_parse(bytes, record_size(&record), &parsed, &needed, &summed), -EBADMSG);
	}
	record = make_record(0, text);
	record_encode(&record, bytes);
	assert_int_equal(record_parse(bytes, record_size(&record), &parsed, &needed, &summed), -EBADMSG);
}

/* A disk that is full in the middle of a record: what was whole stays, and what comes later goes behind it. */
static void a_full_disk_leaves_no_half(void **state)
{
	struct spool *spool = open_spool();
	char text[128], bytes[512];
	struct spool_record record = make_record(4, text);

	(void)state;
	write_records(spool, 1, 3);
	record_encode(&record, bytes);
	/* pwrite fails behind the end of what can be read. */
	assert_int_equal(spool_write(spool, (void *)(uintptr_t)1, 100, 4, 4), -EFAULT);
	assert_int_equal(counts_of(spool).next, 4);
	assert_all(spool, 1, 3);
	assert_int_equal(spool_write(spool, bytes, record_size(&record), 4, 4), 0);
	assert_next(spool, 4, 4);
	spool_close(spool);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_written_is_read),
		TEST(another_process_goes_on),
		TEST(numbers_have_holes),
		TEST(acknowledged_segments_are_deleted),
		TEST(reading_goes_on_while_segments_go),
		TEST(a_process_excludes_others),
		TEST(a_folder_is_made),
		TEST(a_torn_end_is_cut_off_at_every_byte),
		TEST(a_damaged_byte_costs_its_record),
		TEST(a_position_that_is_damaged_loses_nothing),
		TEST(a_position_is_ahead_of_the_records),
		TEST(other_files_stay),
		TEST(a_segment_of_beginnings_ends),
		TEST(random_bytes_are_damage),
		TEST(a_record_with_control_characters_is_none),
		TEST(a_full_disk_leaves_no_half),
	};

	return cmocka_run_group_tests_name("stream-spool", tests, NULL, NULL);
}
