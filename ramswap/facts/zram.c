// SPDX-License-Identifier: GPL-2.0-or-later
/* The files of zram devices. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "parse.h"
#include "reader.h"
#include "text.h"

enum { ZRAMS_MOST = 1024 };

static void read_statistics(int folder, struct ramswap_zram *zram)
{
	char value[FACTS_VALUE_MAX + 1];

	if (facts_read_value(folder, "mm_stat", value))
		facts_parse_mm_stat(value, zram);
	if (facts_read_value(folder, "io_stat", value))
		facts_parse_io_stat(value, zram);
	if (facts_read_value(folder, "bd_stat", value))
		facts_parse_bd_stat(value, zram);
}

static void read_algorithms(int folder, struct ramswap_zram *zram)
{
	char value[FACTS_VALUE_MAX + 1];

	if (facts_read_value(folder, "comp_algorithm", value))
		facts_parse_algorithms(value, zram);
	zram->has_recompression = facts_exists(folder, "recomp_algorithm");
	if (zram->has_recompression && facts_read_value(folder, "recomp_algorithm", value))
		facts_parse_recompression(value, strlen(value), zram->recompression);
}

static void read_writeback(int folder, struct ramswap_zram *zram)
{
	char value[FACTS_VALUE_MAX + 1];

	zram->has_writeback = facts_read_value(folder, "backing_dev", value);
	if (zram->has_writeback && strcmp(value, "none"))
		strcpy(zram->backing, value);
	zram->is_writeback_limited = facts_read_flag(folder, "writeback_limit_enable");
	facts_read_number(folder, "writeback_limit", ~0ULL, &zram->writeback_limit_pages);
	zram->has_idle = facts_exists(folder, "idle");
	zram->has_compressed_writeback = facts_exists(folder, "compressed_writeback");
}

static int add_zram(struct facts_reader *reader, const char *name, unsigned int number)
{
	struct ramswap_facts *facts = reader->facts;
	struct ramswap_zram *grown = facts_grow(facts->zrams, facts->zram_count, sizeof(*facts->zrams));
	char path[RAMSWAP_NAME_MAX + 16];
	int folder;

	if (!grown)
		return -ENOMEM;
	facts->zrams = grown;
	snprintf(path, sizeof(path), "sys/block/%s", name);
	folder = facts_open_folder(reader->root, path);
	/* It went meanwhile. */
	if (folder < 0)
		return 0;
	grown += facts->zram_count++;
	grown->number = number;
	grown->is_set_up = facts_read_flag(folder, "initstate");
	facts_read_number(folder, "disksize", FACTS_SIZE_MOST, &grown->disksize);
	read_algorithms(folder, grown);
	read_writeback(folder, grown);
	if (grown->is_set_up)
		read_statistics(folder, grown);
	grown->is_ours = state_has(&reader->state, STATE_ZRAM, name);
	close(folder);
	return 0;
}

int facts_read_zram(struct facts_reader *reader)
{
	struct facts_names names;
	int err = facts_read_names(reader->root, "sys/block", "zram", &names);
	__u64 number;

	for (size_t i = 0; !err && i < names.count && reader->facts->zram_count < ZRAMS_MOST; i++)
		if (facts_parse_number(names.names[i] + strlen("zram"), ~0U, &number))
			err = add_zram(reader, names.names[i], (unsigned int)number);
	facts_names_free(&names);
	return err;
}
