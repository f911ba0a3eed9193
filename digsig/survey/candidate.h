/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which files the kernel would ever run or load: the others need no signature. */
#ifndef DIGSIG_SURVEY_CANDIDATE_H
#define DIGSIG_SURVEY_CANDIDATE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <linux/types.h>

enum candidate_kind {
	CANDIDATE_NONE, /* data */
	CANDIDATE_ELF, /* program or library */
	CANDIDATE_SCRIPT, /* begins with #!, and somebody may execute it */
	CANDIDATE_MODULE, /* of the kernel, packed or not */
	CANDIDATE_OBJECT, /* an ELF file for the linker or the debugger: nothing runs it */
	CANDIDATE_KINDS,
};

#define CANDIDATE_HEAD_SIZE 18

/*
 * Tells from the file's name, mode and first size bytes, of which CANDIDATE_HEAD_SIZE are enough.
 */
enum candidate_kind candidate_kind(
	const char *name, mode_t mode, const __u8 *head, size_t size);

/* Whether fd, an ELF file of that size, has debug information alone: then it is an object. */
bool candidate_has_only_debug(int fd, __u64 size);

/*
 * Whether digsig sign would take fd, an unsigned file of that size: an ELF file that ends where its
 * headers say. What it would not take can be trusted through a catalog.
 */
bool candidate_can_carry_block(int fd, __u64 size);

/* "program or library", "script" ... A static string. */
const char *candidate_kind_name(enum candidate_kind kind);

#endif
