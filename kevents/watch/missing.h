/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the sources do not tell, in words. */
#ifndef KEVENTS_WATCH_MISSING_H
#define KEVENTS_WATCH_MISSING_H

#include <stddef.h>
#include <stdint.h>

/* KEVENTS_BIT of types. */
struct told {
	uint32_t wanted;
	uint32_t by_bpf;
	uint32_t by_perf;
	const char *why_not_bpf; /* NULL: BPF is used */
};

/* A line each, without a last newline; "": nothing is missing. */
void say_what_is_missing(const struct told *told, char *text, size_t size);

#endif
