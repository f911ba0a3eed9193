// SPDX-License-Identifier: GPL-2.0-or-later
#include "fleet_name.h"
#include <stddef.h>

static bool is_plain(char character)
{
	return (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9') || character == '_' ||
		character == '-';
}

bool fleet_is_group(const char *name)
{
	size_t size = 0;

	for (; name[size]; size++)
		if (size == FLEET_GROUP_MAX || !is_plain(name[size]))
			return false;
	return size;
}

bool fleet_is_host(const char *name)
{
	char before = '.';
	size_t size = 0;

	for (; name[size]; before = name[size++])
		if (size == FLEET_HOST_MAX || (name[size] == '.' ? before == '.' : !is_plain(name[size])))
			return false;
	return before != '.';
}
