/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Samples of a machine in a file, one after the other. The first line is "ramswap-trace 1"; each further one is a
 * sample: words NAME=NUMBER with spaces between them, in any order. Numbers are decimal, sizes in bytes, time in
 * nanoseconds. A name that is not known is left out; what has no word is 0, or was not said by the kernel.
 *
 *   time page_size total available anonymous file       of struct status_sample
 *   swap swap_used swap_cached fast fast_used
 *   stored in_memory resident
 *   in out zeros_in zeros_out zswap_in zswap_out         pages, of struct status_counters
 *   refault_anon refault_file major_faults stalls kills  counts of it
 *   some full                                            microseconds of pressure
 */
#ifndef RAMSWAP_STATUS_TRACE_H
#define RAMSWAP_STATUS_TRACE_H

#include <stdio.h>
#include "../ramswap.h"
#include "sample.h"

enum {
	TRACE_SAMPLES_MAX = 100000, /* more than a day, once a second */
	TRACE_SIZE_MAX = 64 << 20,
};

struct trace {
	struct status_sample *samples;
	size_t count; /* at least 1 */
};

/* The first line; then each sample. */
void trace_print_head(FILE *out);
void trace_print_sample(FILE *out, const struct status_sample *sample);

/*
 * A whole file's text. name: of the file, for the problem. 0, to be freed with trace_free; -EINVAL: it is no trace, and
 * the problem says which line: times must grow; -EFBIG: there are more than TRACE_SAMPLES_MAX; -ENOMEM.
 */
int trace_parse(const char *name, const char *text, size_t size, struct trace *trace, struct ramswap_problem *problem);
void trace_free(struct trace *trace);

#endif
