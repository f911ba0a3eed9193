// SPDX-License-Identifier: GPL-2.0-or-later
#include "counters.h"
#include <stddef.h>
#include <string.h>
#include "../../lib/text/number.h"

#define COUNTER(field) offsetof(struct status_counters, field)

static const struct {
	const char *name;
	size_t offset;
} names[] = {
	{ "pswpin", COUNTER(in) },
	{ "pswpout", COUNTER(out) },
	{ "swpin_zero", COUNTER(zeros_in) },
	{ "swpout_zero", COUNTER(zeros_out) },
	{ "zswpin", COUNTER(zswap_in) },
	{ "zswpout", COUNTER(zswap_out) },
	{ "workingset_refault_anon", COUNTER(refaults_anonymous) },
	{ "workingset_refault_file", COUNTER(refaults_file) },
	{ "pgmajfault", COUNTER(major_faults) },
	{ "oom_kill", COUNTER(kills) },
};

static bool is_word(const char *text, size_t length, const char *word)
{
	return strlen(word) == length && !memcmp(text, word, length);
}

static void take(struct status_counters *counters, const char *name, size_t length, __u64 value)
{
	static const char stall[] = "allocstall_";

	if (length > strlen(stall) && !strncmp(name, stall, strlen(stall))) {
		__builtin_add_overflow(counters->stalls, value, &counters->stalls);
		return;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (is_word(name, length, names[i].name))
			*(__u64 *)((char *)counters + names[i].offset) = value;
	counters->has_zeros |= is_word(name, length, "swpout_zero");
	counters->has_refaults |= is_word(name, length, "workingset_refault_anon");
}

bool status_counters_parse(const char *text, struct status_counters *counters)
{
	bool has_swap = false;

	memset(counters, 0, sizeof(*counters));
	while (*text) {
		const char *line = text, *end = strchrnul(text, '\n'), *digits;
		size_t length = strcspn(line, " \n");
		__u64 value;

		text = *end ? end + 1 : end;
		digits = line + length + 1;
		if (line[length] != ' ' || number_read(&digits, &value) || digits != end)
			continue;
		take(counters, line, length, value);
		has_swap |= is_word(line, length, "pswpin");
	}
	return has_swap;
}
