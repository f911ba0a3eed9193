// SPDX-License-Identifier: GPL-2.0-or-later
/* netcon list: the netconsole targets of the kernel, and those that are kept for the next boot. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/table/table.h"
#include "../../lib/text/flags.h"
#include "../../lib/text/json.h"
#include "../target/record.h"
#include "../target/target.h"
#include "cli.h"

struct list_settings {
	struct table_settings table;
	bool json;
};

enum { NAME, ENABLED, EXTENDED, RELEASE, INTERFACE, LOCAL, REMOTE, MAC, ERRORS, USERDATA, SYSDATA, PERSISTED };

static const struct option_word columns[] = {
	{ "NAME", NAME },
	{ "ENABLED", ENABLED },
	{ "EXTENDED", EXTENDED },
	{ "RELEASE", RELEASE },
	{ "INTERFACE", INTERFACE },
	{ "LOCAL", LOCAL },
	{ "REMOTE", REMOTE },
	{ "MAC", MAC },
	{ "ERRORS", ERRORS | TABLE_NUMBER },
	{ "USERDATA", USERDATA | TABLE_LINES },
	{ "SYSDATA", SYSDATA },
	{ "PERSISTED", PERSISTED },
	{ NULL, 0 },
};

#define USUAL "NAME,ENABLED,EXTENDED,RELEASE,INTERFACE,LOCAL,REMOTE,MAC,ERRORS,USERDATA,PERSISTED"

static const struct command_option options[] = {
	TABLE_OPTIONS(struct list_settings, table, columns),
	{ OPTION_FLAG, 0, "json", NULL, "print one JSON object a line", OPTION_FIELD(struct list_settings, json) },
	{ 0 },
};

/* Where the rows go: a table, or lines of JSON. */
struct listing {
	struct table *table; /* NULL: JSON */
};

static const char *yes_or_no(bool yes)
{
	return yes ? "yes" : "no";
}

static void put_address(struct table *table, unsigned int column, const union address *address)
{
	char text[ADDRESS_TEXT_MAX];

	if (address->any.sa_family)
		table_put(table, column, "%s", address_print_with_port(text, address));
}

static void put_userdata(struct table *table, const struct target *target)
{
	char text[TARGET_ENTRIES_MAX * (sizeof(struct target_entry) + 2)] = "";
	size_t length = 0;

	for (size_t i = 0; i < target->entries; i++)
		length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%s=%s", i ? "\n" : "",
			target->userdata[i].name, target->userdata[i].value);
	table_put(table, USERDATA, "%s", text);
}

static void put_row(struct table *table, const struct target *target, bool exists, bool is_persisted)
{
	char text[128];

	table_row(table);
	table_put(table, NAME, "%s", target->name);
	table_put(table, ENABLED, "%s", exists ? yes_or_no(target->is_enabled) : "absent");
	table_put(table, PERSISTED, "%s", yes_or_no(is_persisted));
	put_address(table, REMOTE, &target->remote);
	put_userdata(table, target);
	flags_print(text, sizeof(text), target->sysdata, target_sysdata_words);
	table_put(table, SYSDATA, "%s", text);
	table_put(table, EXTENDED, "%s", yes_or_no(target->is_extended));
	if (!exists)
		return;
	table_put(table, RELEASE, "%s", yes_or_no(target->has_release));
	table_put(table, INTERFACE, "%s", target->interface);
	put_address(table, LOCAL, &target->local);
	table_put(table, MAC, "%s", target_print_mac(text, target->mac));
	if (target->counts_errors)
		table_put(table, ERRORS, "%llu", (unsigned long long)target->errors);
}

static void add_address(struct json_object *object, const char *name, const char *port, const union address *address)
{
	char text[ADDRESS_TEXT_MAX];

	if (!address->any.sa_family) {
		json_add_string(object, name, NULL);
		json_add_string(object, port, NULL);
		return;
	}
	json_add_text(object, name, address_print(text, address));
	json_add_number(object, port, address_port(address));
}

static void put_json(const struct target *target, bool exists, bool is_persisted)
{
	struct json_object *object = json_object_new_object(), *userdata = json_object_new_object();
	char mac[TARGET_MAC_TEXT_MAX];

	json_add_text(object, "name", target->name);
	json_add_flag(object, "exists", exists);
	json_add_flag(object, "persisted", is_persisted);
	json_add_flag(object, "enabled", target->is_enabled);
	json_add_flag(object, "extended", target->is_extended);
	json_add_flag(object, "release", target->has_release);
	json_add_text(object, "interface", *target->interface ? target->interface : NULL);
	add_address(object, "local_address", "local_port", &target->local);
	add_address(object, "remote_address", "remote_port", &target->remote);
	json_add_string(object, "mac", exists ? target_print_mac(mac, target->mac) : NULL);
	if (target->counts_errors)
		json_add_number(object, "errors", target->errors);
	else
		json_add_string(object, "errors", NULL);
	for (size_t i = 0; i < target->entries; i++)
		json_add_text(userdata, target->userdata[i].name, target->userdata[i].value);
	json_object_object_add(object, "userdata", userdata);
	json_object_object_add(object, "sysdata", flags_json(target->sysdata, target_sysdata_words));
	json_put_line(object);
}

static void put(const struct listing *listing, const struct target *target, bool exists, bool is_persisted)
{
	if (listing->table)
		put_row(listing->table, target, exists, is_persisted);
	else
		put_json(target, exists, is_persisted);
}

/* 0, or an exit code, having complained. */
static int list_targets(const struct listing *listing)
{
	struct target target;
	char **names;
	size_t count;
	int err = target_names(TARGET_ROOT, &names, &count), code = EXIT_OK;

	/* Without netconsole there are none. */
	if (err == -ENOENT)
		return EXIT_OK;
	if (err) {
		complain("%s: %s", TARGET_ROOT, strerror(-err));
		return EXIT_ERROR;
	}
	for (size_t i = 0; i < count; i++) {
		err = target_read(TARGET_ROOT, names[i], &target);
		if (!err)
			put(listing, &target, true, record_exists(RECORD_FOLDER, names[i]));
		/* One may go meanwhile. */
		else if (err != -ENOENT) {
			complain("%s: %s", names[i], strerror(-err));
			code = EXIT_ERROR;
		}
	}
	names_free(names, count);
	return code;
}

static int put_record(const struct listing *listing, const char *name)
{
	struct record record;
	struct target_problem problem;
	struct target target = { 0 };

	if (target_exists(TARGET_ROOT, name))
		return EXIT_OK;
	if (record_load(RECORD_FOLDER, name, NETCON_PORT, &record, &problem)) {
		complain("%s", problem.text);
		return EXIT_ERROR;
	}
	strcpy(target.name, record.name);
	strcpy(target.interface, record.interface);
	target.remote = record.remote;
	target.is_extended = !record.is_basic;
	target.entries = record.entries;
	target.sysdata = record.sysdata;
	memcpy(target.userdata, record.userdata, sizeof(record.userdata));
	put(listing, &target, false, true);
	return EXIT_OK;
}

/* Those that the kernel does not have. */
static int list_records(const struct listing *listing)
{
	char **names;
	size_t count;
	int err = record_names(RECORD_FOLDER, &names, &count), code = EXIT_OK;

	if (err) {
		complain("%s: %s", RECORD_FOLDER, strerror(-err));
		return EXIT_ERROR;
	}
	for (size_t i = 0; i < count; i++)
		if (put_record(listing, names[i]))
			code = EXIT_ERROR;
	names_free(names, count);
	return code;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct list_settings settings = { 0 };
	struct listing listing = { 0 };
	int code, closed = EXIT_OK;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	if (!settings.json) {
		listing.table = table_open(&settings.table, columns, USUAL, EXIT_ERROR, &code);
		if (!listing.table)
			return code;
	}
	code = list_targets(&listing);
	if (list_records(&listing))
		code = EXIT_ERROR;
	if (listing.table)
		closed = table_close(listing.table);
	return code ? code : closed;
}

const struct command list_command = {
	.name = "list",
	.summary = "list the kernel's targets",
	.usage = "[--json] " TABLE_USAGE,
	.about = "Lists the netconsole targets of the kernel. ERRORS counts messages that could not be sent,\n"
		 "where the kernel counts them. PERSISTED: netcon setup --all makes it again; one that the\n"
		 "kernel does not have is absent.\n",
	.options = options,
	.notes = "Exit codes: 0 all are listed, even if there are none; 2 usage; 3 one could not be read.\n",
	.run = run,
};
