// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any bytes as the files of /proc and /sys that ramswap reads: the first byte says as which. What comes out is checked
 * against what the headers promise, and judged.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "ramswap/facts/candidates.h"
#include "ramswap/facts/parse.h"
#include "ramswap/facts/text.h"
#include "ramswap/state/state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void promise(bool is_kept)
{
	if (!is_kept)
		abort();
}

static void try_memory(const char *text, size_t size)
{
	struct ramswap_memory memory;

	if (facts_parse_memory(text, size, &memory))
		return;
	promise(memory.total && memory.total <= FACTS_SIZE_MOST && memory.free <= memory.total);
	promise(memory.available <= memory.total && memory.swap_free <= memory.swap_total);
}

static void try_swaps(const char *text, size_t size)
{
	struct ramswap_facts *facts = calloc(1, sizeof(*facts));

	if (!facts_parse_swaps(text, size, facts))
		for (size_t i = 0; i < facts->swap_count; i++) {
			promise(*facts->swaps[i].path && strlen(facts->swaps[i].path) <= FACTS_LINE_MAX);
			promise(facts->swaps[i].used <= facts->swaps[i].size && facts->swaps[i].size <= FACTS_SIZE_MOST);
			promise(facts->swaps[i].priority <= 32767 && facts->swaps[i].priority >= -32768);
		}
	ramswap_facts_free(facts);
}

static void try_mounts(const char *text, size_t size)
{
	struct facts_mounts mounts;

	promise(!facts_parse_mounts(text, size, &mounts));
	for (size_t i = 0; i < mounts.count; i++)
		promise(!strchr(mounts.mounts[i].source, '/'));
	facts_find_mount(&mounts, text);
	facts_mounts_free(&mounts);
}

static void try_zram(const char *text, size_t size)
{
	struct ramswap_zram *zram = calloc(1, sizeof(*zram));

	facts_parse_mm_stat(text, zram);
	facts_parse_io_stat(text, zram);
	facts_parse_bd_stat(text, zram);
	facts_parse_algorithms(text, zram);
	facts_parse_recompression(text, size, zram->recompression);
	promise(zram->algorithm_count <= RAMSWAP_ALGORITHMS_MAX && zram->limit <= FACTS_SIZE_MOST);
	promise(zram->resident <= FACTS_SIZE_MOST && !strchr(zram->algorithm, '/'));
	free(zram);
}

static void try_ranges(const char *text, size_t size)
{
	struct ramswap_facts *facts = calloc(1, sizeof(*facts));
	struct facts_candidates candidates;

	promise(!facts_parse_ranges(text, size, facts));
	for (size_t i = 0; i < facts->range_count; i++)
		promise(facts->ranges[i].start <= facts->ranges[i].end);
	promise(!facts_find_candidates(facts, &candidates));
	facts_candidates_free(&candidates);
	ramswap_facts_free(facts);
}

static void try_node(const char *text, size_t size)
{
	struct ramswap_node *node = calloc(1, sizeof(*node));

	facts_parse_node_memory(text, size, node);
	facts_parse_distances(text, size % (RAMSWAP_NODES_MAX + 1), node);
	promise(node->free <= node->total);
	free(node);
	promise(facts_parse_list_count(text) <= 65536);
	facts_list_has(text, 7);
}

static void try_command_line(const char *text)
{
	struct ramswap_facts facts = { .command_line = (char *)text };
	struct facts_candidates candidates;
	char value[8];

	facts_has_parameter(text, "resume", value, sizeof(value));
	promise(!facts_find_candidates(&facts, &candidates));
	for (size_t i = 0; i < candidates.count; i++)
		promise(candidates.list[i].size <= FACTS_SIZE_MOST && *candidates.list[i].reason);
	facts_candidates_free(&candidates);
}

static void try_others(const char *text, size_t size)
{
	struct ramswap_facts *facts = calloc(1, sizeof(*facts));
	char group[RAMSWAP_PATH_MAX + 1];

	facts_parse_pressure(text, size, facts);
	promise(facts->pressure_some_10 >= 0 && facts->pressure_some_10 <= 100);
	for (int is_first = 0; is_first < 2; is_first++)
		if (facts_parse_group(text, size, is_first, group))
			promise(*group == '/' && !strstr(group, "/.."));
	facts_parse_generator(text, size);
	free(facts);
}

static void try_state(const char *text, size_t size)
{
	struct state state;

	if (state_parse(text, size, &state))
		return;
	for (size_t i = 0; i < state.count; i++) {
		promise(*state.steps[i].name && !strstr(state.steps[i].name, ".."));
		promise(state_has(&state, state.steps[i].kind, state.steps[i].name));
	}
	state_free(&state);
}

static void try_one(unsigned int which, const char *text, size_t size)
{
	switch (which % 9) {
	case 0:
		try_memory(text, size);
		break;
	case 1:
		try_swaps(text, size);
		break;
	case 2:
		try_mounts(text, size);
		break;
	case 3:
		try_zram(text, size);
		break;
	case 4:
		try_ranges(text, size);
		break;
	case 5:
		try_node(text, size);
		break;
	case 6:
		try_command_line(text);
		break;
	case 7:
		try_others(text, size);
		break;
	case 8:
		try_state(text, size);
		break;
	}
}

/* A copy of exactly that size, with a 0 behind it, so that a byte too far is noticed. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text;

	if (!size)
		return 0;
	text = malloc(size);
	memcpy(text, data + 1, size - 1);
	text[size - 1] = 0;
	try_one(*data, text, size - 1);
	free(text);
	return 0;
}
