// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../enforce/event_text.h"
#include "../../enforce/events.h"
#include "../../format/inspect.h"
#include "../../survey/learned.h"
#include "../../../lib/text/json.h"
#include "../../../lib/text/text.h"
#include "../authority.h"
#include "../catalog_option.h"
#include "../cli.h"
#include "../engine_open.h"
#include "list_option.h"
#include "../trust_option.h"

struct learning {
	struct authority authority;
	struct learned learned;
	struct list_option list;
	bool json;
	int err;
};

static const char *const now_names[] = {
	[LEARNED_NOT_LOOKED] = "?",
	[LEARNED_SAME] = "same",
	[LEARNED_CHANGED] = "changed",
	[LEARNED_PRESENT] = "present",
	[LEARNED_TRUSTED] = "trusted",
	[LEARNED_GONE] = "gone",
	[LEARNED_UNREADABLE] = "unreadable",
	[LEARNED_NAMELESS] = "nameless",
};

/* Whether it is the file that ran, and nothing is known against it. */
static bool is_to_be_trusted(const struct learned_entry *entry)
{
	return entry->now == LEARNED_SAME && entry->verdict == DIGSIG_VERDICT_UNSIGNED;
}

static const char *advice(const struct learned_entry *entry)
{
	switch (entry->now) {
	case LEARNED_GONE:
		return "gone";
	case LEARNED_CHANGED:
		return "changed since it ran: run it again, or see digsig check";
	case LEARNED_PRESENT:
		return "there; the log does not say with which bytes it ran";
	case LEARNED_TRUSTED:
		return "trusted by now";
	case LEARNED_UNREADABLE:
		return "cannot be read: run this as root";
	case LEARNED_NAMELESS:
		return "no file of that path: a deleted file, one in memory, or a path too long";
	case LEARNED_SAME:
	case LEARNED_NOT_LOOKED:
		break;
	}
	if (!is_to_be_trusted(entry))
		return "its signature is bad: find out why before you sign it";
	return entry->can_carry ? "can be signed" : "cannot carry a signature: catalog";
}

/* Reads a line of at most LEARNED_LINE_MAX bytes; of a longer one, one byte more, and skips the
 * rest. False: there is none. */
static bool read_line(FILE *file, char *line, size_t *size)
{
	int byte = getc_unlocked(file);

	*size = 0;
	if (byte == EOF)
		return false;
	for (; byte != EOF && byte != '\n'; byte = getc_unlocked(file))
		if (*size <= LEARNED_LINE_MAX)
			line[(*size)++] = (char)byte;
	return true;
}

static int read_file(struct learning *learning, const char *path)
{
	FILE *file = strcmp(path, "-") ? fopen(path, "re") : stdin;
	char *line = malloc(LEARNED_LINE_MAX + 1);
	int status = EXIT_OK;
	size_t size;

	if (!file || !line) {
		complain("%s: %s", path, strerror(errno));
		status = EXIT_ERROR;
	}
	while (status == EXIT_OK && !learning->err && read_line(file, line, &size))
		learning->err = learned_add_line(&learning->learned, line, size);
	if (status == EXIT_OK && ferror(file)) {
		complain("%s: cannot be read: %s", path, strerror(errno));
		status = EXIT_ERROR;
	}
	if (file && file != stdin)
		fclose(file);
	free(line);
	return status;
}

static void take_event(const struct digsig_event *event, __u64 lost, void *context)
{
	struct learning *learning = context;
	struct json_object *object = event_to_json(event, lost);

	if (!learning->err)
		learning->err = learned_add(&learning->learned, object);
	json_object_put(object);
}

static int read_engine(struct learning *learning)
{
	struct event_reader *reader;
	struct engine engine;
	int status = open_engine_or_complain(&engine), count;

	if (status != EXIT_OK)
		return status;
	count = event_reader_new(&engine, take_event, learning, &reader);
	if (!count) {
		do
			count = event_reader_read(reader, 0);
		while (count > 0);
		event_reader_free(reader);
	}
	engine_close(&engine);
	if (count == -EBUSY)
		complain("learn: another process reads the log: give its file as FILE");
	else if (count)
		complain("learn: %s", strerror(-count));
	return count ? EXIT_ERROR : EXIT_OK;
}

static int compare_entries(const void *a, const void *b)
{
	const struct learned_entry *one = a, *other = b;

	if (one->count != other->count)
		return one->count < other->count ? 1 : -1;
	return strcmp(one->path, other->path);
}

static void print_entry(const struct learned_entry *entry)
{
	const char *separator = "";

	printf("%8llu %-10s ", (unsigned long long)entry->count,
		digsig_verdict_name(entry->verdict));
	print_safely(stdout, *entry->path ? entry->path : "(no path)");
	printf("\n         ");
	for (unsigned int i = 0; learned_hook_name(i); i++) {
		if (!(entry->hooks & 1U << i))
			continue;
		printf("%s%s", separator, learned_hook_name(i));
		separator = ", ";
	}
	separator = " by ";
	for (unsigned int i = 0; i < entry->who_count; i++) {
		fputs(separator, stdout);
		/* The log has made it harmless already, unless it is not a log. */
		print_safely(stdout, entry->who[i].comm);
		printf(" (uid %u)", entry->who[i].uid);
		separator = ", ";
	}
	fputs(entry->has_more_who ? " and others" : "", stdout);
	if (*entry->first) {
		fputs(", ", stdout);
		print_safely(stdout, entry->first);
	}
	if (*entry->first && strcmp(entry->first, entry->last)) {
		fputs(" to ", stdout);
		print_safely(stdout, entry->last);
	}
	printf("; %s\n", advice(entry));
}

static void print_table(const struct learned *learned)
{
	size_t signable = 0, others = 0, shown = 0;

	for (size_t i = 0; i < learned->count; i++) {
		const struct learned_entry *entry = &learned->entries[i];

		if (entry->now == LEARNED_TRUSTED)
			continue;
		print_entry(entry);
		shown++;
		signable += is_to_be_trusted(entry) && entry->can_carry;
		others += is_to_be_trusted(entry) && !entry->can_carry;
	}
	printf("%zu would be denied: %zu to sign (--list0), %zu for a catalog (--list0=catalog); "
	       "%zu more are trusted by now\n",
		shown, signable, others, learned->count - shown);
	if (learned->bad_lines)
		printf("%llu lines are not of a log, and were passed over\n",
			(unsigned long long)learned->bad_lines);
	if (learned->passed_over)
		printf("%llu events of further files were passed over: the list is full\n",
			(unsigned long long)learned->passed_over);
	if (learned->lost)
		printf("%llu events were lost: there may be more\n",
			(unsigned long long)learned->lost);
}

static void add_text(struct json_object *object, const char *name, const char *text)
{
	json_add_text(object, name, *text ? text : NULL);
}

static struct json_object *entry_json(const struct learned_entry *entry)
{
	struct json_object *object = json_object_new_object();
	struct json_object *hooks = json_object_new_array(), *people = json_object_new_array();
	char digest[2 * DIGSIG_DIGEST_SIZE + 1] = "";

	if (entry->has_digest)
		print_hex(digest, entry->digest, sizeof(entry->digest));
	add_text(object, "path", entry->path);
	add_text(object, "digest", digest);
	add_text(object, "verdict", digsig_verdict_name(entry->verdict));
	for (unsigned int i = 0; learned_hook_name(i); i++)
		if (entry->hooks & 1U << i)
			json_object_array_add(hooks, json_object_new_string(learned_hook_name(i)));
	json_object_object_add(object, "hooks", hooks);
	json_add_number(object, "count", entry->count);
	add_text(object, "first", entry->first);
	add_text(object, "last", entry->last);
	for (unsigned int i = 0; i < entry->who_count; i++) {
		struct json_object *who = json_object_new_object();

		add_text(who, "comm", entry->who[i].comm);
		json_add_number(who, "uid", entry->who[i].uid);
		json_object_array_add(people, who);
	}
	json_object_object_add(object, "by", people);
	json_add_flag(object, "by_others", entry->has_more_who);
	add_text(object, "now", now_names[entry->now]);
	json_add_flag(object, "can_carry_signature", entry->can_carry);
	return object;
}

static void print_json(const struct learned *learned)
{
	struct json_object *object = json_object_new_object(), *list = json_object_new_array();

	for (size_t i = 0; i < learned->count; i++)
		json_object_array_add(list, entry_json(&learned->entries[i]));
	json_object_object_add(object, "entries", list);
	json_add_number(object, "lines", learned->lines);
	json_add_number(object, "bad_lines", learned->bad_lines);
	json_add_number(object, "passed_over", learned->passed_over);
	json_add_number(object, "events_lost", learned->lost);
	json_put_line(object);
}

static void print_list(const struct learning *learning)
{
	for (size_t i = 0; i < learning->learned.count; i++) {
		const struct learned_entry *entry = &learning->learned.entries[i];

		if (is_to_be_trusted(entry))
			list_option_print(&learning->list, entry->path, entry->can_carry);
	}
}

static int learn(struct learning *learning, const char *file)
{
	struct learned *learned = &learning->learned;
	int status = file ? read_file(learning, file) : read_engine(learning);

	if (status == EXIT_OK && learning->err) {
		complain("learn: %s", strerror(-learning->err));
		status = EXIT_ERROR;
	}
	if (status != EXIT_OK)
		return status;
	learned_look(learned, learning->authority.trust.store, authority_known(&learning->authority),
		&learning->authority.revoked);
	if (learned->count)
		qsort(learned->entries, learned->count, sizeof(*learned->entries), compare_entries);
	if (learning->list.which)
		print_list(learning);
	else if (learning->json)
		print_json(learned);
	else
		print_table(learned);
	return EXIT_OK;
}

static const struct command_option options[] = {
	{ OPTION_CALL, 0, "trust", "CERT|DIR",
		"leave out what is trusted by now; without it, what is signed by now",
		OPTION_FIELD(struct learning, authority.trust.store), .take = trust_option_take,
		.offer = OFFER_FILES },
	{ OPTION_CALL, 0, "catalog", "FILE|DIR",
		"leave out what a catalog has; may be repeated; with --trust",
		OPTION_FIELD(struct learning, authority.trust.catalogs), .take = catalog_option_take,
		.offer = "*.catalog" },
	{ OPTION_GROUP, OPTION_FIELD(struct learning, list), .group = list_option_table },
	{ OPTION_FLAG, 0, "json", NULL, "print one JSON object", OPTION_FIELD(struct learning, json) },
	{ 0 },
};

static int learn_by_trust(struct learning *learning, const char *file)
{
	struct authority *authority = &learning->authority;
	int status;

	if (authority->trust.catalogs.count && !authority->trust.store)
		return usage_error("--catalog requires --trust");
	status = authority_open(authority);
	if (status == EXIT_OK && authority->trust.store)
		status = authority_revoke(authority, NULL);
	return status == EXIT_OK ? learn(learning, file) : status;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct learning learning = { 0 };
	int status;

	if (options_take(command, &argc, &argv, &learning, &status))
		status = learn_by_trust(&learning, argv[0]);
	learned_free(&learning.learned);
	authority_free(&learning.authority);
	return status;
}

const struct command learn_command = {
	.name = "learn",
	.summary = "list what ran and would be denied, from the log",
	.usage = "[OPTION...] [FILE]",
	.about = "Lists what ran and would be denied, from a log of mode monitor: each file once, how often,\n"
		 "when, by whom, what has become of it, and whether to sign it or put it into a catalog.\n"
		 "FILE holds JSON lines as digsig log --json prints them; - is the standard input. Without\n"
		 "FILE the log of the running engine is read, and thereby used up.\n",
	.options = options,
	.notes = "A file is only listed for signing if it still is the one that ran.\n",
	.run = run,
	.most = 1,
	.offer = OFFER_FILES,
};
