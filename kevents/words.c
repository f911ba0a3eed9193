// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <string.h>
#include "../lib/text/text.h"
#include "config.h"
#include "error.h"

static const char *const type_names[KEVENTS_TYPE_MAX + 1] = {
	[KEVENTS_FORK] = "fork",
	[KEVENTS_EXEC] = "exec",
	[KEVENTS_EXIT] = "exit",
	[KEVENTS_IMAGE_LOAD] = "load",
	[KEVENTS_IMAGE_UNLOAD] = "unload",
	[KEVENTS_ANON_EXEC] = "anon",
	[KEVENTS_KERNEL_LOAD] = "kload",
	[KEVENTS_KERNEL_UNLOAD] = "kunload",
	[KEVENTS_COMM] = "comm",
	[KEVENTS_CGROUP] = "cgroup",
	[KEVENTS_LOST] = "lost",
};

const char *kevents_version(void)
{
	return KERNKIT_VERSION;
}

const char *kevents_type_name(uint32_t type)
{
	return type && type <= KEVENTS_TYPE_MAX ? type_names[type] : "?";
}

uint32_t kevents_type_by_name(const char *name)
{
	for (uint32_t type = 1; name && type <= KEVENTS_TYPE_MAX; type++)
		if (!strcmp(name, type_names[type]))
			return type;
	return 0;
}

int kevents_fail(struct kevents_error *error, int err, const char *format, ...)
{
	va_list arguments;

	if (!error)
		return err;
	va_start(arguments, format);
	print_safe_message(error->text, sizeof(error->text), err, format, arguments);
	va_end(arguments);
	return err;
}
