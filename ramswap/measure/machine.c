// SPDX-License-Identifier: GPL-2.0-or-later
#include "machine.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "../../lib/text/size.h"
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

int measure_check_room(const struct ramswap_facts *facts, __u64 needed, struct ramswap_problem *problem)
{
	char is[16], wanted[16];

	if (needed <= measure_available(facts) / 2)
		return 0;
	size_print(is, sizeof(is), (double)measure_available(facts));
	size_print(wanted, sizeof(wanted), (double)needed);
	return measure_fail(problem, -ENOMEM, "memory is short: %s are available, of which this would take %s", is,
		wanted);
}
