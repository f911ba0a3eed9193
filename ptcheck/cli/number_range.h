/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which partitions, by their numbers, as partx(8) takes them: --nr M:N. */
#ifndef PTCHECK_NUMBER_RANGE_H
#define PTCHECK_NUMBER_RANGE_H

#include <stdbool.h>
#include "../ptcheck.h"

/* Both included. */
struct number_range {
	unsigned int least, most;
};

#define NUMBER_RANGE_ALL { 1, PTCHECK_PARTITIONS_MAX }
#define NUMBER_RANGE_HELP "only partitions of these numbers; M, M: or :N too"

/* For an option's take: field is a struct number_range. */
int number_range_take(void *field, char *value);

bool is_in_range(const struct number_range *range, unsigned int number);

#endif
