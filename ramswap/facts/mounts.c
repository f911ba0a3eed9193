// SPDX-License-Identifier: GPL-2.0-or-later
/* /proc/self/mountinfo: which devices are mounted, and which one a file is on. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "blocks.h"
#include "parse.h"
#include "reader.h"
#include "text.h"

enum { MOUNTS_MOST_BYTES = 32 << 20 };

static bool has_option(const char *options, const char *option)
{
	size_t length = strlen(option);

	for (const char *at = options; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
		if (!strncmp(at, option, length) && (!at[length] || at[length] == ','))
			return true;
	return false;
}

/* "/dev/mapper/name" is no name of the kernel's. */
static void take_source(char *name, char *source)
{
	facts_undo_escapes(source);
	if (!strncmp(source, "/dev/", 5))
		facts_copy_name(name, source + 5);
}

/* "ID PARENT MAJOR:MINOR ROOT POINT OPTIONS TAG... - TYPE SOURCE OPTIONS". *point: in the line. */
static bool parse_line(char *line, struct facts_mount *mount, char **point)
{
	char *words[6], *word;

	for (size_t i = 0; i < 6; i++) {
		words[i] = facts_word_next(&line);
		if (!words[i])
			return false;
	}
	if (!facts_parse_device(words[2], &mount->major, &mount->minor))
		return false;
	*point = words[4];
	facts_undo_escapes(*point);
	mount->is_read_only = has_option(words[5], "ro");
	do
		word = facts_word_next(&line);
	while (word && strcmp(word, "-"));
	if (facts_word_next(&line) && (word = facts_word_next(&line)))
		take_source(mount->source, word);
	return true;
}

static int add_mount(struct facts_mounts *mounts, const struct facts_mount *mount, const char *point)
{
	struct facts_mount *grown = facts_grow(mounts->mounts, mounts->count, sizeof(*mounts->mounts));

	if (!grown)
		return -ENOMEM;
	mounts->mounts = grown;
	grown += mounts->count;
	*grown = *mount;
	grown->point = strdup(point);
	if (!grown->point)
		return -ENOMEM;
	mounts->count++;
	return 0;
}

int facts_parse_mounts(const char *text, size_t size, struct facts_mounts *mounts)
{
	struct facts_lines lines;
	int err = 0;

	*mounts = (struct facts_mounts){ 0 };
	facts_lines_begin(&lines, text, size);
	while (!err && facts_line_next(&lines)) {
		struct facts_mount mount = { 0 };
		char *point;

		if (parse_line(lines.line, &mount, &point))
			err = add_mount(mounts, &mount, point);
	}
	if (err)
		facts_mounts_free(mounts);
	return err;
}

void facts_mounts_free(struct facts_mounts *mounts)
{
	for (size_t i = 0; i < mounts->count; i++)
		free(mounts->mounts[i].point);
	free(mounts->mounts);
	*mounts = (struct facts_mounts){ 0 };
}

static bool is_below(const char *path, const char *point)
{
	size_t length = strlen(point);

	if (!strcmp(point, "/"))
		return true;
	return !strncmp(path, point, length) && (path[length] == '/' || !path[length]);
}

/* Of those that are as deep the last one hides the others. */
const struct facts_mount *facts_find_mount(const struct facts_mounts *mounts, const char *path)
{
	const struct facts_mount *found = NULL;

	for (size_t i = 0; i < mounts->count; i++) {
		const struct facts_mount *mount = &mounts->mounts[i];

		if (is_below(path, mount->point) && (!found || strlen(mount->point) >= strlen(found->point)))
			found = mount;
	}
	return found;
}

/* A file system of several devices, as btrfs, has numbers of its own: there the source's name says it. */
static void mark_mounted(struct ramswap_facts *facts, const struct facts_mounts *mounts)
{
	for (size_t i = 0; i < mounts->count; i++) {
		const struct facts_mount *mount = &mounts->mounts[i];
		struct ramswap_block *block = facts_block_of(facts, mount->major, mount->minor);

		if (!block && *mount->source)
			block = facts_block(facts, mount->source);
		if (block)
			block->is_mounted = true;
	}
}

static void place_swap(struct ramswap_facts *facts, const struct facts_mounts *mounts, struct ramswap_swap *swap)
{
	const struct facts_mount *mount = swap->is_file ? facts_find_mount(mounts, swap->path) : NULL;
	struct ramswap_block *block = NULL;

	if (mount) {
		block = facts_block_of(facts, mount->major, mount->minor);
		if (!block && *mount->source)
			block = facts_block(facts, mount->source);
		swap->major = mount->major;
		swap->minor = mount->minor;
	} else if (*swap->device) {
		block = facts_block(facts, swap->device);
	}
	if (!block)
		return;
	swap->major = block->major;
	swap->minor = block->minor;
	swap->is_rotational = block->is_rotational;
}

/* Better too little than somebody's file system: where the mounts are not known, every device may be mounted. */
static void assume_mounted(struct ramswap_facts *facts)
{
	for (size_t i = 0; i < facts->block_count; i++)
		facts->blocks[i].is_mounted = true;
}

int facts_read_mounts(struct facts_reader *reader)
{
	struct ramswap_facts *facts = reader->facts;
	struct facts_mounts mounts = { 0 };
	const struct facts_mount *sys;
	int err = facts_read_text(&reader->buffer, reader->root, "proc/self/mountinfo", MOUNTS_MOST_BYTES);

	if (err == -ENOMEM)
		return err;
	if (err && (err != -ENOENT || reader->is_running))
		assume_mounted(facts);
	if (err)
		return 0;
	err = facts_parse_mounts(reader->buffer.text, reader->buffer.size, &mounts);
	if (err)
		return err;
	mark_mounted(facts, &mounts);
	for (size_t i = 0; i < facts->swap_count; i++)
		place_swap(facts, &mounts, &facts->swaps[i]);
	sys = facts_find_mount(&mounts, "/sys");
	facts->is_sys_read_only = sys && sys->is_read_only && !strcmp(sys->point, "/sys");
	facts_mounts_free(&mounts);
	return 0;
}
