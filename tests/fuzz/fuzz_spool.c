// SPDX-License-Identifier: GPL-2.0-or-later
/* A spool whose segment is the input: it is opened, read, written further, and opened again. Every checksum fits. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "lib/stream/spool.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SEGMENT "0000000000000001.segment"

static char folder[] = "/dev/shm/fuzz-spool-XXXXXX";
static int folder_fd = -1;

__u32 record_checksum(const void *first, size_t first_size, const void *second, size_t second_size)
{
	(void)first;
	(void)first_size;
	(void)second;
	(void)second_size;
	return 0;
}

/* The segments are gone: all was acknowledged. */
static void empty(void)
{
	unlinkat(folder_fd, SEGMENT, 0);
	unlinkat(folder_fd, "position", 0);
}

static void clear(void)
{
	empty();
	unlinkat(folder_fd, "lock", 0);
	rmdir(folder);
}

static void put_file(const char *name, const uint8_t *data, size_t size)
{
	int fd = openat(folder_fd, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	close(fd);
}

/* Reads all; how many records, each of which must be whole and behind the one before. */
static __u64 read_through(struct spool *spool)
{
	struct spool_record record;
	__u64 from = 1, count = 0;
	char sum = 0;

	while (!spool_read(spool, from, &record)) {
		if (record.number < from)
			abort();
		for (size_t i = 0; i < record.size; i++)
			sum ^= record.bytes[i];
		if (!record_is_word(record.id, record.id_size, 255) || !record_is_word(record.subject, record.subject_size, 255))
			abort();
		from = record.number + 1;
		count++;
	}
	return count + (sum & 0);
}

static struct spool *open_spool(void)
{
	struct spool *spool;

	return spool_open(folder, 1000, &spool) ? NULL : spool;
}

static void append(struct spool *spool, const uint8_t *data, size_t size)
{
	struct spool_record record = { .id = "id", .id_size = 2, .subject = "s", .subject_size = 1 };
	struct spool_counts counts;
	char bytes[128];

	spool_counts(spool, &counts);
	record.number = counts.next;
	record.bytes = (const char *)data;
	record.size = size < 64 ? size : 64;
	record_encode(&record, bytes);
	if (counts.next < RECORD_NUMBER_MAX && spool_write(spool, bytes, record_size(&record), counts.next, counts.next))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct spool_counts counts, again;
	struct spool *spool;
	__u64 count;

	if (folder_fd < 0) {
		if (!mkdtemp(folder) || (folder_fd = open(folder, O_RDONLY | O_DIRECTORY)) < 0)
			abort();
		atexit(clear);
	}
	put_file(SEGMENT, data, size);
	if (size >= 20)
		put_file("position", data + size - 20, 20);
	spool = open_spool();
	if (!spool)
		abort();
	count = read_through(spool);
	spool_counts(spool, &counts);
	append(spool, data, size);
	spool_close(spool);

	spool = open_spool();
	if (!spool)
		abort();
	spool_counts(spool, &again);
	/* What was found stays, and there is one more. */
	if (counts.next < RECORD_NUMBER_MAX && (again.records != counts.records + 1 || read_through(spool) != count + 1))
		abort();
	if (spool_acknowledge(spool, again.next))
		abort();
	spool_close(spool);
	empty();
	return 0;
}
