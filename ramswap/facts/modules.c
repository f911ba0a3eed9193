// SPDX-License-Identifier: GPL-2.0-or-later
/* Which modules this kernel has: loaded, built in, or to be loaded. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "reader.h"
#include "text.h"

/* A distribution's modules.dep has some hundred kilobytes. */
enum { LIST_MOST = 16 << 20 };

static const struct {
	const char *module;
	size_t offset;
} modules[] = {
	{ "zram", offsetof(struct ramswap_facts, can_zram) },
	{ "brd", offsetof(struct ramswap_facts, can_brd) },
	{ "nd_pmem", offsetof(struct ramswap_facts, can_pmem) },
	{ "kmem", offsetof(struct ramswap_facts, can_kmem) },
};

enum { MODULES = sizeof(modules) / sizeof(*modules) };

static bool *flag_of(struct ramswap_facts *facts, size_t i)
{
	return (bool *)((char *)facts + modules[i].offset);
}

static void find_loaded(struct facts_reader *reader)
{
	char path[64];

	for (size_t i = 0; i < MODULES; i++) {
		snprintf(path, sizeof(path), "sys/module/%s", modules[i].module);
		if (facts_exists(reader->root, path))
			*flag_of(reader->facts, i) = true;
	}
	/* One that is built in has no such folder where it has no parameters. */
	reader->facts->is_zram_loaded = facts_exists(reader->root, "sys/class/zram-control");
	if (reader->facts->is_zram_loaded)
		reader->facts->can_zram = true;
}

/* "kernel/drivers/block/zram/zram.ko.xz: ...": at the beginning of a line, or behind others that need it. */
static void find_in_list(struct facts_reader *reader, const char *list)
{
	char path[RAMSWAP_NAME_MAX + 64], name[64];

	snprintf(path, sizeof(path), "lib/modules/%s/%s", reader->facts->release, list);
	if (facts_read_text(&reader->buffer, reader->root, path, LIST_MOST))
		return;
	for (size_t i = 0; i < MODULES; i++) {
		int length = snprintf(name, sizeof(name), "/%s.ko", modules[i].module);

		if (memmem(reader->buffer.text, reader->buffer.size, name, (size_t)length))
			*flag_of(reader->facts, i) = true;
	}
}

static bool are_all_found(struct ramswap_facts *facts)
{
	for (size_t i = 0; i < MODULES; i++)
		if (!*flag_of(facts, i))
			return false;
	return true;
}

int facts_read_modules(struct facts_reader *reader)
{
	find_loaded(reader);
	/* A release is a name: no path. */
	if (!*reader->facts->release || *reader->facts->release == '.')
		return 0;
	if (!are_all_found(reader->facts))
		find_in_list(reader, "modules.builtin");
	if (!are_all_found(reader->facts))
		find_in_list(reader, "modules.dep");
	return 0;
}
