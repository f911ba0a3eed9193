// SPDX-License-Identifier: GPL-2.0-or-later
/* ramswap test: the time of a page out and in, on this machine. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../../lib/command/interrupt.h"
#include "../../lib/command/progress.h"
#include "../../lib/text/number.h"
#include "../../lib/text/size.h"
#include "../measure/block.h"
#include "../measure/measure.h"
#include "../measure/node.h"
#include "../measure/probe.h"
#include "cli.h"
#include "test_rows.h"

enum { PAGES_FEW = 256 };

struct test_settings {
	struct table_settings table;
	__u64 size;
	const char *corpus;
	struct option_list nodes;
	bool json;
};

static int take_size(void *field, char *value)
{
	__u64 *size = field;
	int err = size_parse(value, MEASURE_SAMPLE_SIZE_LEAST, MEASURE_SAMPLE_SIZE_MAX, size);

	if (err == -ERANGE)
		return usage_error("--size: %s: from 256K to 1G", value);
	return err ? usage_error("--size: %s: " SIZE_RULE, value) : EXIT_OK;
}

static const struct command_option options[] = {
	{ OPTION_CALL, 's', "size", "SIZE", "bytes of pages, 256K to 1G (default: 16M through zram, 4M otherwise)",
		OPTION_FIELD(struct test_settings, size), .take = take_size },
	{ OPTION_VALUE, 0, "corpus", "FILE", "zram gets the pages of this file, not those of running programs",
		OPTION_FIELD(struct test_settings, corpus), .offer = OFFER_FILES },
	{ OPTION_LIST, 0, "node", "N", "of the nodes this one alone, and the processor's own; can be repeated",
		OPTION_FIELD(struct test_settings, nodes) },
	TABLE_OPTIONS(struct test_settings, table, test_columns),
	{ OPTION_FLAG, 0, "json", NULL, "print one JSON object a line", OPTION_FIELD(struct test_settings, json) },
	{ 0 },
};

/* A row more; NULL, having complained. */
static struct test_row *add_row(struct test_rows *rows, enum test_method method)
{
	struct test_row *row = test_rows_add(rows);

	if (row)
		row->method = method;
	else
		complain("memory is short");
	return row;
}

static void tell(void *context, const char *algorithm, __u64 done, __u64 total)
{
	(void)context;
	progress_name(algorithm);
	progress_update(done, total);
}

static int test_zram(const struct test_settings *settings, struct test_rows *rows)
{
	const struct measure_settings sample = { .size = settings->size, .corpus = settings->corpus, .progress = tell };
	struct ramswap_measures measures;
	struct ramswap_problem problem;
	int err;

	progress_begin("zram", PROGRESS_BYTES);
	err = measure_zram(&sample, &measures, &problem);
	progress_end();
	if (err && !interrupted) {
		complain("zram: %s", problem.text);
	}
	/* A kernel may do without. */
	if (err)
		return err == -ENODEV ? EXIT_OK : EXIT_ERROR;
	for (size_t i = 0; i < measures.zram_count; i++) {
		const struct ramswap_measured *measured = &measures.zram[i];
		struct test_row *row = add_row(rows, TEST_DIRECT);

		if (!row)
			return EXIT_ERROR;
		strcpy(row->source, "zram");
		memcpy(row->algorithm, measured->algorithm, sizeof(row->algorithm));
		row->pages = measured->pages;
		row->ratio = measured->ratio;
		row->incompressible_pages = measured->incompressible_pages;
		row->out_ns = measured->write_ns;
		row->in_ns = measured->read_ns;
		row->in_p99_ns = measured->read_p99_ns;
		if (measured->pages < PAGES_FEW)
			strcpy(row->note, "so few pages say little");
	}
	return EXIT_OK;
}

static int test_device(const char *name, const struct test_settings *settings, struct test_rows *rows)
{
	struct ramswap_problem problem;
	struct measure_block block;
	struct test_row *row;

	if (!strncmp(name, "/dev/", strlen("/dev/")))
		name += strlen("/dev/");
	if (measure_block(name, settings->size, &block, &problem)) {
		if (!interrupted)
			complain("%s", problem.text);
		return EXIT_ERROR;
	}
	row = add_row(rows, TEST_DIRECT);
	if (!row)
		return EXIT_ERROR;
	snprintf(row->source, sizeof(row->source), "%s", name);
	row->pages = block.pages;
	row->out_ns = (double)block.out.p50;
	row->in_ns = (double)block.in.p50;
	row->in_p99_ns = (double)block.in.p99;
	if (!block.is_written)
		snprintf(row->note, sizeof(row->note), "read alone: %s", block.reason);
	return EXIT_OK;
}

/* What the reader would not expect. */
static void note_probe(const struct measure_latency *latency, struct test_row *row)
{
	if (latency->out_pages < latency->asked_pages)
		snprintf(row->note, sizeof(row->note), "%llu of %llu pages went out",
			(unsigned long long)latency->out_pages, (unsigned long long)latency->asked_pages);
	else if (latency->is_zswap_enabled)
		snprintf(row->note, sizeof(row->note), "zswap is in front of it");
	else if (latency->ahead_pages)
		snprintf(row->note, sizeof(row->note), "%llu pages came with others, by readahead",
			(unsigned long long)latency->ahead_pages);
}

static int test_swap(const struct test_settings *settings, struct test_rows *rows)
{
	struct ramswap_problem problem;
	struct measure_latency latency;
	struct test_row *row;
	int err = measure_probe(settings->size, &latency, &problem);

	/* Without swap there is nothing to say. */
	if (err == -ENODEV)
		return EXIT_OK;
	if (err) {
		complain("swap: %s", problem.text);
		return EXIT_ERROR;
	}
	row = add_row(rows, TEST_FAULT);
	if (!row)
		return EXIT_ERROR;
	memcpy(row->source, latency.swap, sizeof(row->source));
	row->pages = latency.in.count;
	row->out_ns = latency.out_ns;
	row->in_ns = (double)latency.in.p50;
	row->in_p99_ns = (double)latency.in.p99;
	note_probe(&latency, row);
	return EXIT_OK;
}

static int test_node(const struct ramswap_node *node, unsigned int processor, struct test_rows *rows)
{
	struct ramswap_problem problem;
	struct measure_node measured;
	struct test_row *row;

	if (measure_node(node, processor, 0, &measured, &problem)) {
		complain("%s", problem.text);
		return EXIT_ERROR;
	}
	row = add_row(rows, TEST_COPY);
	if (!row)
		return EXIT_ERROR;
	snprintf(row->source, sizeof(row->source), "node %u", node->id);
	row->pages = measured.in.count;
	row->out_ns = (double)measured.out.p50;
	row->in_ns = (double)measured.in.p50;
	row->in_p99_ns = (double)measured.in.p99;
	row->load_ns = measured.load_ns;
	row->move_out_ns = measured.move_out_ns;
	row->move_in_ns = measured.move_in_ns;
	row->is_near = measured.id == measured.from;
	if (measured.fits_cache)
		snprintf(row->note, sizeof(row->note), "%llu MiB may fit into the processor's cache",
			(unsigned long long)(measured.size >> 20));
	return EXIT_OK;
}

/* Whether the user wants that node; without --node: each. */
static bool is_wanted(const struct option_list *wanted, unsigned int node, unsigned int near)
{
	__u64 number;

	for (size_t i = 0; i < wanted->count; i++)
		if (!number_parse(wanted->values[i], 0, RAMSWAP_NODES_MAX - 1, &number) && number == node)
			return true;
	return !wanted->count || node == near;
}

/* The nodes are compared, so one alone is not measured unless it is asked for. */
static int test_nodes(const struct test_settings *settings, struct test_rows *rows)
{
	struct ramswap_problem problem;
	struct ramswap_facts *facts;
	unsigned int processor, near, with_memory = 0;
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC), code = EXIT_OK, err;

	if (root < 0 || getcpu(&processor, &near)) {
		complain("nodes: %s", strerror(errno));
		return EXIT_ERROR;
	}
	err = ramswap_facts_read_some(root, RAMSWAP_READ_NODES, &facts, &problem);
	close(root);
	if (err) {
		complain("%s", problem.text);
		return EXIT_ERROR;
	}
	for (size_t i = 0; i < facts->node_count; i++)
		with_memory += facts->nodes[i].has_memory;
	for (size_t i = 0; i < facts->node_count; i++)
		if (facts->nodes[i].has_memory && (with_memory > 1 || settings->nodes.count) &&
			is_wanted(&settings->nodes, facts->nodes[i].id, near) &&
			test_node(&facts->nodes[i], processor, rows))
			code = EXIT_ERROR;
	ramswap_facts_free(facts);
	return code;
}

/* EXIT_OK: each is a number, and a node that has memory. */
static int check_nodes(const struct option_list *wanted)
{
	__u64 number;

	for (size_t i = 0; i < wanted->count; i++) {
		char path[64];

		if (number_parse(wanted->values[i], 0, RAMSWAP_NODES_MAX - 1, &number))
			return usage_error("--node: %s: not a number from 0 to %d", wanted->values[i],
				RAMSWAP_NODES_MAX - 1);
		snprintf(path, sizeof(path), "/sys/devices/system/node/node%llu", (unsigned long long)number);
		if (access(path, F_OK)) {
			complain("there is no node %llu", (unsigned long long)number);
			return EXIT_ERROR;
		}
	}
	return EXIT_OK;
}

/* Everything that can be measured is, also if something else cannot. */
static int test_all(char *const *devices, int count, const struct test_settings *settings, struct test_rows *rows)
{
	int code = check_nodes(&settings->nodes);

	if (code)
		return code;
	if (test_zram(settings, rows))
		code = EXIT_ERROR;
	for (int i = 0; i < count && !interrupted; i++)
		if (test_device(devices[i], settings, rows))
			code = EXIT_ERROR;
	if (!interrupted && test_swap(settings, rows))
		code = EXIT_ERROR;
	if (!interrupted && test_nodes(settings, rows))
		code = EXIT_ERROR;
	if (!rows->count && !code) {
		complain("there is nothing here to measure: no zram, no swap, one node");
		code = EXIT_ERROR;
	}
	return code;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct test_settings settings = { 0 };
	struct test_rows rows = { 0 };
	int code, put = EXIT_OK;

	if (!options_take(command, &argc, &argv, &settings, &code)) {
		option_list_free(&settings.nodes);
		return code;
	}
	interrupt_catch();
	progress_allow(true);
	code = test_all(argv, argc, &settings, &rows);
	interrupt_obey();
	if (settings.json)
		put = test_rows_put_json(&rows);
	else if (code != EXIT_USAGE)
		put = test_rows_put(&rows, &settings.table);
	if (!settings.json && !put && table_is_explained(&settings.table))
		test_rows_explain(&rows);
	option_list_free(&settings.nodes);
	free(rows.list);
	return code ? code : put;
}

const struct command test_command = {
	.name = "test",
	.summary = "measure a page out and in: zram's algorithms, devices, nodes",
	.usage = "[-s SIZE] [--corpus FILE] [--node N]... [--json] " TABLE_USAGE " [DEVICE...]",
	.about = "Measures the time of a page out and in on this machine: with each algorithm of zram, in a device of\n"
		 "its own and with pages of running programs; in each DEVICE, such as pmem0; in the swap that is on;\n"
		 "and with the memory of each node. A DEVICE that ramswap could take is written to, and gets back\n"
		 "what was there; any other is read alone. Says what is the best, and by how much.\n",
	.options = options,
	.notes = "Exit codes: 0 measured; 2 usage; 3 something could not be measured.\n",
	.run = run,
	.most = ARGUMENTS_ANY,
	.offer = OFFER_FILES,
};
