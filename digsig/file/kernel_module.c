// SPDX-License-Identifier: GPL-2.0-or-later
#include "kernel_module.h"
#include <string.h>

static bool ends_with(const char *name, const char *end)
{
	size_t length = strlen(name), end_length = strlen(end);

	return length > end_length && !strcmp(name + length - end_length, end);
}

bool kernel_module_is_named(const char *name)
{
	static const char *const ends[] = { ".ko", ".ko.gz", ".ko.xz", ".ko.zst" };

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (ends_with(name, ends[i]))
			return true;
	return false;
}

bool kernel_module_is_packed(const __u8 *head, size_t size)
{
	return size >= 6 &&
		(!memcmp(head, "\xfd" "7zXZ", 6) || !memcmp(head, "\x28\xb5\x2f\xfd", 4) ||
			!memcmp(head, "\x1f\x8b", 2));
}
