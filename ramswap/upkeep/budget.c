// SPDX-License-Identifier: GPL-2.0-or-later
#include "budget.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "../../lib/text/number.h"

#define BUDGET_HEAD "ramswap-budget 1\n"
#define HOUR 3600

/* Whether it is no longer within the 24 hours. */
static bool is_old(__u64 hour, __u64 now_hour)
{
	return now_hour >= BUDGET_HOURS && hour <= now_hour - BUDGET_HOURS;
}

/* Away with what is old, so that there is room for one more. */
static void forget_old(struct budget *budget, __u64 now_hour)
{
	size_t kept = 0;

	for (size_t i = 0; i < budget->count; i++)
		if (!is_old(budget->hours[i].hour, now_hour))
			budget->hours[kept++] = budget->hours[i];
	budget->count = kept;
}

static void add_to_hour(struct budget *budget, __u64 hour, __u64 bytes)
{
	struct budget_hour *last = budget->count ? &budget->hours[budget->count - 1] : NULL;

	/* The clock was set back: what was written counts for the time that it has now. */
	if (!last || hour > last->hour) {
		budget->hours[budget->count++] = (struct budget_hour){ .hour = hour, .bytes = bytes };
		return;
	}
	if (__builtin_add_overflow(last->bytes, bytes, &last->bytes))
		last->bytes = ~0ULL;
}

void budget_add(struct budget *budget, __u64 now, __u64 bytes)
{
	forget_old(budget, now / HOUR);
	add_to_hour(budget, now / HOUR, bytes);
}

void budget_take_back(struct budget *budget, __u64 bytes)
{
	for (size_t i = budget->count; bytes && i--;) {
		struct budget_hour *hour = &budget->hours[i];
		__u64 part = hour->bytes < bytes ? hour->bytes : bytes;

		hour->bytes -= part;
		bytes -= part;
	}
}

__u64 budget_used(const struct budget *budget, __u64 now)
{
	__u64 used = 0;

	for (size_t i = 0; i < budget->count; i++)
		if (!is_old(budget->hours[i].hour, now / HOUR) && __builtin_add_overflow(used, budget->hours[i].bytes, &used))
			return ~0ULL;
	return used;
}

__u64 budget_left(const struct budget *budget, __u64 now, __u64 daily)
{
	__u64 used = budget_used(budget, now);

	return daily > used ? daily - used : 0;
}

/* "HOUR BYTES", in the order of the hours. */
static int parse_line(const char **text, __u64 now_hour, struct budget *budget)
{
	__u64 hour, bytes;

	if (number_read(text, &hour) || *(*text)++ != ' ' || number_read(text, &bytes) || *(*text)++ != '\n')
		return -EINVAL;
	if (is_old(hour, now_hour))
		return 0;
	if (hour > now_hour)
		hour = now_hour;
	if (budget->count && hour < budget->hours[budget->count - 1].hour)
		return -EINVAL;
	if (budget->count == BUDGET_HOURS && hour != budget->hours[budget->count - 1].hour)
		return -EINVAL;
	add_to_hour(budget, hour, bytes);
	return 0;
}

int budget_parse(const char *text, size_t size, __u64 now, struct budget *budget)
{
	const char *end = text + size;

	*budget = (struct budget){ 0 };
	if (size > BUDGET_SIZE_MAX || memchr(text, '\0', size) || strncmp(text, BUDGET_HEAD, strlen(BUDGET_HEAD)) != 0)
		return -EINVAL;
	text += strlen(BUDGET_HEAD);
	while (text < end)
		if (parse_line(&text, now / HOUR, budget))
			return -EINVAL;
	return 0;
}

void budget_print(const struct budget *budget, char *text)
{
	size_t length = (size_t)sprintf(text, "%s", BUDGET_HEAD);

	for (size_t i = 0; i < budget->count; i++)
		length += (size_t)sprintf(text + length, "%llu %llu\n", (unsigned long long)budget->hours[i].hour,
			(unsigned long long)budget->hours[i].bytes);
}
