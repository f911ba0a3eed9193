/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The readers of facts, each for some files. They return 0, and leave out what is missing or nonsense; or -ENOMEM.
 * Those of memory and swaps have more errors.
 */
#ifndef RAMSWAP_FACTS_READER_H
#define RAMSWAP_FACTS_READER_H

#include "../ramswap.h"
#include "../state/state.h"
#include "file.h"

struct facts_reader {
	int root;
	unsigned int parts; /* RAMSWAP_READ_* */
	bool is_running; /* root is "/": the machine that runs this */
	struct state state;
	struct facts_buffer buffer;
	struct ramswap_facts *facts;
	struct ramswap_problem *problem;
};

/* Says what was wrong, and returns err. */
int facts_fail(struct ramswap_problem *problem, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

int facts_read_machine(struct facts_reader *reader);
int facts_read_memory(struct facts_reader *reader);
int facts_read_swaps(struct facts_reader *reader);
int facts_read_blocks(struct facts_reader *reader);
/* After the blocks: which are mounted; the numbers of swaps; whether /sys can be written. */
int facts_read_mounts(struct facts_reader *reader);
int facts_read_signatures(struct facts_reader *reader);
int facts_read_zram(struct facts_reader *reader);
int facts_read_nodes(struct facts_reader *reader);
int facts_read_ranges(struct facts_reader *reader);
/* After the blocks, which get their nodes, and the ranges. */
int facts_read_namespaces(struct facts_reader *reader);
int facts_read_daxes(struct facts_reader *reader);
int facts_read_modules(struct facts_reader *reader);
int facts_read_tunings(struct facts_reader *reader);
/* After the blocks. */
int facts_read_hibernation(struct facts_reader *reader);
int facts_read_group(struct facts_reader *reader);
int facts_read_others(struct facts_reader *reader);
int facts_read_pressure(struct facts_reader *reader);

#endif
