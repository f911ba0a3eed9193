/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bytes of a jitdump file, jit-PID.dump: what a runtime compiled, with times
 * (tools/perf/Documentation/jitdump-specification.txt of the kernel's sources). The order of bytes
 * is the writer's and either is read. The bytes come piece by piece, as from a file that grows;
 * records of kinds that are not needed, and the code itself, are passed over without being kept,
 * so what is kept is small whatever the file says. Pure: no file is touched.
 */
#ifndef KEVENTS_JIT_JITDUMP_H
#define KEVENTS_JIT_JITDUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { JITDUMP_NAME_MAX = 1023 }; /* what is longer is cut */

enum jitdump_kind {
	JITDUMP_LOAD, /* code came to be at start */
	JITDUMP_MOVE, /* the code of this index, before at old_start, is at start now */
};

struct jitdump_record {
	enum jitdump_kind kind;
	uint64_t time;	      /* ns; CLOCK_MONOTONIC, unless the file says clock_is_tsc */
	uint64_t start, size; /* start + size does not overflow */
	uint64_t old_start;   /* of a move */
	uint64_t index;	      /* the writer's number for this piece of code */
	const char *name;     /* of a load, not ended by a NUL; NULL of a move */
	size_t name_length;
};

enum {
	JITDUMP_FILE_HEADER = 40, /* bytes */
	JITDUMP_RECORD_HEADER = 16,
	JITDUMP_LOAD_FIXED = JITDUMP_RECORD_HEADER + 40, /* up to the name */
	JITDUMP_MOVE_FIXED = JITDUMP_RECORD_HEADER + 48,
};

/* The state between two pieces; all zero is the start of a file. */
struct jitdump_parser {
	uint8_t kept[JITDUMP_LOAD_FIXED + JITDUMP_NAME_MAX + 1]; /* the front of what comes now */
	size_t length;						 /* of what is kept */
	uint64_t skip; /* how many bytes to pass over before the next record */
	bool has_header, is_swapped, is_closed;
	/* from the header */
	bool clock_is_tsc; /* times are not ns: they cannot be compared with an event's */
	uint32_t pid, machine;
	uint64_t records, loads, moves; /* so far */
};

/*
 * Hands each load and move to take, which returns 0 to go on; a load as soon as its name is there.
 * 0, what take returned, or -EBADMSG: this is not a jitdump, or a record contradicts itself, and
 * nothing behind it can be found any more. After either the parser is at its end.
 */
int jitdump_parse(struct jitdump_parser *parser, const void *bytes, size_t size,
	int (*take)(const struct jitdump_record *record, void *context), void *context);

#endif
