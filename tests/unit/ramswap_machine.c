// SPDX-License-Identifier: GPL-2.0-or-later
#include "ramswap_machine.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void die(const char *word)
{
	fprintf(stderr, "ramswap_machine: %s?\n", word);
	abort();
}

/* Room for one more element, all zero. */
static void *grow(void *array, size_t *count, size_t size)
{
	char *grown = reallocarray(array, *count + 1, size);

	if (!grown)
		abort();
	memset(grown + *count * size, 0, size);
	++*count;
	return grown;
}

static void copy(char *to, const char *from)
{
	snprintf(to, RAMSWAP_NAME_MAX + 1, "%s", from);
}

/* The next word before a comma; NULL: none. */
static char *next(char **at)
{
	return strsep(at, ",");
}

static char *must(char **at)
{
	char *word = next(at);

	if (!word)
		die("a word is missing");
	return word;
}

/* "name=value": the value; NULL: another word. */
static const char *value_of(const char *word, const char *name)
{
	size_t length = strlen(name);

	return !strncmp(word, name, length) && word[length] == '=' ? word + length + 1 : NULL;
}

static void numbers(const char *text, unsigned int *one, unsigned int *other)
{
	if (sscanf(text, "%u:%u", one, other) != 2)
		die(text);
}

static void add_swap(struct ramswap_facts *facts, char *at)
{
	struct ramswap_swap *swap;
	char *word;

	facts->swaps = grow(facts->swaps, &facts->swap_count, sizeof(*swap));
	swap = &facts->swaps[facts->swap_count - 1];
	word = must(&at);
	if (asprintf(&swap->path, "/dev/%s", word) < 0)
		abort();
	copy(swap->device, word);
	swap->size = strtoull(must(&at), NULL, 10) * MB;
	swap->priority = atoi(must(&at));
	while ((word = next(&at))) {
		if (!strcmp(word, "ours"))
			swap->is_ours = true;
		else if (!strcmp(word, "rotating"))
			swap->is_rotational = true;
		else if (value_of(word, "used"))
			swap->used = strtoull(value_of(word, "used"), NULL, 10) * MB;
		else if (value_of(word, "file")) {
			swap->is_file = true;
			*swap->device = 0;
			numbers(value_of(word, "file"), &swap->major, &swap->minor);
		} else
			die(word);
	}
}

static void block_word(struct ramswap_block *block, const char *word)
{
	if (value_of(word, "sig"))
		copy(block->signature, value_of(word, "sig"));
	else if (value_of(word, "label"))
		copy(block->label, value_of(word, "label"));
	else if (value_of(word, "holder"))
		copy(block->holder, value_of(word, "holder"));
	else if (value_of(word, "id"))
		numbers(value_of(word, "id"), &block->major, &block->minor);
	else if (value_of(word, "node"))
		block->node = atoi(value_of(word, "node"));
	else if (!strcmp(word, "mounted"))
		block->is_mounted = true;
	else if (!strcmp(word, "partitions"))
		block->has_partitions = true;
	else if (!strcmp(word, "readonly"))
		block->is_read_only = true;
	else if (!strcmp(word, "ours"))
		block->is_ours = true;
	else
		die(word);
}

static struct ramswap_block *add_block(struct ramswap_facts *facts, enum ramswap_block_kind kind, const char *name)
{
	struct ramswap_block *block;

	facts->blocks = grow(facts->blocks, &facts->block_count, sizeof(*block));
	block = &facts->blocks[facts->block_count - 1];
	block->kind = kind;
	block->node = -1;
	block->major = 200 + (unsigned int)kind;
	block->minor = (unsigned int)facts->block_count;
	copy(block->name, name);
	return block;
}

static void read_block(struct ramswap_facts *facts, enum ramswap_block_kind kind, char *at)
{
	struct ramswap_block *block = add_block(facts, kind, must(&at));
	char *word;

	block->size = strtoull(must(&at), NULL, 10) * MB;
	while ((word = next(&at)))
		block_word(block, word);
}

static void read_disk(struct ramswap_facts *facts, char *at)
{
	read_block(facts, RAMSWAP_DISK, at);
}

static void read_pmem(struct ramswap_facts *facts, char *at)
{
	read_block(facts, RAMSWAP_PMEM, at);
}

static void read_brd(struct ramswap_facts *facts, char *at)
{
	read_block(facts, RAMSWAP_BRD, at);
}

static void read_space(struct ramswap_facts *facts, char *at)
{
	struct ramswap_namespace *space;
	char *word;

	facts->namespaces = grow(facts->namespaces, &facts->namespace_count, sizeof(*space));
	space = &facts->namespaces[facts->namespace_count - 1];
	copy(space->block, must(&at));
	copy(space->mode, "raw");
	snprintf(space->name, sizeof(space->name), "namespace%zu.0", facts->namespace_count - 1);
	space->node = -1;
	while ((word = next(&at))) {
		if (!strcmp(word, "legacy"))
			space->is_legacy = true;
		else if (value_of(word, "alt"))
			copy(space->alt_name, value_of(word, "alt"));
		else if (value_of(word, "mode"))
			copy(space->mode, value_of(word, "mode"));
		else if (value_of(word, "node"))
			space->node = atoi(value_of(word, "node"));
		else
			die(word);
	}
}

static void set_algorithms(const struct ramswap_facts *facts, struct ramswap_zram *zram)
{
	static const char *const old[] = { "lzo", "lzo-rle", "lz4", "lz4hc", "zstd", NULL };
	static const char *const new[] = { "lz4", "lz4hc", "zstd", "deflate", NULL };

	for (const char *const *name = strncmp(facts->release, "6.1.", 4) ? new : old; *name; name++)
		copy(zram->algorithms[zram->algorithm_count++], *name);
}

static struct ramswap_zram *add_zram(struct ramswap_facts *facts, unsigned int number, __u64 size)
{
	struct ramswap_zram *zram;
	char name[16];

	facts->zrams = grow(facts->zrams, &facts->zram_count, sizeof(*zram));
	zram = &facts->zrams[facts->zram_count - 1];
	zram->number = number;
	zram->disksize = size;
	zram->is_set_up = size;
	zram->has_writeback = zram->has_idle = true;
	set_algorithms(facts, zram);
	snprintf(name, sizeof(name), "zram%u", number);
	add_block(facts, RAMSWAP_ZRAM, name)->size = size;
	facts->is_zram_loaded = true;
	return zram;
}

static void read_zram(struct ramswap_facts *facts, char *at)
{
	unsigned int number = (unsigned int)atoi(must(&at));
	struct ramswap_zram *zram = add_zram(facts, number, strtoull(must(&at), NULL, 10) * MB);
	char *word;

	zram->limit = strtoull(must(&at), NULL, 10) * MB;
	copy(zram->algorithm, must(&at));
	while ((word = next(&at))) {
		if (!strcmp(word, "ours"))
			zram->is_ours = facts->blocks[facts->block_count - 1].is_ours = true;
		else if (!strcmp(word, "nowriteback"))
			zram->has_writeback = false;
		else if (!strcmp(word, "canrecompress"))
			zram->has_recompression = true;
		else if (value_of(word, "recompression"))
			copy(zram->recompression, value_of(word, "recompression"));
		else if (value_of(word, "backing"))
			snprintf(zram->backing, sizeof(zram->backing), "%s", value_of(word, "backing"));
		else
			die(word);
	}
}

static void read_node(struct ramswap_facts *facts, char *at)
{
	struct ramswap_node *node;
	unsigned int distance;

	facts->nodes = grow(facts->nodes, &facts->node_count, sizeof(*node));
	node = &facts->nodes[facts->node_count - 1];
	node->id = (unsigned int)atoi(must(&at));
	node->has_processors = !strcmp(must(&at), "cpu");
	node->has_memory = node->is_online = true;
	node->total = 256 * MB;
	node->tier = atoi(must(&at));
	distance = (unsigned int)atoi(must(&at));
	node->distances[0] = distance;
	facts->nodes[0].distances[facts->node_count - 1] = distance;
	node->distances[facts->node_count - 1] = 10;
}

static void read_dax(struct ramswap_facts *facts, char *at)
{
	struct ramswap_dax *dax;
	char *word;

	facts->daxes = grow(facts->daxes, &facts->dax_count, sizeof(*dax));
	dax = &facts->daxes[facts->dax_count - 1];
	copy(dax->name, must(&at));
	dax->size = strtoull(must(&at), NULL, 10) * MB;
	copy(dax->driver, must(&at));
	dax->node = atoi(must(&at));
	word = next(&at);
	dax->is_ours = word && !strcmp(word, "ours");
}

static void read_range(struct ramswap_facts *facts, char *at)
{
	const char *kind = must(&at);
	struct ramswap_range *range;
	__u64 size = strtoull(must(&at), NULL, 10) * MB;

	facts->ranges = grow(facts->ranges, &facts->range_count, sizeof(*range));
	range = &facts->ranges[facts->range_count - 1];
	range->kind = !strcmp(kind, "legacy") ? RAMSWAP_RANGE_PMEM_LEGACY :
		!strcmp(kind, "pmem")	      ? RAMSWAP_RANGE_PMEM :
		!strcmp(kind, "soft")	      ? RAMSWAP_RANGE_SOFT_RESERVED :
						RAMSWAP_RANGE_CRASH_KERNEL;
	if (size) {
		range->start = 0x20000000;
		range->end = range->start + size - 1;
	}
}

static const struct {
	const char *name;
	void (*read)(struct ramswap_facts *facts, char *at);
} lists[] = { { "swap", add_swap }, { "disk", read_disk }, { "pmem", read_pmem }, { "brd", read_brd },
	{ "space", read_space }, { "zram", read_zram }, { "node", read_node }, { "dax", read_dax },
	{ "range", read_range } };

static bool take_list(struct ramswap_facts *facts, char *word)
{
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		size_t length = strlen(lists[i].name);

		if (!strncmp(word, lists[i].name, length) && word[length] == ':') {
			lists[i].read(facts, word + length + 1);
			return true;
		}
	}
	return false;
}

static bool take_flag(struct ramswap_facts *facts, const char *word)
{
	const struct {
		const char *name;
		bool *flag, value;
	} flags[] = { { "container", &facts->is_container, true }, { "crash-kernel", &facts->is_crash_kernel, true },
		{ "read-only", &facts->is_sys_read_only, true }, { "no-zram", &facts->can_zram, false },
		{ "no-kmem", &facts->can_kmem, false }, { "no-pmem", &facts->can_pmem, false },
		{ "brd-module", &facts->can_brd, true }, { "32-bit", &facts->is_32_bit, true },
		{ "hibernate", &facts->can_hibernate, true }, { "crash-loaded", &facts->is_crash_loaded, true } };

	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		if (!strcmp(word, flags[i].name)) {
			*flags[i].flag = flags[i].value;
			return true;
		}
	return false;
}

static bool take_size(struct ramswap_facts *facts, const char *word)
{
	const struct {
		const char *name;
		__u64 *size;
	} sizes[] = { { "ram", &facts->memory.total }, { "huge", &facts->memory.huge_reserved },
		{ "high", &facts->memory.high }, { "image", &facts->image_size }, { "crash", &facts->crash_size },
		{ "group-swap", &facts->group_swap_max } };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		if (value_of(word, sizes[i].name)) {
			*sizes[i].size = strtoull(value_of(word, sizes[i].name), NULL, 10) * MB;
			facts->has_group_swap_max |= sizes[i].size == &facts->group_swap_max;
			return true;
		}
	return false;
}

static bool take_number(struct ramswap_facts *facts, const char *word)
{
	const struct {
		const char *name;
		int *number;
	} list[] = { { "swappiness", &facts->swappiness }, { "page-cluster", &facts->page_cluster },
		{ "demotion", &facts->demotion }, { "watermark", &facts->watermark_scale_factor },
		{ "processors", (int *)&facts->processors }, { "others", (int *)&facts->others } };

	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++)
		if (value_of(word, list[i].name)) {
			*list[i].number = atoi(value_of(word, list[i].name));
			return true;
		}
	return false;
}

static bool take_other(struct ramswap_facts *facts, const char *word)
{
	if (value_of(word, "release"))
		copy(facts->release, value_of(word, "release"));
	else if (value_of(word, "zswap")) {
		facts->has_zswap = true;
		facts->is_zswap_enabled = !strcmp(value_of(word, "zswap"), "on");
		copy(facts->zswap_compressor, "zstd");
	} else if (value_of(word, "resume"))
		numbers(value_of(word, "resume"), &facts->resume_major, &facts->resume_minor);
	else if (value_of(word, "command")) {
		free(facts->command_line);
		facts->command_line = strdup(value_of(word, "command"));
	} else if (value_of(word, "waited")) {
		facts->pressure_some_10 = facts->pressure_some_60 = facts->pressure_full_10 = facts->pressure_full_60 =
			0;
		facts->pressure_some_total = strtoull(value_of(word, "waited"), NULL, 10) * 1000000;
	} else
		return false;
	return true;
}

struct ramswap_facts *machine_make(const char *text)
{
	struct ramswap_facts *facts = calloc(1, sizeof(*facts));
	char *line = strdup(text), *at = line, *word;

	if (!facts || !line)
		abort();
	copy(facts->release, "7.2.13");
	facts->page_size = 4096;
	facts->processors = 1;
	facts->command_line = strdup("root=/dev/sda1 quiet");
	facts->can_zram = facts->can_pmem = facts->can_kmem = true;
	facts->swappiness = 60;
	facts->page_cluster = 3;
	facts->watermark_scale_factor = 10;
	facts->pressure_some_10 = facts->pressure_full_10 = facts->pressure_some_60 = facts->pressure_full_60 = -1;
	while ((word = strsep(&at, " ")))
		if (*word && !take_list(facts, word) && !take_flag(facts, word) && !take_size(facts, word) &&
			!take_number(facts, word) && !take_other(facts, word))
			die(word);
	free(line);
	return facts;
}

void machine_free(struct ramswap_facts *facts)
{
	for (size_t i = 0; i < facts->swap_count; i++)
		free(facts->swaps[i].path);
	free(facts->swaps);
	free(facts->blocks);
	free(facts->zrams);
	free(facts->nodes);
	free(facts->ranges);
	free(facts->namespaces);
	free(facts->daxes);
	free(facts->command_line);
	free(facts);
}

/* A zram device, as the plan has it, with the kernel's next number. */
static const char *apply_zram(struct ramswap_facts *facts, const struct ramswap_device *device, char name[32])
{
	unsigned int number = 0;
	struct ramswap_zram *zram;
	size_t length = strcspn(device->algorithm, "(");

	for (size_t i = 0; i < facts->zram_count; i++)
		if (facts->zrams[i].number >= number)
			number = facts->zrams[i].number + 1;
	zram = add_zram(facts, number, device->size);
	zram->is_ours = facts->blocks[facts->block_count - 1].is_ours = true;
	zram->limit = device->limit;
	snprintf(zram->algorithm, sizeof(zram->algorithm), "%.*s", (int)length, device->algorithm);
	if (!length)
		copy(zram->algorithm, zram->algorithms[0]);
	length = strcspn(device->recompression, "(");
	snprintf(zram->recompression, sizeof(zram->recompression), "%.*s", (int)length, device->recompression);
	snprintf(zram->backing, sizeof(zram->backing), "%s", device->writeback);
	snprintf(name, 32, "zram%u", number);
	return name;
}

static void apply_device(struct ramswap_facts *facts, const struct ramswap_device *device)
{
	char name[32], line[128];

	if (device->is_up)
		return;
	if (device->kind == RAMSWAP_AS_MEMORY) {
		for (size_t i = 0; i < facts->dax_count; i++)
			if (!strcmp(facts->daxes[i].name, device->name)) {
				copy(facts->daxes[i].driver, "kmem");
				facts->daxes[i].is_ours = true;
			}
		return;
	}
	if (device->kind == RAMSWAP_ON_BRD && !ramswap_find_block(facts, device->name))
		add_block(facts, RAMSWAP_BRD, device->name)->size = device->size;
	if (device->kind == RAMSWAP_ON_PMEM && !ramswap_find_block(facts, device->name)) {
		add_block(facts, RAMSWAP_PMEM, device->name)->size = device->size;
		snprintf(line, sizeof(line), "%s,legacy", device->name);
		read_space(facts, line);
	}
	snprintf(line, sizeof(line), "%s,0,%d,ours",
		device->kind == RAMSWAP_ON_ZRAM ? apply_zram(facts, device, name) : device->name, device->priority);
	add_swap(facts, line);
	facts->swaps[facts->swap_count - 1].size = device->size;
	for (size_t i = 0; i < facts->block_count; i++)
		if (!strcmp(facts->blocks[i].name, facts->swaps[facts->swap_count - 1].device)) {
			copy(facts->blocks[i].signature, "swap");
			copy(facts->blocks[i].label, "ramswap");
			facts->blocks[i].is_ours = true;
		}
}

static void apply_tuning(struct ramswap_facts *facts, const struct ramswap_tuning *tuning)
{
	int number = atoi(tuning->value);

	if (strstr(tuning->path, "page-cluster"))
		facts->page_cluster = number;
	else if (strstr(tuning->path, "swappiness"))
		facts->swappiness = number;
	else if (strstr(tuning->path, "watermark_scale"))
		facts->watermark_scale_factor = number;
	else if (strstr(tuning->path, "demotion"))
		facts->demotion = number;
	else if (strstr(tuning->path, "zswap"))
		facts->is_zswap_enabled = *tuning->value == 'Y';
	else
		die(tuning->path);
}

void machine_apply(struct ramswap_facts *facts, const struct ramswap_plan *plan)
{
	for (size_t i = 0; i < plan->device_count; i++)
		apply_device(facts, &plan->devices[i]);
	for (size_t i = 0; i < plan->tuning_count; i++)
		apply_tuning(facts, &plan->tunings[i]);
}
