/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Part of libkevents: where the processors were, some times a second. For profilers: each sample
 * has what kevents_resolve of maps.h asks for, with times of the same clock.
 *
 * Errors, ownership, threads and units are as kevents.h has it.
 */
#ifndef KEVENTS_SAMPLE_H
#define KEVENTS_SAMPLE_H

#include "kevents.h"

#ifdef __cplusplus
extern "C" {
#endif

struct kevents_sample {
	uint64_t time;
	uint64_t address; /* of the instruction; its highest bit is set in the kernel */
	int32_t pid, tid;
	uint32_t cpu;
	uint32_t reserved;
};

struct kevents_sampler;

/*
 * Begins to sample all processors that are not idle, frequency times a second each, by
 * perf_event_open(2)'s cpu-clock. -EPERM: CAP_PERFMON is missing; other errors of perf_event_open.
 */
int kevents_sampler_open(
	uint32_t frequency, struct kevents_sampler **sampler, struct kevents_error *error);
/* Stops sampling and frees it; NULL: does nothing. */
void kevents_sampler_close(struct kevents_sampler *sampler);

/*
 * Hands on the samples that are there, processor by processor, without waiting. A handler returns 0
 * to go on. How many, or what the handler returned. To be called at least once a second: the buffer
 * of a processor holds some thousand samples.
 */
int kevents_sampler_read(struct kevents_sampler *sampler,
	int (*handler)(const struct kevents_sample *sample, void *context), void *context);

/* How many samples were lost because they were not read in time. */
uint64_t kevents_sampler_lost(const struct kevents_sampler *sampler);

#ifdef __cplusplus
}
#endif

#endif
