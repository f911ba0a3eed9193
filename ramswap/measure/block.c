// SPDX-License-Identifier: GPL-2.0-or-later
#include "block.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "../facts/usable.h"
#include "fail.h"
#include "io.h"
#include "machine.h"
#include "measure.h"
#include "random.h"

/* The device, and whether it may be written to. */
static int judge(const char *name, __u64 size, struct measure_block *block, __u64 *in_device,
	struct ramswap_problem *problem)
{
	const unsigned int not_needed = RAMSWAP_READ_OTHERS | RAMSWAP_READ_PRESSURE | RAMSWAP_READ_MODULES;
	const struct ramswap_block *found;
	struct ramswap_facts *facts;
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC), err;

	if (root < 0)
		return measure_fail(problem, -errno, "/: %s", strerror(errno));
	err = ramswap_facts_read_some(root, RAMSWAP_READ_ALL & ~not_needed, &facts, problem);
	if (err) {
		close(root);
		return err;
	}
	/* One that cannot be read stays unread, and is judged so. */
	ramswap_facts_read_signature(root, facts, name);
	close(root);
	found = ramswap_find_block(facts, name);
	if (found) {
		*in_device = found->size;
		size = size < found->size ? size : found->size;
		err = measure_check_room(facts, 2 * size, problem);
		block->is_written =
			facts_block_usable(facts, found, block->reason, sizeof(block->reason)) == SOURCE_USABLE;
	} else {
		err = measure_fail(problem, -ENODEV, "%s: there is no such block device", name);
	}
	ramswap_facts_free(facts);
	return err;
}

static int open_device(const char *name, bool is_written, struct ramswap_problem *problem)
{
	char path[RAMSWAP_NAME_MAX + 8];
	int file;

	snprintf(path, sizeof(path), "/dev/%s", name);
	/* In names below /sys it stands for a slash. */
	for (char *mark = path; (mark = strchr(mark, '!'));)
		*mark = '/';
	file = open(path, (is_written ? O_RDWR | O_EXCL : O_RDONLY) | O_DIRECT | O_CLOEXEC);
	if (file < 0)
		return measure_fail(problem, -errno, "%s: %s", path, strerror(errno));
	return file;
}

/* All of the pages from the device's beginning on. */
static int save(const struct measure_io *io, struct measure_pages *was, size_t count, struct ramswap_problem *problem)
{
	for (was->count = 0; was->count < count; was->count++) {
		const off_t place = (off_t)(was->count * was->page_size);
		ssize_t got = pread(io->file, measure_page(was, was->count), was->page_size, place);

		if (got != (ssize_t)was->page_size)
			return measure_fail(problem, got < 0 ? -errno : -EIO, "%s: read: %s", io->name,
				got < 0 ? strerror(errno) : "it is shorter than it says");
	}
	return 0;
}

static int put_back(const struct measure_io *io, const struct measure_pages *was, struct ramswap_problem *problem)
{
	int err = 0;

	for (size_t i = 0; i < was->count; i++)
		if (pwrite(io->file, measure_page(was, i), was->page_size, (off_t)(i * was->page_size)) < 0)
			err = -errno;
	if (!err && fsync(io->file))
		err = -errno;
	if (err)
		measure_fail(problem, err, "%s: what was in its first %zu pages could not be put back: %s", io->name,
			was->count, strerror(-err));
	return err;
}

static void fill(struct measure_pages *pages)
{
	__u64 random = measure_random_seed();

	for (pages->count = 0; pages->count < pages->room; pages->count++)
		measure_random_page(measure_random(&random), measure_page(pages, pages->count), pages->page_size);
}

static int write_and_read(struct measure_io *io, struct measure_block *block, struct ramswap_problem *problem)
{
	struct measure_pages pages, was = { 0 };
	struct ramswap_problem later;
	int err = measure_pages_get(&pages, block->pages, problem), restored;

	if (!err)
		err = measure_pages_get(&was, block->pages, problem);
	if (!err)
		err = save(io, &was, block->pages, problem);
	if (!err) {
		fill(&pages);
		err = measure_io_write(io, &pages, &block->out, problem);
		if (!err)
			err = measure_io_compare(io, &pages, &block->in, problem);
		/* That the device is not as it was is what counts more. */
		restored = put_back(io, &was, &later);
		if (restored) {
			err = restored;
			*problem = later;
		}
	}
	measure_pages_clear(&pages);
	measure_pages_clear(&was);
	return err;
}

static int measure_held(struct measure_io *io, struct measure_block *block, __u64 in_device,
	struct ramswap_problem *problem)
{
	int err = measure_io_get(io, block->pages, problem);

	if (err)
		return err;
	err = block->is_written ? write_and_read(io, block, problem) :
				  measure_io_read(io, block->pages, in_device, &block->in, problem);
	measure_io_put(io);
	return err;
}

int measure_block(const char *name, __u64 size, struct measure_block *block, struct ramswap_problem *problem)
{
	const __u64 page_size = (__u64)sysconf(_SC_PAGESIZE);
	struct measure_signals signals;
	struct measure_io io = { .name = name, .signals = &signals };
	__u64 in_device = 0;
	int err;

	memset(block, 0, sizeof(*block));
	size = size ? size : MEASURE_BLOCK_SIZE;
	size = size < MEASURE_SAMPLE_SIZE_MAX ? size : MEASURE_SAMPLE_SIZE_MAX;
	err = judge(name, size, block, &in_device, problem);
	if (err)
		return err;
	block->pages = (size < in_device ? size : in_device) / page_size;
	if (!block->pages)
		return measure_fail(problem, -EINVAL, "%s: it has less than a page", name);
	io.file = open_device(name, block->is_written, problem);
	if (io.file < 0)
		return io.file;
	measure_signals_hold(&signals);
	err = measure_held(&io, block, in_device / page_size, problem);
	close(io.file);
	measure_signals_release(&signals);
	return err;
}
