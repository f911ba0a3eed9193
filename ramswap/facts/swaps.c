// SPDX-License-Identifier: GPL-2.0-or-later
/* /proc/swaps, and the devices that the swaps are on. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include "blocks.h"
#include "parse.h"
#include "reader.h"
#include "text.h"

/* MAX_SWAPFILES is 32. */
enum { SWAPS_MOST = 256, PRIORITY_MOST = 32767 };

#define DELETED " (deleted)"

static void undo_path(struct ramswap_swap *swap)
{
	size_t length;

	facts_undo_escapes(swap->path);
	length = strlen(swap->path);
	if (length > strlen(DELETED) && !strcmp(swap->path + length - strlen(DELETED), DELETED)) {
		swap->path[length - strlen(DELETED)] = 0;
		swap->is_deleted = true;
	}
}

/* Nonsense is 0: the line still counts for its priority. */
static __u64 parse_size(const char *word)
{
	__u64 kilobytes;

	return facts_parse_number(word, FACTS_SIZE_MOST >> 10, &kilobytes) ? kilobytes << 10 : 0;
}

static int clamp_priority(__s64 priority)
{
	if (priority > PRIORITY_MOST)
		return PRIORITY_MOST;
	return priority < -PRIORITY_MOST - 1 ? -PRIORITY_MOST - 1 : (int)priority;
}

/* "PATH TYPE SIZE USED PRIORITY". False: it is nonsense. */
static bool parse_line(char *line, struct ramswap_swap *swap, const char **path)
{
	char *words[5];
	__s64 priority;

	for (size_t i = 0; i < 5; i++) {
		words[i] = facts_word_next(&line);
		if (!words[i])
			return false;
	}
	*path = words[0];
	swap->is_file = !strcmp(words[1], "file");
	if ((!swap->is_file && strcmp(words[1], "partition")) || !facts_parse_signed(words[4], INT_MAX, &priority))
		return false;
	swap->size = parse_size(words[2]);
	swap->used = parse_size(words[3]);
	swap->priority = clamp_priority(priority);
	/* While one is turned on or off the numbers are not of one moment. */
	if (swap->used > swap->size)
		swap->used = swap->size;
	return true;
}

static int add_swap(struct ramswap_facts *facts, const struct ramswap_swap *swap, const char *path)
{
	struct ramswap_swap *grown = facts_grow(facts->swaps, facts->swap_count, sizeof(*facts->swaps));

	if (!grown)
		return -ENOMEM;
	facts->swaps = grown;
	grown += facts->swap_count;
	*grown = *swap;
	grown->path = strdup(path);
	if (!grown->path)
		return -ENOMEM;
	undo_path(grown);
	facts->swap_count++;
	return 0;
}

int facts_parse_swaps(const char *text, size_t size, struct ramswap_facts *facts)
{
	struct facts_lines lines;
	int err = 0;

	facts_lines_begin(&lines, text, size);
	/* The headings; an empty file is one without swaps. */
	if (facts_line_next(&lines) && strncmp(lines.line, "Filename", strlen("Filename")))
		return -EPROTO;
	while (!err && facts->swap_count < SWAPS_MOST && facts_line_next(&lines)) {
		struct ramswap_swap swap = { 0 };
		const char *path;

		if (parse_line(lines.line, &swap, &path))
			err = add_swap(facts, &swap, path);
	}
	return err;
}

int facts_read_swaps(struct facts_reader *reader)
{
	struct ramswap_facts *facts = reader->facts;
	int err = facts_read_text(&reader->buffer, reader->root, "proc/swaps", FACTS_TEXT_MOST);

	if (err == -ENOENT)
		return facts_fail(reader->problem, err, "/proc/swaps: it is not there: this kernel cannot swap");
	if (err)
		return facts_fail(reader->problem, err, "/proc/swaps: %s", strerror(-err));
	err = facts_parse_swaps(reader->buffer.text, reader->buffer.size, facts);
	if (err)
		return facts_fail(reader->problem, err, "/proc/swaps: %s",
			err == -EPROTO ? "it is no list of swaps" : strerror(-err));
	for (size_t i = 0; i < facts->swap_count; i++) {
		struct ramswap_swap *swap = &facts->swaps[i];

		if (swap->is_file || strncmp(swap->path, "/dev/", 5) || swap->is_deleted)
			continue;
		swap->is_ours = state_has(&reader->state, STATE_SWAP, swap->path);
		/* "/dev/mapper/name" is none of the kernel's names. */
		facts_copy_name(swap->device, swap->path + 5);
	}
	return 0;
}
