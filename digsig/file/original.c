// SPDX-License-Identifier: GPL-2.0-or-later
#include "original.h"
#include <errno.h>

int find_original(struct unsigned_view *view, const struct elf_source *file,
	struct signature_block *block, struct file_problem *problem)
{
	int err = signature_block_read_from(file, block);

	if (err)
		return file_problem_set(problem, FILE_PROBLEM_READ, err);
	view->file = *file;
	view->original = &view->file;
	if (block->defect == DIGSIG_DEFECT_NO_FOOTER)
		return 0;
	if (block->defect) {
		problem->defect = block->defect;
		problem->is_left_over = signature_block_is_left_over(file, block);
		return file_problem_set(problem, FILE_PROBLEM_BLOCK, -EBADMSG);
	}
	err = elf_restore(&view->restored, &view->file, signature_block_manifest(block));
	if (err == -ENOEXEC)
		return file_problem_set(problem, FILE_PROBLEM_NOT_RESTORABLE, err);
	if (err)
		return file_problem_set(problem, FILE_PROBLEM_READ, err);
	view->original = &view->restored.original;
	return 0;
}
