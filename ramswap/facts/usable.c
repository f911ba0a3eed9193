// SPDX-License-Identifier: GPL-2.0-or-later
#include "usable.h"
#include <stdio.h>
#include <string.h>
#include "../../lib/text/size.h"
#include "../state/state.h"

static const char *const words[] = {
	[SOURCE_USABLE] = "usable",
	[SOURCE_OURS] = "ours",
	[SOURCE_IS_SWAP] = "swap",
	[SOURCE_IS_MOUNTED] = "mounted",
	[SOURCE_IS_HELD] = "held",
	[SOURCE_IS_RESUME] = "resume",
	[SOURCE_HAS_PARTITIONS] = "partitions",
	[SOURCE_IS_SET_UP] = "set-up",
	[SOURCE_IS_TOO_SMALL] = "too-small",
	[SOURCE_IS_READ_ONLY] = "read-only",
	[SOURCE_IS_NAMED] = "named",
	[SOURCE_HAS_SIGNATURE] = "signature",
	[SOURCE_IS_UNREAD] = "unread",
};

const char *facts_source_word(enum source_state state)
{
	return words[state];
}

static const struct ramswap_swap *swap_on(const struct ramswap_facts *facts, const struct ramswap_block *block)
{
	for (size_t i = 0; i < facts->swap_count; i++)
		if (!facts->swaps[i].is_file && !strcmp(facts->swaps[i].device, block->name))
			return &facts->swaps[i];
	return NULL;
}

static bool is_backing(const struct ramswap_zram *zram, const struct ramswap_block *block)
{
	return !strncmp(zram->backing, "/dev/", 5) && !strcmp(zram->backing + 5, block->name);
}

/* A zram device that writes back to the block; NULL: none. */
static const struct ramswap_zram *zram_over(const struct ramswap_facts *facts, const struct ramswap_block *block)
{
	for (size_t i = 0; i < facts->zram_count; i++)
		if (is_backing(&facts->zrams[i], block))
			return &facts->zrams[i];
	return NULL;
}

static const struct ramswap_zram *zram_of(const struct ramswap_facts *facts, const struct ramswap_block *block)
{
	for (size_t i = 0; block->kind == RAMSWAP_ZRAM && i < facts->zram_count; i++) {
		char name[RAMSWAP_NAME_MAX + 1];

		snprintf(name, sizeof(name), "zram%u", facts->zrams[i].number);
		if (!strcmp(name, block->name))
			return &facts->zrams[i];
	}
	return NULL;
}

/* That of a partition is its disk's: "pmem0p1" begins with "pmem0". */
static const struct ramswap_namespace *namespace_of(const struct ramswap_facts *facts,
	const struct ramswap_block *block)
{
	for (size_t i = 0; i < facts->namespace_count; i++) {
		const char *name = facts->namespaces[i].block;
		size_t length = strlen(name);

		if (length && !strncmp(block->name, name, length) &&
			(!block->name[length] || block->name[length] == 'p'))
			return &facts->namespaces[i];
	}
	return NULL;
}

/* One that is left of an earlier start has our label; the image of a hibernated system has another signature. */
static bool has_foreign_signature(const struct ramswap_block *block)
{
	if (!*block->signature || !strcmp(block->signature, "?"))
		return false;
	return strcmp(block->signature, "swap") || strcmp(block->label, STATE_SWAP_LABEL);
}

/* Who has it now. SOURCE_USABLE: nobody. */
static enum source_state find_user(const struct ramswap_facts *facts, const struct ramswap_block *block, char *reason,
	size_t size)
{
	const struct ramswap_swap *swap = swap_on(facts, block);
	const struct ramswap_zram *zram = zram_of(facts, block), *over = zram_over(facts, block);

	/* A line of the state alone is not enough: the step may not have been made, or have been undone by others. */
	if ((swap && swap->is_ours) || (zram && zram->is_ours && !block->is_mounted)) {
		snprintf(reason, size, "ramswap has it already");
		return SOURCE_OURS;
	}
	if (swap) {
		snprintf(reason, size, "it is swap already, of priority %d, and not by ramswap", swap->priority);
		return SOURCE_IS_SWAP;
	}
	if (block->is_mounted) {
		snprintf(reason, size, "it is mounted");
		return SOURCE_IS_MOUNTED;
	}
	if (*block->holder || over) {
		if (over)
			snprintf(reason, size, "zram%u writes back to it", over->number);
		else
			snprintf(reason, size, "%s is on it", block->holder);
		return SOURCE_IS_HELD;
	}
	if (zram && zram->is_set_up) {
		snprintf(reason, size, "it is set up, and not by ramswap");
		return SOURCE_IS_SET_UP;
	}
	return SOURCE_USABLE;
}

static bool is_resume(const struct ramswap_facts *facts, const struct ramswap_block *block)
{
	return (block->major || block->minor) && block->major == facts->resume_major &&
	       block->minor == facts->resume_minor;
}

/* What it is for. */
static enum source_state find_purpose(const struct ramswap_facts *facts, const struct ramswap_block *block,
	char *reason, size_t size)
{
	const struct ramswap_namespace *namespace = namespace_of(facts, block);
	char text[16];

	if (is_resume(facts, block)) {
		snprintf(reason, size, "the kernel resumes from it after hibernation");
		return SOURCE_IS_RESUME;
	}
	if (block->has_partitions) {
		snprintf(reason, size, "it has partitions");
		return SOURCE_HAS_PARTITIONS;
	}
	if (block->size < FACTS_SOURCE_SIZE_LEAST && block->kind != RAMSWAP_ZRAM) {
		size_print(text, sizeof(text), (double)block->size);
		snprintf(reason, size, "it is too small: %s", text);
		return SOURCE_IS_TOO_SMALL;
	}
	if (block->is_read_only) {
		snprintf(reason, size, "it is read-only");
		return SOURCE_IS_READ_ONLY;
	}
	if (namespace && *namespace->alt_name && strcmp(namespace->alt_name, STATE_SWAP_LABEL)) {
		snprintf(reason, size, "its namespace is somebody's: it is called \"%s\"", namespace->alt_name);
		return SOURCE_IS_NAMED;
	}
	return SOURCE_USABLE;
}

static enum source_state find_contents(const struct ramswap_block *block, char *reason, size_t size)
{
	if (has_foreign_signature(block)) {
		snprintf(reason, size, "%s is on it%s%s", block->signature, *block->label ? ", labelled " : "",
			block->label);
		return SOURCE_HAS_SIGNATURE;
	}
	/* Without its numbers it is not known either whether it is mounted. */
	if ((!strcmp(block->signature, "?") || (!block->major && !block->minor)) && block->kind != RAMSWAP_ZRAM) {
		snprintf(reason, size, "what is on it is not known");
		return SOURCE_IS_UNREAD;
	}
	return SOURCE_USABLE;
}

enum source_state facts_block_usable(const struct ramswap_facts *facts, const struct ramswap_block *block, char *reason,
	size_t size)
{
	enum source_state state = find_user(facts, block, reason, size);

	if (state == SOURCE_USABLE)
		state = find_purpose(facts, block, reason, size);
	if (state == SOURCE_USABLE)
		state = find_contents(block, reason, size);
	if (state == SOURCE_USABLE)
		*reason = 0;
	return state;
}
