// SPDX-License-Identifier: GPL-2.0-or-later
#include "../ptcheck.h"

static const char *const names[PTCHECK_KINDS] = {
	[PTCHECK_NONE] = "none",
	[PTCHECK_DOS] = "dos",
	[PTCHECK_GPT] = "gpt",
	[PTCHECK_BSD] = "bsd",
	[PTCHECK_SUN] = "sun",
	[PTCHECK_SGI] = "sgi",
	[PTCHECK_ATARI] = "atari",
	[PTCHECK_DASD] = "dasd",
	[PTCHECK_AMIGA] = "amiga",
	[PTCHECK_MAC] = "mac",
	[PTCHECK_PC98] = "pc98",
	[PTCHECK_FAT12] = "FAT12",
	[PTCHECK_FAT16] = "FAT16",
	[PTCHECK_FAT32] = "FAT32",
	[PTCHECK_EXFAT] = "exFAT",
	[PTCHECK_NTFS] = "NTFS",
	[PTCHECK_OTHER] = "other",
};

const char *ptcheck_verdict_name(enum ptcheck_verdict verdict)
{
	static const char *const words[] = {
		[PTCHECK_UNKNOWN] = "unknown",
		[PTCHECK_TABLE] = "table",
		[PTCHECK_WHOLE_DISK] = "whole-disk",
		[PTCHECK_EMPTY] = "empty",
		[PTCHECK_AMBIGUOUS] = "ambiguous",
		[PTCHECK_UNREADABLE] = "unreadable",
	};

	return (unsigned int)verdict < sizeof(words) / sizeof(*words) ? words[verdict] : words[PTCHECK_UNKNOWN];
}

const char *ptcheck_kind_name(enum ptcheck_kind kind)
{
	return (unsigned int)kind < PTCHECK_KINDS ? names[kind] : names[PTCHECK_NONE];
}

bool ptcheck_is_table(enum ptcheck_kind kind)
{
	return kind > PTCHECK_NONE && kind < PTCHECK_FAT12;
}
