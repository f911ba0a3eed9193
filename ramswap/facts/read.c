// SPDX-License-Identifier: GPL-2.0-or-later
/* All readers, in their order. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "reader.h"
#include "signature.h"

static const struct {
	unsigned int part;
	int (*read)(struct facts_reader *reader);
} readers[] = {
	{ RAMSWAP_READ_BLOCKS, facts_read_blocks },
	{ RAMSWAP_READ_BLOCKS, facts_read_mounts },
	{ RAMSWAP_READ_SIGNATURES, facts_read_signatures },
	{ RAMSWAP_READ_ZRAM, facts_read_zram },
	{ RAMSWAP_READ_NODES, facts_read_nodes },
	{ RAMSWAP_READ_RANGES, facts_read_ranges },
	{ RAMSWAP_READ_NAMESPACES, facts_read_namespaces },
	{ RAMSWAP_READ_NAMESPACES, facts_read_daxes },
	{ RAMSWAP_READ_MODULES, facts_read_modules },
	{ RAMSWAP_READ_TUNINGS, facts_read_tunings },
	{ RAMSWAP_READ_HIBERNATION, facts_read_hibernation },
	{ RAMSWAP_READ_GROUP, facts_read_group },
	{ RAMSWAP_READ_OTHERS, facts_read_others },
	{ RAMSWAP_READ_PRESSURE, facts_read_pressure },
};

int facts_fail(struct ramswap_problem *problem, int err, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(problem->text, sizeof(problem->text), format, arguments);
	va_end(arguments);
	return err;
}

/* What is not said is not 0. */
static void begin(struct ramswap_facts *facts)
{
	facts->swappiness = facts->page_cluster = -1;
	facts->watermark_scale_factor = facts->watermark_boost_factor = -1;
	facts->min_free_kbytes = -1;
	facts->demotion = facts->multi_generation = -1;
	facts->pressure_some_10 = facts->pressure_full_10 = -1;
	facts->pressure_some_60 = facts->pressure_full_60 = -1;
	facts->page_size = 4096;
	facts->processors = 1;
}

static bool is_running(int root)
{
	struct stat one, other;

	return !fstat(root, &one) && !stat("/", &other) && one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

/* With a state that cannot be read it is not known what is ours: then nothing is. */
static int read_state(struct facts_reader *reader)
{
	int err = state_read(reader->root, &reader->state);

	return err == -ENOMEM ? err : 0;
}

static int read_all(struct facts_reader *reader)
{
	int err = read_state(reader);

	if (!err)
		err = facts_read_memory(reader);
	if (!err)
		err = facts_read_swaps(reader);
	if (!err)
		err = facts_read_machine(reader);
	for (size_t i = 0; !err && i < sizeof(readers) / sizeof(*readers); i++)
		if (reader->parts & readers[i].part)
			err = readers[i].read(reader);
	if (err == -ENOMEM)
		facts_fail(reader->problem, err, "%s", strerror(ENOMEM));
	return err;
}

int ramswap_facts_read_some(int root, unsigned int parts, struct ramswap_facts **facts, struct ramswap_problem *problem)
{
	struct facts_reader reader = {
		.root = root,
		.parts = parts,
		.is_running = is_running(root),
		.facts = calloc(1, sizeof(**facts)),
		.problem = problem,
	};
	int err;

	*facts = NULL;
	if (!reader.facts)
		return facts_fail(problem, -ENOMEM, "%s", strerror(ENOMEM));
	begin(reader.facts);
	err = read_all(&reader);
	state_free(&reader.state);
	free(reader.buffer.text);
	if (err)
		ramswap_facts_free(reader.facts);
	else
		*facts = reader.facts;
	return err;
}

int ramswap_facts_read(int root, struct ramswap_facts **facts, struct ramswap_problem *problem)
{
	return ramswap_facts_read_some(root, RAMSWAP_READ_ALL, facts, problem);
}

int ramswap_facts_read_signature(int root, struct ramswap_facts *facts, const char *name)
{
	for (size_t i = 0; i < facts->block_count; i++)
		if (!strcmp(facts->blocks[i].name, name)) {
			facts_probe(root, !is_running(root), &facts->blocks[i]);
			return 0;
		}
	return -ENODEV;
}

void ramswap_facts_free(struct ramswap_facts *facts)
{
	if (!facts)
		return;
	for (size_t i = 0; i < facts->swap_count; i++)
		free(facts->swaps[i].path);
	free(facts->command_line);
	free(facts->swaps);
	free(facts->blocks);
	free(facts->zrams);
	free(facts->nodes);
	free(facts->ranges);
	free(facts->namespaces);
	free(facts->daxes);
	free(facts);
}
