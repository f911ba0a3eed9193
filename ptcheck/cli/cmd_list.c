// SPDX-License-Identifier: GPL-2.0-or-later
/* ptcheck list: the partitions of a table, as partx prints them. */
#include <stdio.h>
#include "../../lib/table/table.h"
#include "../../lib/text/flags.h"
#include "../../lib/text/json.h"
#include "../../lib/text/size.h"
#include "cli.h"
#include "number_range.h"

struct list_settings {
	struct disk_settings disk;
	struct number_range numbers;
	struct table_settings table;
	bool bytes, json;
	unsigned int as;
};

enum { NR, START, END, SECTORS, SIZE, NAME, UUID, SCHEME, FLAGS, TYPE, REMARKS };

static const struct option_word columns[] = {
	{ "NR", NR | TABLE_NUMBER },
	{ "START", START | TABLE_NUMBER },
	{ "END", END | TABLE_NUMBER },
	{ "SECTORS", SECTORS | TABLE_NUMBER },
	{ "SIZE", SIZE | TABLE_NUMBER },
	{ "NAME", NAME },
	{ "UUID", UUID },
	{ "SCHEME", SCHEME },
	{ "FLAGS", FLAGS },
	{ "TYPE", TYPE },
	{ "REMARKS", REMARKS },
	{ NULL, 0 },
};

#define USUAL "NR,START,END,SECTORS,SIZE,NAME,UUID,REMARKS"

/* The letters are those of partx. */
static const struct command_option options[] = {
	{ OPTION_FLAG, 'b', "bytes", NULL, "SIZE in bytes", OPTION_FIELD(struct list_settings, bytes) },
	{ OPTION_FLAG, 'g', "noheadings", NULL, "print the rows alone", OPTION_FIELD(struct list_settings, table.no_headings) },
	{ OPTION_CALL, 'n', "nr", "M:N", NUMBER_RANGE_HELP, OPTION_FIELD(struct list_settings, numbers),
		.take = number_range_take },
	{ OPTION_VALUE, 'o', "output", "COLUMN,...", "which columns; +COLUMN,...: besides the usual ones",
		OPTION_FIELD(struct list_settings, table.columns), .words = columns, .has_commas = true },
	{ OPTION_FLAG, 'P', "pairs", NULL, "print NAME=\"value\" pairs", OPTION_FIELD(struct list_settings, table.pairs) },
	{ OPTION_FLAG, 'r', "raw", NULL, "for scripts: one space between columns, spaces in them as \\x20",
		OPTION_FIELD(struct list_settings, table.raw) },
	{ OPTION_FLAG, 0, "json", NULL, "print one JSON object", OPTION_FIELD(struct list_settings, json) },
	AS_OPTION(struct list_settings, as),
	{ OPTION_GROUP, OPTION_FIELD(struct list_settings, disk), .group = disk_options },
	{ 0 },
};

static const struct flag_word remarks[] = {
	{ PTCHECK_ACTIVE, "active" },
	{ PTCHECK_EXTENDED, "extended" },
	{ PTCHECK_LOGICAL, "logical" },
	{ PTCHECK_WHOLE, "whole-disk" },
	{ PTCHECK_OUTSIDE, "outside-disk" },
	{ PTCHECK_OVERLAPS, "overlaps" },
	{ PTCHECK_HOLDS_LINK, "holds-link" },
	{ 0, NULL },
};

/* In sectors of 512 bytes, as partx counts whatever the disk's sectors are. */
static unsigned long long sectors(__u64 bytes)
{
	return bytes / 512;
}

static unsigned long long last_sector(const struct ptcheck_partition *partition)
{
	return sectors(partition->start) + (partition->size ? sectors(partition->size) - 1 : 0);
}

static void print_size(char *text, size_t size, __u64 bytes, bool in_bytes)
{
	if (in_bytes)
		snprintf(text, size, "%llu", (unsigned long long)bytes);
	else
		size_print(text, size, (double)bytes);
}

static void put_row(struct table *table, const struct ptcheck_table *listed, const struct ptcheck_partition *partition,
	bool in_bytes)
{
	char text[96];

	table_row(table);
	table_put(table, NR, "%u", partition->number);
	table_put(table, START, "%llu", sectors(partition->start));
	table_put(table, END, "%llu", last_sector(partition));
	table_put(table, SECTORS, "%llu", sectors(partition->size));
	print_size(text, sizeof(text), partition->size, in_bytes);
	table_put(table, SIZE, "%s", text);
	table_put(table, NAME, "%s", partition->name);
	table_put(table, UUID, "%s", partition->uuid);
	table_put(table, SCHEME, "%s", ptcheck_kind_name(listed->kind));
	table_put(table, FLAGS, "0x%llx", (unsigned long long)partition->attributes);
	table_put(table, TYPE, "%s", partition->type);
	flags_print(text, sizeof(text), partition->flags, remarks);
	table_put(table, REMARKS, "%s", text);
}

static int print_table(const struct ptcheck_table *listed, const struct list_settings *settings)
{
	int code = EXIT_OK;
	struct table *table = table_open(&settings->table, columns, USUAL, EXIT_ERROR, &code);

	if (!table)
		return code;
	for (size_t i = 0; i < listed->count; i++)
		if (is_in_range(&settings->numbers, listed->partitions[i].number))
			put_row(table, listed, &listed->partitions[i], settings->bytes);
	return table_close(table);
}

static struct json_object *json_of_partition(const struct ptcheck_partition *partition)
{
	struct json_object *object = json_object_new_object();

	json_add_number(object, "number", partition->number);
	json_add_number(object, "start", partition->start);
	json_add_number(object, "size", partition->size);
	json_add_text(object, "type", partition->type);
	json_add_string(object, "uuid", *partition->uuid ? partition->uuid : NULL);
	json_add_text(object, "name", *partition->name ? partition->name : NULL);
	json_add_number(object, "attributes", partition->attributes);
	json_object_object_add(object, "remarks", flags_json(partition->flags, remarks));
	return object;
}

static int print_json(const char *path, const struct ptcheck_table *listed, const struct list_settings *settings)
{
	struct json_object *object = json_object_new_object(), *list = json_object_new_array();

	json_add_text(object, "device", path);
	json_add_string(object, "scheme", ptcheck_kind_name(listed->kind));
	json_add_string(object, "uuid", *listed->uuid ? listed->uuid : NULL);
	json_add_number(object, "sector_size", listed->sector_size);
	json_add_string(object, "fault", listed->fault);
	json_add_string(object, "also", listed->also);
	for (size_t i = 0; i < listed->count; i++)
		if (is_in_range(&settings->numbers, listed->partitions[i].number))
			json_object_array_add(list, json_of_partition(&listed->partitions[i]));
	json_object_object_add(object, "partitions", list);
	json_put_line(object);
	return EXIT_OK;
}

static int print_list(const char *path, const struct ptcheck_table *listed, const struct list_settings *settings)
{
	if (listed->fault)
		complain("%s: %s", path, listed->fault);
	else if (listed->also)
		complain("%s: %s", path, listed->also);
	return settings->json ? print_json(path, listed, settings) : print_table(listed, settings);
}

static int run(const struct command *command, int argc, char **argv)
{
	struct list_settings settings = { .disk = DISK_SETTINGS_USUAL, .numbers = NUMBER_RANGE_ALL };
	struct ptcheck_table listed;
	int code;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	code = disk_settings_check(&settings.disk);
	if (!code)
		code = read_table(argv[0], &settings.disk, settings.as, &listed);
	if (code)
		return code;
	code = print_list(argv[0], &listed, &settings);
	return listed.fault ? EXIT_ERROR : code;
}

const struct command list_command = {
	.name = "list",
	.summary = "list the partitions of a disk's table",
	.usage = "[OPTION...] DEVICE|IMAGE",
	.about = "Lists the partitions, in the columns of partx: START, END and SECTORS are in sectors of\n"
		 "512 bytes. REMARKS says what is odd about one: outside-disk, overlaps, holds-link: the\n"
		 "table of another logical partition lies in it.\n",
	.options = options,
	.notes = "Exit codes: 0 all are listed; 2 usage; 3 there is no table for certain or in all\n"
		 "likelihood, or the list may be short.\n",
	.run = run,
	.arguments = "DEVICE",
	.most = 1,
	.offer = OFFER_FILES,
};
