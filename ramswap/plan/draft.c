// SPDX-License-Identifier: GPL-2.0-or-later
#include "draft.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/size.h"

/* Room for one more element: the array grows when its count reaches a power of two. NULL: memory is short. */
static void *room_for_one(struct plan_draft *draft, void *array, size_t count, size_t size)
{
	void *grown;

	if (count & (count - 1))
		return array;
	grown = reallocarray(array, count ? 2 * count : 1, size);
	if (!grown)
		draft->is_short = true;
	return grown;
}

void plan_say(struct plan_draft *draft, enum ramswap_severity severity, const char *code, const char *subject,
	const char *format, ...)
{
	struct ramswap_plan *plan = draft->plan;
	struct ramswap_reason *reasons = room_for_one(draft, plan->reasons, plan->reason_count, sizeof(*reasons)),
			      *reason;
	va_list arguments;

	if (!reasons)
		return;
	plan->reasons = reasons;
	reason = &reasons[plan->reason_count++];
	*reason = (struct ramswap_reason){ .severity = severity };
	snprintf(reason->code, sizeof(reason->code), "%s", code);
	snprintf(reason->subject, sizeof(reason->subject), "%s", subject);
	va_start(arguments, format);
	vsnprintf(reason->text, sizeof(reason->text), format, arguments);
	va_end(arguments);
}

void plan_forget(struct plan_draft *draft, size_t mark, const char *subject)
{
	struct ramswap_plan *plan = draft->plan;
	size_t kept = mark;

	/* The room stays: room_for_one grows it when the count comes to a power of two, whichever room there is. */
	for (size_t i = mark; i < plan->reason_count; i++)
		if (strcmp(plan->reasons[i].subject, subject) || plan->reasons[i].severity == RAMSWAP_REFUSAL)
			plan->reasons[kept++] = plan->reasons[i];
	plan->reason_count = kept;
}

bool plan_has(const struct plan_draft *draft, enum ramswap_severity severity)
{
	for (size_t i = 0; i < draft->plan->reason_count; i++)
		if (draft->plan->reasons[i].severity == severity)
			return true;
	return false;
}

struct ramswap_device *plan_add_device(struct plan_draft *draft, enum ramswap_device_kind kind, const char *name)
{
	struct ramswap_plan *plan = draft->plan;
	struct ramswap_device *devices = room_for_one(draft, plan->devices, plan->device_count, sizeof(*devices)),
			      *device;

	if (!devices)
		return NULL;
	plan->devices = devices;
	device = &devices[plan->device_count++];
	*device = (struct ramswap_device){ .kind = kind };
	snprintf(device->name, sizeof(device->name), "%s", name);
	return device;
}

bool plan_has_device(const struct ramswap_plan *plan, enum ramswap_device_kind kind)
{
	for (size_t i = 0; i < plan->device_count; i++)
		if (plan->devices[i].kind == kind)
			return true;
	return false;
}

__u64 plan_device_sizes(const struct ramswap_plan *plan, enum ramswap_device_kind kind)
{
	__u64 size = 0;

	for (size_t i = 0; i < plan->device_count; i++)
		if (plan->devices[i].kind == kind)
			size = plan_sum(size, plan->devices[i].size);
	return size;
}

void plan_tune(struct plan_draft *draft, const struct plan_file *file, const char *value, const char *was,
	const char *code, const char *why)
{
	struct ramswap_plan *plan = draft->plan;
	struct ramswap_tuning *tunings, *tuning;

	if (!was) {
		plan_say(draft, RAMSWAP_WARNING, "no-such-file", file->name,
			"it is to be %s, and this kernel does not have it", value);
		return;
	}
	if (!strcmp(value, was)) {
		plan_say(draft, RAMSWAP_REASON, code, file->name, "it is %s already: %s", value, why);
		return;
	}
	tunings = room_for_one(draft, plan->tunings, plan->tuning_count, sizeof(*tunings));
	if (!tunings)
		return;
	plan->tunings = tunings;
	tuning = &tunings[plan->tuning_count++];
	*tuning = (struct ramswap_tuning){ 0 };
	snprintf(tuning->path, sizeof(tuning->path), "%s", file->path);
	snprintf(tuning->name, sizeof(tuning->name), "%s", file->name);
	snprintf(tuning->value, sizeof(tuning->value), "%s", value);
	snprintf(tuning->was, sizeof(tuning->was), "%s", was);
	plan_say(draft, RAMSWAP_REASON, code, file->name, "from %s to %s: %s", was, value, why);
}

void plan_drop_decisions(struct ramswap_plan *plan)
{
	free(plan->devices);
	free(plan->tunings);
	plan->devices = NULL;
	plan->tunings = NULL;
	plan->device_count = plan->tuning_count = 0;
}

char *plan_size_text(char text[PLAN_SIZE_TEXT_MAX], __u64 bytes)
{
	size_print(text, PLAN_SIZE_TEXT_MAX, (double)bytes);
	return text;
}

__u64 plan_less(__u64 a, __u64 b)
{
	return a > b ? a - b : 0;
}

__u64 plan_sum(__u64 a, __u64 b)
{
	__u64 sum;

	return __builtin_add_overflow(a, b, &sum) ? ~0ULL : sum;
}

__u64 plan_swap_most(const struct plan_draft *draft)
{
	return draft->page * 0xffffffffULL;
}

__u64 plan_times(__u64 bytes, double factor, __u64 unit)
{
	double product = (double)bytes * factor;

	/* Also where it is not a number. */
	if (!(product < 0x1p63))
		return ~0ULL;
	return product < 1 ? 0 : (__u64)product / unit * unit;
}
