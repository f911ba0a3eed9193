// SPDX-License-Identifier: GPL-2.0-or-later
/* Takes memory, a megabyte at a time, until it is killed. */
#include "report.h"

#define MEGABYTE (1 << 20)

int main(void)
{
	char *volatile memory; /* or the compiler leaves it out */

	while ((memory = malloc(MEGABYTE)))
		memset(memory, 1, MEGABYTE);
	refused("malloc");
}
