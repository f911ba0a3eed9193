// SPDX-License-Identifier: GPL-2.0-or-later
#include "io.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "fail.h"
#include "random.h"

int measure_io_get(struct measure_io *io, size_t pages, struct ramswap_problem *problem)
{
	int err = measure_pages_get(&io->page, 1, problem);

	io->times = calloc(pages, sizeof(*io->times));
	io->order = calloc(pages, sizeof(*io->order));
	if (!err && (!io->times || !io->order))
		err = measure_fail(problem, -ENOMEM, "memory is short");
	if (err)
		measure_io_put(io);
	return err;
}

void measure_io_put(struct measure_io *io)
{
	measure_pages_clear(&io->page);
	free(io->times);
	free(io->order);
	io->times = NULL;
	io->order = NULL;
}

/* Between two pages: so many were moved. */
static int pause_after(const struct measure_io *io, size_t pages, struct ramswap_problem *problem)
{
	if (measure_signals_came(io->signals))
		return measure_fail(problem, -EINTR, "a signal came");
	if (io->moved && pages % MEASURE_IO_STEP == 0)
		io->moved(io->context, MEASURE_IO_STEP);
	return 0;
}

/* What read(2) or write(2) said. */
static int check_size(const struct measure_io *io, const char *verb, ssize_t got, struct ramswap_problem *problem)
{
	if (got < 0)
		return measure_fail(problem, -errno, "%s: %s: %s", io->name, verb, strerror(errno));
	if (got != (ssize_t)io->page.page_size)
		return measure_fail(problem, -EIO, "%s: %s: it ended within a page", io->name, verb);
	return 0;
}

static int read_page(struct measure_io *io, __u64 number, __u64 *time, struct ramswap_problem *problem)
{
	__u64 before = measure_now();
	ssize_t got = pread(io->file, io->page.bytes, io->page.page_size, (off_t)(number * io->page.page_size));

	*time = measure_now() - before;
	return check_size(io, "read", got, problem);
}

int measure_io_write(struct measure_io *io, const struct measure_pages *pages, struct measure_times *times,
	struct ramswap_problem *problem)
{
	for (size_t i = 0; i < pages->count; i++) {
		__u64 before = measure_now();
		const off_t place = (off_t)((io->first + i) * pages->page_size);
		ssize_t got = pwrite(io->file, measure_page(pages, i), pages->page_size, place);
		int err;

		io->times[i] = measure_now() - before;
		err = check_size(io, "write", got, problem);
		if (!err)
			err = pause_after(io, i + 1, problem);
		if (err)
			return err;
	}
	measure_times_sum_up(io->times, pages->count, times);
	return 0;
}

int measure_io_compare(struct measure_io *io, const struct measure_pages *pages, struct measure_times *times,
	struct ramswap_problem *problem)
{
	__u64 random = measure_random_seed();

	measure_random_order(&random, io->order, pages->count);
	for (size_t i = 0; i < pages->count; i++) {
		int err = read_page(io, io->first + io->order[i], &io->times[i], problem);

		if (err)
			return err;
		if (memcmp(io->page.bytes, measure_page(pages, io->order[i]), pages->page_size))
			return measure_fail(problem, -EIO, "%s: a page is not what was written to it", io->name);
		err = pause_after(io, i + 1, problem);
		if (err)
			return err;
	}
	measure_times_sum_up(io->times, pages->count, times);
	return 0;
}

int measure_io_read(struct measure_io *io, size_t count, __u64 in_device, struct measure_times *times,
	struct ramswap_problem *problem)
{
	__u64 random = measure_random_seed();

	for (size_t i = 0; i < count; i++) {
		int err = read_page(io, measure_random_below(&random, in_device), &io->times[i], problem);

		if (!err)
			err = pause_after(io, i + 1, problem);
		if (err)
			return err;
	}
	measure_times_sum_up(io->times, count, times);
	return 0;
}
