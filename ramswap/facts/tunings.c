// SPDX-License-Identifier: GPL-2.0-or-later
/* zswap, and the numbers of the kernel that steer swapping. */
#include <limits.h>
#include <string.h>
#include "reader.h"
#include "text.h"

#define ZSWAP "sys/module/zswap/parameters"

static const struct {
	const char *path;
	size_t offset;
} numbers[] = {
	{ "proc/sys/vm/swappiness", offsetof(struct ramswap_facts, swappiness) },
	{ "proc/sys/vm/page-cluster", offsetof(struct ramswap_facts, page_cluster) },
	{ "proc/sys/vm/watermark_scale_factor", offsetof(struct ramswap_facts, watermark_scale_factor) },
	{ "proc/sys/vm/watermark_boost_factor", offsetof(struct ramswap_facts, watermark_boost_factor) },
};

static void read_numbers(struct facts_reader *reader)
{
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		__u64 number;

		if (facts_read_number(reader->root, numbers[i].path, INT_MAX, &number))
			*(int *)(void *)((char *)reader->facts + numbers[i].offset) = (int)number;
	}
}

static void read_zswap(struct facts_reader *reader)
{
	struct ramswap_facts *facts = reader->facts;
	__u64 percent;

	facts->has_zswap = facts_exists(reader->root, ZSWAP);
	if (!facts->has_zswap)
		return;
	facts->is_zswap_enabled = facts_read_flag(reader->root, ZSWAP "/enabled");
	facts_read_name(reader->root, ZSWAP "/compressor", facts->zswap_compressor);
	if (facts_read_number(reader->root, ZSWAP "/max_pool_percent", 100, &percent))
		facts->zswap_percent = (unsigned int)percent;
}

/* "false" and "true"; older kernels have 0 and 1, too. */
static int read_demotion(struct facts_reader *reader)
{
	char value[FACTS_VALUE_MAX + 1];

	if (!facts_read_value(reader->root, "sys/kernel/mm/numa/demotion_enabled", value))
		return -1;
	if (!strcmp(value, "true") || !strcmp(value, "1"))
		return 1;
	return !strcmp(value, "false") || !strcmp(value, "0") ? 0 : -1;
}

/* "0x0007": the parts of it that are enabled. */
static int read_generations(struct facts_reader *reader)
{
	char value[FACTS_VALUE_MAX + 1];
	__u64 number;

	if (!facts_read_value(reader->root, "sys/kernel/mm/lru_gen/enabled", value) ||
		!facts_parse_hex(value, INT_MAX, &number))
		return -1;
	return (int)number;
}

int facts_read_tunings(struct facts_reader *reader)
{
	__u64 number;

	read_zswap(reader);
	read_numbers(reader);
	if (facts_read_number(reader->root, "proc/sys/vm/min_free_kbytes", FACTS_SIZE_MOST >> 10, &number))
		reader->facts->min_free_kbytes = (__s64)number;
	reader->facts->demotion = read_demotion(reader);
	reader->facts->multi_generation = read_generations(reader);
	return 0;
}
