/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a file is without its signature block: itself, or for a signed one the original within it. */
#ifndef DIGSIG_FILE_ORIGINAL_H
#define DIGSIG_FILE_ORIGINAL_H

#include "../elf/restore.h"
#include "block_io.h"
#include "problem.h"

struct unsigned_view {
	struct elf_source file;
	struct elf_restored restored;
	const struct elf_source *original; /* one of the two */
};

/*
 * Looks at the file, whose context must live as long as the view; *block is the one that is there,
 * of size 0 if there is none. 0, or a negative errno with *problem set.
 */
int find_original(struct unsigned_view *view, const struct elf_source *file,
	struct signature_block *block, struct file_problem *problem);

#endif
