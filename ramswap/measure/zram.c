// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "fail.h"
#include "io.h"
#include "machine.h"
#include "measure.h"
#include "sample.h"
#include "zram_device.h"

enum { FIRST = 1 }; /* page of the sample in the device: see zram_device.h */

/* A measurement on its way. */
struct zram_run {
	const struct measure_settings *settings;
	const struct measure_signals *signals;
	__u64 moved, to_move; /* pages */
	const char *algorithm;
	struct measure_pages pages;
	struct measure_device device;
	struct measure_io io;
	struct ramswap_measures *measures;
};

/* How many bytes of sample there may be: it is there twice, here and in the device. */
static int choose_size(__u64 *size, struct ramswap_problem *problem)
{
	struct ramswap_facts *facts;
	int err = measure_facts_read(0, &facts, problem);

	if (err)
		return err;
	if (!*size) {
		*size = measure_available(facts) / 8;
		if (*size > MEASURE_SAMPLE_SIZE)
			*size = MEASURE_SAMPLE_SIZE;
	}
	if (*size > MEASURE_SAMPLE_SIZE_MAX)
		*size = MEASURE_SAMPLE_SIZE_MAX;
	if (*size < MEASURE_SAMPLE_SIZE_LEAST)
		*size = MEASURE_SAMPLE_SIZE_LEAST;
	err = measure_check_room(facts, 2 * *size, problem);
	ramswap_facts_free(facts);
	return err;
}

static int take_sample(const struct measure_settings *settings, struct measure_pages *pages,
	struct ramswap_problem *problem)
{
	__u64 size = settings->size;
	int err = choose_size(&size, problem);

	if (!err)
		err = measure_pages_get(pages, size / (__u64)sysconf(_SC_PAGESIZE), problem);
	if (err)
		return err;
	return settings->corpus ? measure_corpus_read(settings->corpus, pages, problem) :
				  measure_sample_take(pages, 0, MEASURE_SAMPLE_SECONDS, problem);
}

/* The device's own files. */
static int read_device(const struct zram_run *run, struct ramswap_zram *zram, struct ramswap_problem *problem)
{
	struct ramswap_facts *facts;
	int err = measure_facts_read(RAMSWAP_READ_ZRAM, &facts, problem);

	if (err)
		return err;
	err = -ENODEV;
	for (size_t i = 0; i < facts->zram_count && err; i++)
		if (facts->zrams[i].number == run->device.number) {
			*zram = facts->zrams[i];
			err = 0;
		}
	ramswap_facts_free(facts);
	return err ? measure_fail(problem, err, "%s is not there", run->device.name) : 0;
}

static void take_down_numbers(struct zram_run *run, const struct ramswap_zram *zram, const struct measure_times *out,
	const struct measure_times *in)
{
	struct ramswap_measured *measured = &run->measures->zram[run->measures->zram_count++];

	*measured = (struct ramswap_measured){
		.pages = run->pages.count,
		.ratio = (double)zram->stored / (double)(zram->compressed ? zram->compressed : 1),
		.incompressible_pages = zram->huge_pages,
		.write_ns = (double)out->p50,
		.read_ns = (double)in->p50,
		.read_p99_ns = (double)in->p99,
	};
	memcpy(measured->algorithm, zram->algorithm, sizeof(measured->algorithm));
}

static int write_and_read(struct zram_run *run, struct ramswap_problem *problem)
{
	struct measure_times out, in;
	struct ramswap_zram zram;
	int err;

	run->io.file = open(run->device.path, O_RDWR | O_DIRECT | O_EXCL | O_CLOEXEC);
	if (run->io.file < 0)
		return measure_fail(problem, -errno, "%s: %s", run->device.path, strerror(errno));
	err = measure_io_write(&run->io, &run->pages, &out, problem);
	if (!err)
		err = read_device(run, &zram, problem);
	if (!err)
		err = measure_io_compare(&run->io, &run->pages, &in, problem);
	close(run->io.file);
	if (!err && zram.stat_fields < 7)
		err = measure_fail(problem, -EIO, "%s: its mm_stat cannot be read", run->device.name);
	if (!err)
		take_down_numbers(run, &zram, &out, &in);
	return err;
}

static void tell(void *context, size_t pages)
{
	struct zram_run *run = context;

	run->moved += pages;
	run->settings->progress(run->settings->context, run->algorithm, run->moved * run->pages.page_size,
		run->to_move * run->pages.page_size);
}

static int measure_algorithm(struct zram_run *run, const char *algorithm, struct ramswap_problem *problem)
{
	int err;

	run->algorithm = algorithm;
	/* One that cannot be set up is left out; what is wrong with the device itself, the reset says. */
	err = measure_device_set_up(&run->device, algorithm, (FIRST + run->pages.count) * run->pages.page_size,
		problem);
	if (err)
		return measure_device_reset(&run->device, problem);
	err = write_and_read(run, problem);
	return err ? err : measure_device_reset(&run->device, problem);
}

static int measure_algorithms(struct zram_run *run, struct ramswap_problem *problem)
{
	struct ramswap_zram zram;
	int err = read_device(run, &zram, problem);

	run->to_move = 2 * run->pages.count * (err ? 0 : zram.algorithm_count);
	for (size_t i = 0; !err && i < zram.algorithm_count; i++)
		err = measure_algorithm(run, zram.algorithms[i], problem);
	if (!err && !run->measures->zram_count)
		err = measure_fail(problem, -ENODEV, "none of zram's algorithms can be set up");
	return err;
}

static int measure_sample(struct zram_run *run, struct ramswap_problem *problem)
{
	struct ramswap_problem other;
	int err = measure_io_get(&run->io, run->pages.count, problem), removed;

	if (err)
		return err;
	err = measure_device_add(&run->device, problem);
	if (!err) {
		run->io.name = run->device.path;
		run->io.signals = run->signals;
		run->io.first = FIRST;
		run->io.moved = run->settings->progress ? tell : NULL;
		run->io.context = run;
		err = measure_algorithms(run, problem);
		removed = measure_device_remove(&run->device, err ? &other : problem);
		err = err ? err : removed;
	}
	measure_io_put(&run->io);
	return err;
}

int measure_zram(const struct measure_settings *settings, struct ramswap_measures *measures,
	struct ramswap_problem *problem)
{
	struct measure_signals signals;
	struct zram_run run = { .settings = settings, .signals = &signals, .measures = measures };
	int err;

	memset(measures, 0, sizeof(*measures));
	err = measure_device_load(problem);
	if (err)
		return err;
	measure_signals_hold(&signals);
	err = take_sample(settings, &run.pages, problem);
	if (!err)
		err = measure_sample(&run, problem);
	measure_pages_clear(&run.pages);
	measure_signals_release(&signals);
	if (err)
		memset(measures, 0, sizeof(*measures));
	return err;
}
