// SPDX-License-Identifier: GPL-2.0-or-later
#include "number_range.h"
#include <string.h>
#include "../../lib/command/complain.h"
#include "../../lib/text/number.h"

/* The end of a range; empty: otherwise. */
static bool take_end(const char *text, unsigned int otherwise, unsigned int *end)
{
	__u64 number = otherwise;

	if (*text && number_parse(text, 1, PTCHECK_PARTITIONS_MAX, &number))
		return false;
	*end = (unsigned int)number;
	return true;
}

/*
 * "M", "M:", ":N", "M:N", and "M-N", as partx(8) takes them. But none that counts from the end, as its "-1" does: of
 * which list?
 */
int number_range_take(void *field, char *value)
{
	struct number_range *range = field;
	char *middle = strpbrk(value, ":-"), separator = middle ? *middle : '\0';
	const char *last = middle ? middle + 1 : value;
	bool is_good = *value && *value != '-' && (middle != value || *last);

	if (middle)
		*middle = '\0';
	is_good = is_good && take_end(value, 1, &range->least) && take_end(last, PTCHECK_PARTITIONS_MAX, &range->most) &&
		range->least <= range->most;
	if (middle)
		*middle = separator;
	return is_good ? 0 : usage_error("--nr %s: numbers from 1 to %d: M, M:N, M: or :N", value, PTCHECK_PARTITIONS_MAX);
}

bool is_in_range(const struct number_range *range, unsigned int number)
{
	return number >= range->least && number <= range->most;
}
