// SPDX-License-Identifier: GPL-2.0-or-later
/* /sys/block */
#include "blocks.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "parse.h"
#include "reader.h"
#include "text.h"

enum { BLOCKS_MOST = 8192, SECTOR = 512 };

bool facts_is_numbered(const char *name, const char *prefix)
{
	size_t length = strlen(prefix);
	__u64 number;

	return !strncmp(name, prefix, length) && facts_parse_number(name + length, ~0U, &number);
}

void facts_block_path(char *text, const char *name)
{
	int length = snprintf(text, RAMSWAP_NAME_MAX + 6, "dev/%s", name);

	for (int i = 4; i < length; i++)
		if (text[i] == '!')
			text[i] = '/';
}

static enum ramswap_block_kind kind_of(const char *name)
{
	if (facts_is_numbered(name, "zram"))
		return RAMSWAP_ZRAM;
	if (facts_is_numbered(name, "ram"))
		return RAMSWAP_BRD;
	return !strncmp(name, "pmem", 4) ? RAMSWAP_PMEM : RAMSWAP_DISK;
}

struct ramswap_block *facts_block(struct ramswap_facts *facts, const char *name)
{
	for (size_t i = 0; i < facts->block_count; i++)
		if (!strcmp(facts->blocks[i].name, name))
			return &facts->blocks[i];
	return NULL;
}

const struct ramswap_block *ramswap_find_block(const struct ramswap_facts *facts, const char *name)
{
	for (size_t i = 0; i < facts->block_count; i++)
		if (!strcmp(facts->blocks[i].name, name))
			return &facts->blocks[i];
	return NULL;
}

struct ramswap_block *facts_block_of(struct ramswap_facts *facts, unsigned int major, unsigned int minor)
{
	for (size_t i = 0; i < facts->block_count; i++)
		if (facts->blocks[i].major == major && facts->blocks[i].minor == minor)
			return &facts->blocks[i];
	return NULL;
}

static int read_holder(int folder, struct ramswap_block *block)
{
	struct facts_names holders;
	int err = facts_read_names(folder, "holders", "", &holders);

	if (err)
		return err;
	if (holders.count)
		strcpy(block->holder, holders.names[0]);
	facts_names_free(&holders);
	return 0;
}

/* What a disk and a partition have alike. False: it has no size, so that nothing can be in it. */
static bool read_size(struct facts_reader *reader, int folder, const char *name, struct ramswap_block *block)
{
	char value[FACTS_VALUE_MAX + 1];
	__u64 sectors = 0;

	*block = (struct ramswap_block){ .signature = "?", .node = -1 };
	if (facts_read_number(folder, "size", FACTS_SIZE_MOST / SECTOR, &sectors))
		block->size = sectors * SECTOR;
	strcpy(block->name, name);
	block->kind = kind_of(name);
	if (!block->size && block->kind != RAMSWAP_ZRAM)
		return false;
	if (facts_read_value(folder, "dev", value))
		facts_parse_device(value, &block->major, &block->minor);
	block->is_read_only = facts_read_flag(folder, "ro");
	block->is_ours = state_has(&reader->state, STATE_SWAP, name);
	return true;
}

static int add_block(struct ramswap_facts *facts, const struct ramswap_block *block)
{
	struct ramswap_block *grown = facts_grow(facts->blocks, facts->block_count, sizeof(*facts->blocks));

	if (!grown)
		return -ENOMEM;
	facts->blocks = grown;
	facts->blocks[facts->block_count++] = *block;
	return 0;
}

static int read_partition(struct facts_reader *reader, int folder, struct ramswap_block *disk, const char *name)
{
	struct ramswap_block block;
	int inner = facts_open_folder(folder, name), err = 0;

	if (inner < 0)
		return 0;
	if (facts_exists(inner, "partition")) {
		disk->has_partitions = true;
		if (read_size(reader, inner, name, &block)) {
			block.kind = disk->kind;
			block.is_rotational = disk->is_rotational;
			err = read_holder(inner, &block);
			if (!err)
				err = add_block(reader->facts, &block);
		}
	}
	close(inner);
	return err;
}

/* number: the disk's among blocks, whose array moves as it grows. */
static int read_partitions(struct facts_reader *reader, int folder, size_t number)
{
	struct ramswap_block disk = reader->facts->blocks[number];
	struct facts_names names;
	int err = facts_read_names(folder, ".", disk.name, &names);

	for (size_t i = 0; !err && i < names.count && reader->facts->block_count < BLOCKS_MOST; i++)
		err = read_partition(reader, folder, &disk, names.names[i]);
	reader->facts->blocks[number].has_partitions = disk.has_partitions;
	facts_names_free(&names);
	return err;
}

/* A loop device on another block device is none of its holders. */
static void hold_backing(struct facts_reader *reader, int folder, const char *name)
{
	char value[FACTS_VALUE_MAX + 1];
	struct ramswap_block *backing = NULL;

	if (facts_read_value(folder, "loop/backing_file", value) && !strncmp(value, "/dev/", 5))
		backing = facts_block(reader->facts, value + 5);
	if (backing && !*backing->holder)
		strcpy(backing->holder, name);
}

static int read_disk(struct facts_reader *reader, const char *name, bool is_loop)
{
	char path[RAMSWAP_NAME_MAX + 16];
	struct ramswap_block block;
	int folder, err = 0;

	snprintf(path, sizeof(path), "sys/block/%s", name);
	folder = facts_open_folder(reader->root, path);
	if (folder < 0)
		return 0;
	if (read_size(reader, folder, name, &block)) {
		block.is_rotational = facts_read_flag(folder, "queue/rotational");
		err = read_holder(folder, &block);
		if (!err)
			err = add_block(reader->facts, &block);
		if (!err)
			err = read_partitions(reader, folder, reader->facts->block_count - 1);
		if (is_loop)
			hold_backing(reader, folder, name);
	}
	close(folder);
	return err;
}

/* Loop devices come last: they may be on any of the others. */
int facts_read_blocks(struct facts_reader *reader)
{
	struct facts_names names;
	int err = facts_read_names(reader->root, "sys/block", "", &names);

	for (int is_loop = 0; is_loop < 2; is_loop++)
		for (size_t i = 0; !err && i < names.count && reader->facts->block_count < BLOCKS_MOST; i++)
			if (facts_is_numbered(names.names[i], "loop") == is_loop)
				err = read_disk(reader, names.names[i], is_loop);
	facts_names_free(&names);
	return err;
}
