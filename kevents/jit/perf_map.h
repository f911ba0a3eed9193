/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text of a perf map, /tmp/perf-PID.map: a line a function, "START SIZE NAME", both numbers
 * hexadecimal (tools/perf/Documentation/jit-interface.txt of the kernel's sources). Some runtimes
 * put 0x in front of the numbers (jcmd Compiler.perfmap of JDK 25), which the description forbids;
 * it is accepted. A name is the rest of the line, whatever bytes it has.
 *
 * The text comes piece by piece, as it is read from a file that grows: what ends without a newline
 * is kept until the newline is there. Pure: no file is touched.
 */
#ifndef KEVENTS_JIT_PERF_MAP_H
#define KEVENTS_JIT_PERF_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	PERF_MAP_NAME_MAX = 1023, /* what is longer is cut */
	PERF_MAP_LINE_MAX = PERF_MAP_NAME_MAX + 48,
};

struct perf_map_line {
	uint64_t start, size; /* size > 0, and start + size does not overflow */
	const char *name;     /* not ended by a NUL; at least one byte */
	size_t name_length;
};

/* Reads one line, without its newline. 0, or -EINVAL: it is not one. */
int perf_map_parse_line(const char *line, size_t length, struct perf_map_line *parsed);

/* The state between two pieces; all zero is the start of a file. */
struct perf_map_parser {
	char line[PERF_MAP_LINE_MAX]; /* what came of the line so far */
	size_t length;
	uint64_t lines, bad; /* so far: all, and those that were not understood */
};

/*
 * Hands each line that ends in this piece to take, which returns 0 to go on. 0, or what take
 * returned; what is left of the piece is then not looked at.
 */
int perf_map_parse(struct perf_map_parser *parser, const char *text, size_t size,
	int (*take)(const struct perf_map_line *line, void *context), void *context);

#endif
