// SPDX-License-Identifier: GPL-2.0-or-later
#include "prepare.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include "existing.h"

void plan_prepare(int root, struct ramswap_facts *facts, struct ramswap_settings *settings)
{
	const struct ramswap_block *block;
	struct stat st;

	/* Below the root the path is relative. */
	if (*settings->writeback != '/' || fstatat(root, settings->writeback + 1, &st, 0) || !S_ISBLK(st.st_mode))
		return;
	block = plan_block_of(facts, major(st.st_rdev), minor(st.st_rdev));
	if (!block)
		return;
	snprintf(settings->writeback, sizeof(settings->writeback), "/dev/%s", block->name);
	ramswap_facts_read_signature(root, facts, block->name);
}
