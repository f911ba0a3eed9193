// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdio.h>
#include "note.h"

/* NULL: there is no list, or it is full; the verdict does not depend on it. */
static struct ptcheck_check *add(struct ptcheck_result *result)
{
	return result && result->check_count < PTCHECK_CHECKS_MAX ? &result->checks[result->check_count++] : NULL;
}

bool note(struct judgement *judgement, enum ptcheck_kind kind, const char *name, bool passed, __u64 offset,
	const char *format, ...)
{
	struct ptcheck_check *check = add(judgement->result);
	va_list arguments;

	if (!check)
		return passed;
	check->kind = kind;
	check->name = name;
	check->outcome = passed ? PTCHECK_PASSED : PTCHECK_FAILED;
	check->offset = offset;
	va_start(arguments, format);
	vsnprintf(check->detail, sizeof(check->detail), format, arguments);
	va_end(arguments);
	return passed;
}

void note_not_read(struct judgement *judgement, enum ptcheck_kind kind, const char *name, __u64 offset)
{
	struct ptcheck_check *check = add(judgement->result);

	if (!check)
		return;
	check->kind = kind;
	check->name = name;
	check->outcome = PTCHECK_NOT_READ;
	check->offset = offset;
	check->detail[0] = '\0';
}
