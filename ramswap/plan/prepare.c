// SPDX-License-Identifier: GPL-2.0-or-later
#include "prepare.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include "existing.h"

/* Of a recorded machine, which has no device files, a link says as much as the file that it leads to. */
static const struct ramswap_block *find(int root, const struct ramswap_facts *facts, const char *path)
{
	char target[RAMSWAP_PATH_MAX + 1];
	const char *name = strrchr(path, '/');
	struct stat st;
	ssize_t length;

	if (!fstatat(root, path, &st, 0) && S_ISBLK(st.st_mode))
		return plan_block_of(facts, major(st.st_rdev), minor(st.st_rdev));
	length = readlinkat(root, path, target, RAMSWAP_PATH_MAX);
	if (length > 0) {
		target[length] = 0;
		name = strrchr(target, '/');
	} else if (strncmp(path, "dev/", 4) || name != path + 3) {
		return NULL;
	}
	return name ? ramswap_find_block(facts, name + 1) : NULL;
}

void plan_prepare(int root, struct ramswap_facts *facts, struct ramswap_settings *settings)
{
	const struct ramswap_block *block;

	if (*settings->writeback != '/')
		return;
	/* Below the root the path is relative. */
	block = find(root, facts, settings->writeback + 1);
	if (!block)
		return;
	snprintf(settings->writeback, sizeof(settings->writeback), "/dev/%s", block->name);
	ramswap_facts_read_signature(root, facts, block->name);
}
