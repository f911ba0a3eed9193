/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the sources do not tell, in words. */
#ifndef KEVENTS_WATCH_SOURCE_COVERAGE_H
#define KEVENTS_WATCH_SOURCE_COVERAGE_H

#include <stddef.h>
#include <stdint.h>

/* KEVENTS_BIT of types. */
struct source_coverage {
	uint32_t wanted;
	uint32_t by_bpf;
	uint32_t by_perf;
	const char *why_not_bpf; /* NULL: BPF is used */
};

/* A line each, without a last newline; "": nothing is missing. */
void say_what_is_missing(const struct source_coverage *coverage, char *text, size_t size);

#endif
