// SPDX-License-Identifier: GPL-2.0-or-later
/* Recordings of kevents: what is read is written, and reads the same. Every checksum fits. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "kevents/record/stored.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

uint32_t stored_crc(const void *bytes, size_t size)
{
	(void)bytes;
	(void)size;
	return 0;
}

static uint64_t sum_of_strings(const struct kevents_record *record)
{
	switch (record->type) {
	case KEVENTS_EXEC:
		return strlen(record->exec.path) + record->exec.args_size;
	case KEVENTS_IMAGE_LOAD:
	case KEVENTS_IMAGE_UNLOAD:
	case KEVENTS_ANON_EXEC:
		return strlen(record->image.path) + record->image.build_id_size;
	case KEVENTS_KERNEL_LOAD:
	case KEVENTS_KERNEL_UNLOAD:
		return strlen(record->kernel.name);
	case KEVENTS_CGROUP:
		return strlen(record->cgroup_change.path);
	default:
		return strlen(record->comm);
	}
}

/* Reads all of it, copies what is read to writer if there is one, and adds up what it was. */
static uint64_t read_through(int fd, struct kevents_writer *writer)
{
	struct kevents_reader *reader = NULL;
	struct kevents_record record;
	struct kevents_error error;
	uint64_t sum = 0;

	if (lseek(fd, 0, SEEK_SET) || kevents_reader_new(fd, &reader, &error))
		return 0;
	while (kevents_read(reader, &record, &error) == 1) {
		sum = sum * 31 + record.type + record.time + sum_of_strings(&record);
		if (writer && kevents_write(writer, &record))
			abort();
	}
	kevents_reader_close(reader);
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("input", 0), copy = memfd_create("copy", 0);
	struct kevents_writer *writer;
	uint64_t sum;

	if (fd < 0 || copy < 0 || write(fd, data, size) != (ssize_t)size ||
		kevents_writer_new(copy, NULL, &writer, NULL))
		abort();
	sum = read_through(fd, writer);
	if (kevents_writer_close(writer) || read_through(copy, NULL) != sum)
		abort();
	close(fd);
	close(copy);
	return 0;
}
