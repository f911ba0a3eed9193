// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

const struct command_option disk_options[] = {
	{ OPTION_NUMBER, 'S', "sector-size", "BYTES", "of a logical sector, for an image: 512 to 4096 (512)",
		OPTION_FIELD(struct disk_settings, sector_size), .least = 512, .most = 4096 },
	{ OPTION_SIZE, 0, "size", "SIZE", "of the whole disk, if this is only its beginning",
		OPTION_FIELD(struct disk_settings, size) },
	{ OPTION_NUMBER, 0, "max-reads", "N", "make at most N reads",
		OPTION_FIELD(struct disk_settings, max_reads), .least = 1, .most = 1000 },
	{ OPTION_DURATION, 0, "timeout", "DURATION", "how long a device has to answer each read (30)",
		OPTION_FIELD(struct disk_settings, timeout) },
	{ 0 },
};

const struct option_word table_words[] = {
	{ "dos", PTCHECK_DOS },
	{ "gpt", PTCHECK_GPT },
	{ "bsd", PTCHECK_BSD },
	{ "sun", PTCHECK_SUN },
	{ "sgi", PTCHECK_SGI },
	{ "atari", PTCHECK_ATARI },
	{ "amiga", PTCHECK_AMIGA },
	{ "mac", PTCHECK_MAC },
	{ NULL, 0 },
};

int disk_settings_check(const struct disk_settings *settings)
{
	if (settings->sector_size & (settings->sector_size - 1))
		return usage_error("--sector-size %u: it is 512, 1024, 2048 or 4096", settings->sector_size);
	return EXIT_OK;
}

int open_disk(struct disk *disk, const char *path, const struct disk_settings *settings)
{
	int err = disk_open(disk, path, settings);

	if (!err && (disk->known.size || disk->is_pipe))
		return EXIT_OK;
	if (!err)
		disk_close(disk);
	if (!err)
		complain("%s: of no size: is there a medium?", path);
	else if (err == -ENOTBLK)
		complain("%s: neither a disk nor an image", path);
	else if (err == -ENOMEDIUM)
		complain("%s: no medium in the drive", path);
	else
		complain("%s: %s", path, strerror(-err));
	return EXIT_ERROR;
}

const char *read_error(int err)
{
	if (err == -ETIMEDOUT)
		return "the device did not answer";
	return err == -ECANCELED ? "not read, after three errors before it" : strerror(-err);
}

/* That a pipe ended before all was read, of a disk of which nobody said how large it is. */
static void complain_of_end(const struct disk *disk, const char *path)
{
	for (size_t i = 0; i < disk->count; i++)
		if (disk->blocks[i].err == -ENODATA) {
			complain("%s: the pipe ended after %zu bytes, and more was wanted", path, disk->piped_size);
			return;
		}
}

/* The end of an image is no error: what is behind it is judged as not being there. */
void complain_of_reads(const struct disk *disk, const char *path)
{
	if (disk->is_pipe && !disk->settings.size)
		complain_of_end(disk, path);
	for (size_t i = 0; i < disk->count; i++) {
		const struct ptcheck_block *block = &disk->blocks[i];

		if (block->err && block->err != -ENODATA)
			complain("%s: bytes %llu to %llu: %s", path, (unsigned long long)block->offset,
				(unsigned long long)block->offset + block->size - 1, read_error(block->err));
	}
}

void name_reading(char *text, size_t size, const struct ptcheck_reading *reading)
{
	if (ptcheck_is_table(reading->kind))
		snprintf(text, size, "table %s", reading->name);
	else if (reading->kind == PTCHECK_OTHER)
		snprintf(text, size, "whole-disk other %s", reading->name);
	else
		snprintf(text, size, "%s%s", reading->kind ? "whole-disk " : "", reading->name);
}

void name_verdict(char *text, size_t size, const struct ptcheck_result *result)
{
	if (result->reading_count == 1)
		name_reading(text, size, &result->readings[0]);
	else
		snprintf(text, size, "%s", ptcheck_verdict_name(result->verdict));
}

/* What the disk is judged to be: a table, or EXIT_ERROR. */
static int require_table(const struct ptcheck_result *result, const char *path)
{
	char words[64];

	if (result->verdict == PTCHECK_TABLE)
		return EXIT_OK;
	name_verdict(words, sizeof(words), result);
	complain("%s: %s: %s", path, words,
		result->verdict == PTCHECK_AMBIGUOUS  ? "see ptcheck --explain, and --as" :
		result->verdict == PTCHECK_UNREADABLE ? "what would decide could not be read" :
							"there is no partition table");
	return EXIT_ERROR;
}

static int list_partitions(struct disk *disk, const char *path, enum ptcheck_kind as, struct ptcheck_table *table)
{
	struct ptcheck_result result;
	int err = disk_judge(disk, &result), code = EXIT_OK;

	if (!err && !as)
		code = require_table(&result, path);
	if (!err && !code) {
		/* An image of a disk of 4096-byte sectors has a GPT that says so. */
		disk->known.sector_size = result.sector_size;
		err = disk_list(disk, as ? as : result.readings[0].kind, table);
	}
	complain_of_reads(disk, path);
	if (err)
		complain("%s: %s", path, strerror(-err));
	return err ? EXIT_ERROR : code;
}

int read_table(const char *path, const struct disk_settings *settings, enum ptcheck_kind as, struct ptcheck_table *table)
{
	struct disk disk;
	int code = open_disk(&disk, path, settings);

	if (code)
		return code;
	code = list_partitions(&disk, path, as, table);
	disk_close(&disk);
	return code;
}
