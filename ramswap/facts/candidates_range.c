// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory that is there, and no device yet: what the firmware or the command line keeps from the kernel. */
#include <stdio.h>
#include <string.h>
#include "../../lib/text/number.h"
#include "candidate.h"
#include "text.h"

/* "300M", as the kernel reads it, which takes hexadecimal digits, too. *text is what follows. */
static bool read_size(const char **text, __u64 *size)
{
	const char *at = *text;
	int shift = 0;

	if (at[0] == '0' && (at[1] | 0x20) == 'x') {
		char digits[20] = "";
		size_t length = strspn(at + 2, "0123456789abcdefABCDEF");

		snprintf(digits, sizeof(digits), "%.*s", (int)(length < 17 ? length : 17), at + 2);
		if (number_parse_hex(digits, size))
			return false;
		at += 2 + length;
	} else if (number_read(&at, size)) {
		return false;
	}
	if (*at) {
		const char *unit = strchr("kKmMgGtT", *at);

		shift = unit ? 10 * (1 + (int)(unit - "kKmMgGtT") / 2) : 0;
		at += unit != NULL;
	}
	if (*size > FACTS_SIZE_MOST >> shift)
		return false;
	*size <<= shift;
	*text = at;
	return true;
}

static bool has_legacy_namespace(const struct ramswap_facts *facts)
{
	for (size_t i = 0; i < facts->namespace_count; i++)
		if (facts->namespaces[i].is_legacy)
			return true;
	return false;
}

/* One of "memmap=300M!0x20000000,16M$0x40000000". */
static void list_reservation(struct facts_candidate_list *list, const char *text)
{
	const char *at = text;
	char name[64];
	__u64 size;

	if (!read_size(&at, &size) || (*at != '!' && *at != '$'))
		return;
	/* It has a device, which is listed. */
	if (*at == '!' && has_legacy_namespace(list->facts))
		return;
	snprintf(name, sizeof(name), "memmap=%.*s", (int)strcspn(text, ","), text);
	facts_candidate_judge(facts_candidate_add(list, CANDIDATE_MEMMAP, name, size, -1), FACTS_USE_NO,
		*at == '!' ? "no-device" : "reserved",
		*at == '!' ? "no driver has it: modprobe nd_e820, and nd_pmem" :
			     "it is kept from everybody; with ! in place of $ it would be a block device");
}

static void list_limit(struct facts_candidate_list *list, const char *text)
{
	char name[64];
	__u64 size;
	const char *at = text;

	if (!read_size(&at, &size) || *at)
		return;
	snprintf(name, sizeof(name), "mem=%.32s", text);
	facts_candidate_judge(facts_candidate_add(list, CANDIDATE_MEMMAP, name, 0, -1), FACTS_USE_NO, "limited",
		"the kernel does not know of the memory above; memmap=SIZE!START would make a block device of it");
}

static void list_parameters(struct facts_candidate_list *list)
{
	char word[256];

	for (const char *at = list->facts->command_line ? list->facts->command_line : ""; *at;) {
		size_t length = strcspn(at, " ");

		snprintf(word, sizeof(word), "%.*s", length < sizeof(word) ? (int)length : 0, at);
		at += length + (at[length] != 0);
		if (!strncmp(word, "mem=", 4))
			list_limit(list, word + 4);
		if (strncmp(word, "memmap=", 7))
			continue;
		for (const char *part = word + 7; part; part = strchr(part, ',') ? strchr(part, ',') + 1 : NULL)
			list_reservation(list, part);
	}
}

static void list_range(struct facts_candidate_list *list, const struct ramswap_range *range)
{
	const struct ramswap_facts *facts = list->facts;
	__u64 size = range->end ? range->end - range->start + 1 : 0;
	char name[32];
	struct facts_candidate *candidate;

	snprintf(name, sizeof(name), "0x%llx", (unsigned long long)range->start);
	if (range->kind == RAMSWAP_RANGE_SOFT_RESERVED) {
		candidate = facts_candidate_add(list, CANDIDATE_SOFT_RESERVED, size ? name : "soft-reserved", size, -1);
		facts_candidate_judge(candidate, FACTS_USE_NO, facts->dax_count ? "has-device" : "no-device",
			facts->dax_count ? "the devices of dax stand for it" :
					   "no driver has it: modprobe dax_hmem, or cxl_acpi, makes a device of dax");
	} else if (range->kind == RAMSWAP_RANGE_PMEM && !facts->namespace_count) {
		candidate = facts_candidate_add(list, CANDIDATE_PMEM, size ? name : "pmem", size, -1);
		facts_candidate_judge(candidate, FACTS_USE_NO, "no-device",
			"it has no namespace: modprobe nfit, and ndctl create-namespace, make one");
	}
}

void facts_list_ranges(struct facts_candidate_list *list)
{
	const struct ramswap_facts *facts = list->facts;

	list_parameters(list);
	for (size_t i = 0; i < facts->range_count; i++)
		list_range(list, &facts->ranges[i]);
	if (facts->is_32_bit && facts->memory.high)
		facts_candidate_judge(facts_candidate_add(list, CANDIDATE_HIGH, "highmem", facts->memory.high, -1),
			FACTS_USE_NO, "is-memory",
			"programs use it already, where a kernel of 32 bits does not; one of 64 bits uses all of it");
}
