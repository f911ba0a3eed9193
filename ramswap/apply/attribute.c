// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <string.h>
#include "../../lib/file/below.h"
#include "../../lib/file/value.h"
#include "../../lib/text/number.h"
#include "internal.h"

int apply_read(int root, const char *path, char value[APPLY_VALUE_MAX])
{
	return value_read(file_open_below(root, path, O_RDONLY), value, APPLY_VALUE_MAX);
}

int apply_read_number(int root, const char *path, __u64 *number)
{
	char value[APPLY_VALUE_MAX];
	int err = apply_read(root, path, value);

	return err ? err : number_parse(value, 0, ~0ULL, number);
}

int apply_write(int root, const char *path, const char *value)
{
	return value_write(file_open_below(root, path, O_WRONLY | O_TRUNC), value);
}

/* The kernel's flags are read as words or letters, however they were written. */
static const char *plain(const char *value)
{
	if (!strcmp(value, "Y") || !strcmp(value, "y") || !strcmp(value, "true"))
		return "1";
	if (!strcmp(value, "N") || !strcmp(value, "n") || !strcmp(value, "false"))
		return "0";
	return value;
}

bool apply_is_same_value(const char *one, const char *other)
{
	return !strcmp(plain(one), plain(other));
}
