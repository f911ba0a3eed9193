// SPDX-License-Identifier: GPL-2.0-or-later
/* netcon setup: makes a netconsole target of the kernel. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/endpoint.h"
#include "../target/configfs.h"
#include "../target/setup.h"
#include "cli.h"
#include "target_words.h"

struct setup_settings {
	struct record record;
	const char *name, *interface;
	unsigned int source_port;
	struct option_list userdata;
	bool may_replace, is_persisted, all, dry_run;
};

static int take_source(void *field, char *value)
{
	int err = address_parse(value, field);

	if (err == -ENODEV)
		return usage_error("--source: %s: there is no such interface", value);
	return err ? usage_error("--source: %s: it is no address", value) : EXIT_OK;
}

/* The record follows the address in it: both are set. */
static int take_mac(void *field, char *value)
{
	struct record *record = field;

	record->knows_mac = target_parse_mac(value, record->mac);
	return record->knows_mac ? EXIT_OK : usage_error("--mac: %s: it is no MAC address, such as 52:54:00:12:34:56", value);
}

static int take_sysdata(void *field, char *value)
{
	if (record_parse_sysdata(value, field))
		return EXIT_OK;
	return usage_error("--sysdata: %s: words are cpu_nr, taskname, release and msgid, with commas between them", value);
}

static const struct option_word sysdata_words[] = {
	{ "cpu_nr", 0 },
	{ "taskname", 0 },
	{ "release", 0 },
	{ "msgid", 0 },
	{ NULL, 0 },
};

static const struct command_option options[] = {
	{ OPTION_VALUE, 'N', "name", "NAME", "of the target (netcon)", OPTION_FIELD(struct setup_settings, name) },
	{ OPTION_VALUE, 'i', "interface", "INTERFACE", "send from this one (that of the route)",
		OPTION_FIELD(struct setup_settings, interface) },
	{ OPTION_CALL, 's', "source", "ADDRESS", "send from this address (that of the route)",
		OPTION_FIELD(struct setup_settings, record.source), .take = take_source },
	{ OPTION_NUMBER, 0, "source-port", "PORT", "send from this port (6665)",
		OPTION_FIELD(struct setup_settings, source_port), .least = 1, .most = 65535 },
	{ OPTION_CALL, 'm', "mac", "MAC", "of the next hop (what the neighbour answers)",
		OPTION_FIELD(struct setup_settings, record), .take = take_mac },
	{ OPTION_DURATION, 't', "timeout", "DURATION", "for the neighbour to answer (10s)",
		OPTION_FIELD(struct setup_settings, record.timeout) },
	{ OPTION_FLAG, 'b', "basic", NULL, "send the text of messages alone",
		OPTION_FIELD(struct setup_settings, record.is_basic) },
	{ OPTION_LIST, 'u', "userdata", "NAME=VALUE", "add this to each message; may be repeated",
		OPTION_FIELD(struct setup_settings, userdata) },
	{ OPTION_CALL, 0, "sysdata", "WORD,...", "the kernel adds this to each message: cpu_nr, taskname, release, msgid",
		OPTION_FIELD(struct setup_settings, record.sysdata), .take = take_sysdata, .words = sysdata_words,
		.has_commas = true },
	{ OPTION_NUMBER, 'l', "level", "N", "send messages below level N: 8 is all (as it is)",
		OPTION_FIELD(struct setup_settings, record.level), .least = 1, .most = RECORD_LEVEL_MAX },
	{ OPTION_FLAG, 0, "no-replay", NULL, "do not send the messages of before",
		OPTION_FIELD(struct setup_settings, record.without_replay) },
	{ OPTION_FLAG, 0, "replace", NULL, "change a target of that name", OPTION_FIELD(struct setup_settings, may_replace) },
	{ OPTION_FLAG, 'p', "persist", NULL, "keep it in " RECORD_FOLDER ", for --all",
		OPTION_FIELD(struct setup_settings, is_persisted) },
	{ OPTION_FLAG, 'a', "all", NULL, "set up all that are kept there", OPTION_FIELD(struct setup_settings, all) },
	{ OPTION_FLAG, 'n', "dry-run", NULL, "print the target, and change nothing",
		OPTION_FIELD(struct setup_settings, dry_run) },
	{ 0 },
};

/* What is not below the level does not reach the network: those numbers will be missing. */
static int check_level(const struct record *record)
{
	int level, err = record->level ? console_set_level(record->level) : 0;

	if (err) {
		complain("the console level cannot be set: %s", strerror(-err));
		return EXIT_ERROR;
	}
	level = console_level();
	if (level >= 0 && level < CONSOLE_LEVEL_ALL - 1)
		printf("%s: messages of the levels %d to 7 are not sent: --level 8 sends all\n", record->name, level);
	else if (level == CONSOLE_LEVEL_ALL - 1)
		printf("%s: messages of level 7, debug, are not sent: --level 8 sends all\n", record->name);
	return EXIT_OK;
}

static int set_up(const struct record *record, const struct setup_settings *settings)
{
	struct target target;
	struct target_problem problem;
	int err, code;

	if (settings->dry_run)
		err = target_complete(record, &target, &problem);
	else
		err = target_setup(TARGET_ROOT, record, settings->may_replace, &target, &problem);
	if (err) {
		complain("%s: %s", record->name, problem.text);
		return EXIT_ERROR;
	}
	print_target(&target);
	if (settings->dry_run)
		return EXIT_OK;
	code = check_level(record);
	warn_of_panic(&target);
	if (settings->is_persisted && record_save(RECORD_FOLDER, record, &problem)) {
		complain("%s: it works, but is not kept: %s", record->name, problem.text);
		code = EXIT_ERROR;
	}
	if (!record->without_replay && !record->is_basic && hand_over(&target, record))
		code = EXIT_ERROR;
	return code;
}

static int set_up_all(const struct setup_settings *settings)
{
	struct record record;
	struct target_problem problem;
	char **names;
	size_t count;
	int err = record_names(RECORD_FOLDER, &names, &count), code = EXIT_OK;

	if (err) {
		complain("%s: %s", RECORD_FOLDER, strerror(-err));
		return EXIT_ERROR;
	}
	for (size_t i = 0; i < count; i++) {
		err = record_load(RECORD_FOLDER, names[i], NETCON_PORT, &record, &problem);
		if (err)
			complain("%s", problem.text);
		else
			record.without_replay |= settings->record.without_replay;
		if (err || set_up(&record, settings))
			code = EXIT_ERROR;
	}
	names_free(names, count);
	return code;
}

/* The options that are not in the record yet. */
static int fill_record(struct setup_settings *settings, const char *address)
{
	struct record *record = &settings->record;
	int err = address_parse_with_port(address, NETCON_PORT, &record->remote);

	if (err)
		return usage_error(err == -ENODEV ? "%s: there is no such interface" : "%s: not one of " ENDPOINT_RULE, address);
	if (!target_name_is_good(settings->name))
		return usage_error("--name: %s: a name has letters, digits, \"-\", \"_\" and \".\", at most %d", settings->name,
			TARGET_NAME_MAX);
	if (strlen(settings->interface) >= sizeof(record->interface))
		return usage_error("--interface: %s: it is no interface", settings->interface);
	if (record->timeout > RECORD_TIMEOUT_MAX)
		return usage_error("--timeout: at most %d seconds", RECORD_TIMEOUT_MAX);
	strcpy(record->name, settings->name);
	strcpy(record->interface, settings->interface);
	record->source_port = (in_port_t)settings->source_port;
	for (size_t i = 0; i < settings->userdata.count; i++) {
		err = record_add_entry(record, settings->userdata.values[i]);
		if (err == -ENOSPC)
			return usage_error("--userdata: at most %d", RECORD_ENTRIES_MAX);
		if (err == -E2BIG)
			return usage_error("--userdata: %s: a name has at most %d characters, a value %d",
				settings->userdata.values[i], TARGET_ENTRY_NAME_MAX, TARGET_ENTRY_VALUE_MAX);
		if (err)
			return usage_error("--userdata: %s: it is not NAME=VALUE, in printable ASCII", settings->userdata.values[i]);
	}
	if (record->is_basic && (record->entries || record->sysdata))
		return usage_error("--basic: such a target sends no userdata and no sysdata");
	return EXIT_OK;
}

static int prepare(const struct setup_settings *settings)
{
	struct target_problem problem;

	if (settings->dry_run || !configfs_prepare(&problem))
		return EXIT_OK;
	complain("%s", problem.text);
	return EXIT_ERROR;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct setup_settings settings = {
		.record = RECORD_USUAL, .name = "netcon", .interface = "", .source_port = NETCON_SOURCE_PORT
	};
	int code;

	if (!options_take(command, &argc, &argv, &settings, &code)) {
		option_list_free(&settings.userdata);
		return code;
	}
	if (settings.all == (argc == 1))
		code = usage_error("there must be either ADDRESS or --all");
	else if (!settings.all)
		code = fill_record(&settings, argv[0]);
	else if (settings.is_persisted)
		code = usage_error("--all: they are kept already");
	else
		settings.may_replace = true;
	option_list_free(&settings.userdata);
	if (!code)
		code = prepare(&settings);
	if (code)
		return code;
	return settings.all ? set_up_all(&settings) : set_up(&settings.record, &settings);
}

const struct command setup_command = {
	.name = "setup",
	.summary = "make the kernel send its messages itself",
	.usage = "[OPTION...] ADDRESS[:PORT]\n"
		 "--all [--no-replay]",
	.about = "Makes a netconsole target of the kernel, which sends each message from then on, the last\n"
		 "ones of a crash too. What a target has to be told is found: the interface, its address,\n"
		 "the MAC address of the next hop. Then the messages of before are sent, so that the\n"
		 "receiver has all of them.\n",
	.options = options,
	.notes = "Exit codes: 0 the target works; 2 usage; 3 it could not be made, or not all was done.\n",
	.run = run,
	.most = 1,
};
