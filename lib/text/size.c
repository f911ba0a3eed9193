// SPDX-License-Identifier: GPL-2.0-or-later
#include "size.h"
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "number.h"

/* 0: there is no such unit. */
static __u64 unit_by_name(const char *name)
{
	static const char letters[] = "KMGT";
	const char *letter;

	if (!*name)
		return 1;
	letter = strchr(letters, toupper((unsigned char)*name));
	if (!letter || (name[1] && strcmp(name + 1, "iB")))
		return 0;
	return 1024ULL << 10 * (letter - letters);
}

int size_parse(const char *text, __u64 least, __u64 most, __u64 *bytes)
{
	struct decimal number = { 0 };
	int err = decimal_read(&text, &number);
	__u64 unit = unit_by_name(text), size;

	if (err == -EINVAL || !unit)
		return -EINVAL;
	/* In integers, so that a size of 64 bits is exact; the fraction is less than one unit. */
	if (err || __builtin_mul_overflow(number.whole, unit, &size) ||
		__builtin_add_overflow(size, (__u64)(number.fraction * (double)unit), &size) ||
		size < least || size > most)
		return -ERANGE;
	*bytes = size;
	return 0;
}

void size_print(char *text, size_t size, double bytes)
{
	static const char units[] = "KMGTPE";
	size_t unit = 0;

	if (bytes < 1023.5) {
		snprintf(text, size, "%.0f", bytes);
		return;
	}
	for (bytes /= 1024; bytes >= 999.95 && unit + 2 < sizeof(units); unit++)
		bytes /= 1024;
	snprintf(text, size, "%.1f%c", bytes, units[unit]);
}
