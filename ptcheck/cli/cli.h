/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the subcommands share: the exit codes, and how a disk's table is read. */
#ifndef PTCHECK_CLI_H
#define PTCHECK_CLI_H

#include "../../lib/command/command.h"
#include "../../lib/command/complain.h"
#include "../disk/disk.h"

/* Exit codes: stable, documented in ptcheck(1). */
enum {
	EXIT_OK = 0, /* of a verdict: a table */
	EXIT_NO = 1, /* nothing that is known */
	/* EXIT_USAGE = 2, of lib/command/complain.h */
	EXIT_ERROR = 3, /* could not be read, or done */
	EXIT_WHOLE_DISK = 4,
	EXIT_EMPTY = 5,
	EXIT_AMBIGUOUS = 6,
	EXIT_DIFFERENT = 7, /* of several disks, which are not all the same */
};

/* The subcommands: one a file, cmd_NAME.c. */
extern const struct command list_command, tell_command, forget_command;

/* How a disk is read: the options of every subcommand that does, for struct disk_settings. */
extern const struct command_option disk_options[];
#define DISK_SETTINGS_USUAL { .timeout = 30 }

/* EXIT_OK; EXIT_USAGE, having complained: a sector size that there is none of. */
int disk_settings_check(const struct disk_settings *settings);

/* Opens the disk: EXIT_OK; or EXIT_ERROR, having complained. */
int open_disk(struct disk *disk, const char *path, const struct disk_settings *settings);

/* Why a block could not be read, in words that stay until the next call. */
const char *read_error(int err);

/* Complains of what of the disk could not be read. */
void complain_of_reads(const struct disk *disk, const char *path);

/* "table dos", "whole-disk FAT32", "ambiguous" */
void name_verdict(char *text, size_t size, const struct ptcheck_result *result);

/* "table dos", "whole-disk other ext": one reading */
void name_reading(char *text, size_t size, const struct ptcheck_reading *reading);

/*
 * Reads the partitions of the disk. as: a kind of table that it is to be taken for; PTCHECK_NONE: for what it is judged.
 * EXIT_OK; EXIT_ERROR, having complained: a disk that is ambiguous or has no table, too.
 */
int read_table(const char *path, const struct disk_settings *settings, enum ptcheck_kind as, struct ptcheck_table *table);

/* The option for as: an unsigned int of the structure. */
extern const struct option_word table_words[];
#define AS_OPTION(structure, field)                                                                \
	{ OPTION_WORD, 0, "as", "TYPE", "take it for a table of that type, whatever the verdict is", \
		OPTION_FIELD(structure, field), .words = table_words }

#endif
