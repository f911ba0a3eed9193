/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The prefetches in the code of an ELF file, by function, and what is odd about them. */
#ifndef PREFETCH_SCAN_SCAN_H
#define PREFETCH_SCAN_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include "../decode.h"

/* What is odd about one. */
enum {
	/*
	 * The same cache line as one before it: the same operand, within a stretch of code without jumps into
	 * it, and nothing changes its registers in between.
	 */
	SCAN_SAME_LINE = 1 << 0,
	/* The same but for a displacement that differs by less than a line: most likely the same line. */
	SCAN_NEAR_LINE = 1 << 1,
	/* An address in page 0, or in none of the file's segments: always inaccessible. */
	SCAN_NO_PAGE = 1 << 2,
	/* In a loop that moves its base, ahead of it: in the last rounds it is behind what the loop is about. */
	SCAN_AHEAD = 1 << 3,
};

/* Bytes of a cache line. */
#define SCAN_LINE 64

struct scan_finding {
	__u64 address; /* as the file has it; of an object file: in its section */
	struct prefetch prefetch;
	unsigned int odd; /* SCAN_ bits */
	__u64 function; /* the address at which it begins: of the code, if nothing else is known */
	const char *name; /* of the function, among the result's names; NULL: it has none */
};

/* What is found in a file. */
struct scan_result {
	struct scan_finding *findings; /* by section and address */
	size_t count;
	unsigned int mode; /* PREFETCH_32 or PREFETCH_64 */
	void *names; /* what name points into */
};

enum { SCAN_MESSAGE_MAX = 160 };

/*
 * Scans the ELF file that is open as fd. 0; 1: it is no ELF file of x86, or has no code; or a negative errno, and
 * message says what is wrong. *result is to be freed with scan_free if it is 0.
 */
int scan_file(struct scan_result *result, int fd, char message[SCAN_MESSAGE_MAX]);
void scan_free(struct scan_result *result);

#endif
