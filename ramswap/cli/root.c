// SPDX-License-Identifier: GPL-2.0-or-later
#include "root.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include "../../lib/command/complain.h"

int root_open(const char *path)
{
	int root = open(path ? path : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (root < 0)
		complain("%s: %s", path ? path : "/", strerror(errno));
	return root;
}

struct ramswap_facts *root_read(int root, unsigned int parts)
{
	struct ramswap_problem problem;
	struct ramswap_facts *facts;

	if (!ramswap_facts_read_some(root, parts, &facts, &problem))
		return facts;
	complain("%s", problem.text);
	return NULL;
}
