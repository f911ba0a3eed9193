// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "fail.h"

int measure_facts_read(unsigned int parts, struct ramswap_facts **facts, struct ramswap_problem *problem)
{
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC), err;

	if (root < 0)
		return measure_fail(problem, -errno, "/: %s", strerror(errno));
	err = ramswap_facts_read_some(root, parts, facts, problem);
	close(root);
	return err;
}

__u64 measure_available(const struct ramswap_facts *facts)
{
	return facts->memory.has_available ? facts->memory.available : facts->memory.free;
}
