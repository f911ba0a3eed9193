// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <json-c/json.h>
#include "../../format/inspect.h"
#include "../../../lib/text/json.h"
#include "../../../lib/text/text.h"
#include "catalog_commands.h"
#include "../catalog_option.h"
#include "../cli.h"
#include "../trust_option.h"

/* What both outputs give. */
struct facts {
	const char *path, *state;
	const struct digsig_catalog_header *header; /* the first part's */
	char created[32], identity[DIGSIG_IDENTITY_SIZE + 1];
	char key_id[2 * DIGSIG_KEY_ID_SIZE + 1];
};

static void gather(struct facts *facts, const char *path, const struct catalog *catalog,
	enum digsig_verdict verdict)
{
	const struct digsig_catalog_header *header = &catalog->parts[0].header;

	facts->path = path;
	facts->state = verdict == DIGSIG_VERDICT_NONE ? "intact" : digsig_verdict_name(verdict);
	facts->header = header;
	print_time(facts->created, digsig_le64(header->creation_time));
	print_hex(facts->key_id, header->key_id, sizeof(header->key_id));
	memcpy(facts->identity, header->identity, sizeof(header->identity));
	facts->identity[sizeof(header->identity)] = 0;
}

static int print_name(void *context, const __u8 *digest, const char *name)
{
	(void)context;
	print_sum(digest, name);
	return 0;
}

static void show_text(const struct facts *facts, const struct catalog *catalog, bool with_names)
{
	print_safely(stdout, facts->path);
	printf(": %s\n  digests:   %llu, in %u part%s\n  identity:  ", facts->state,
		(unsigned long long)catalog->count, catalog->part_count,
		catalog->part_count == 1 ? "" : "s");
	print_safely(stdout, *facts->identity ? facts->identity : "none");
	printf("\n  epoch:     %llu\n  created:   %s, by the signer's clock\n  key id:    %s\n"
	       "  names:     %zu bytes\n",
		(unsigned long long)digsig_le64(facts->header->epoch), facts->created,
		facts->key_id, catalog->names_size);
	if (with_names)
		catalog_visit(catalog, print_name, NULL);
}

/* The digests as an array of { sha256, names }. */
struct entries {
	struct json_object *array, *entry; /* entry: the one whose names are being added; NULL: none yet */
	struct json_texts names;
	const __u8 *digest; /* of that one */
};

static void end_entry(struct entries *entries)
{
	if (!entries->entry)
		return;
	json_texts_end(&entries->names, entries->entry, "names");
	json_object_array_add(entries->array, entries->entry);
}

static int add_name(void *context, const __u8 *digest, const char *name)
{
	struct entries *entries = context;
	char hex[2 * DIGSIG_DIGEST_SIZE + 1];

	if (digest != entries->digest) {
		end_entry(entries);
		print_hex(hex, digest, DIGSIG_DIGEST_SIZE);
		entries->digest = digest;
		entries->entry = json_object_new_object();
		json_add_string(entries->entry, "sha256", hex);
		json_texts_begin(&entries->names);
	}
	if (name)
		json_texts_add(&entries->names, name);
	return 0;
}

static struct json_object *show_json(
	const struct facts *facts, const struct catalog *catalog, bool with_names)
{
	struct json_object *object = json_object_new_object();
	struct entries entries = { 0 };

	json_add_text(object, "file", facts->path);
	json_object_object_add(object, "state", json_object_new_string(facts->state));
	json_object_object_add(object, "digests", json_object_new_uint64(catalog->count));
	json_object_object_add(object, "parts", json_object_new_uint64(catalog->part_count));
	json_add_text(object, "identity", facts->identity);
	json_object_object_add(
		object, "epoch", json_object_new_uint64(digsig_le64(facts->header->epoch)));
	json_object_object_add(object, "creation_time",
		json_object_new_uint64(digsig_le64(facts->header->creation_time)));
	json_object_object_add(object, "key_id", json_object_new_string(facts->key_id));
	json_object_object_add(object, "names_size", json_object_new_uint64(catalog->names_size));
	if (with_names) {
		entries.array = json_object_new_array();
		catalog_visit(catalog, add_name, &entries);
		end_entry(&entries);
		json_object_object_add(object, "entries", entries.array);
	}
	return object;
}

int catalog_show_one(const char *path, const struct trust_store *store, struct json_object *array,
	bool with_names)
{
	enum digsig_verdict verdict = DIGSIG_VERDICT_NONE;
	struct catalog catalog;
	struct facts facts;
	int code = catalog_read_or_complain(path, &catalog);

	if (code)
		return code;
	if (store)
		verdict = catalog_verify(&catalog, store, NULL);
	gather(&facts, path, &catalog, verdict);
	if (array)
		json_object_array_add(array, show_json(&facts, &catalog, with_names));
	else
		show_text(&facts, &catalog, with_names);
	catalog_free(&catalog);
	return verdict == DIGSIG_VERDICT_NONE ? EXIT_OK : verdict_exit_code(verdict);
}

struct show_settings {
	struct trust_store *trust;
	bool json, names;
};

static const struct command_option options[] = {
	{ OPTION_CALL, 0, "trust", "CERT|DIR", "certificates whose keys are trusted; may be repeated",
		OPTION_FIELD(struct show_settings, trust), .take = trust_option_take,
		.offer = OFFER_FILES },
	{ OPTION_FLAG, 0, "names", NULL, "list the digests and the names",
		OPTION_FIELD(struct show_settings, names) },
	{ OPTION_FLAG, 0, "json", NULL, "print a JSON array with one object a catalog",
		OPTION_FIELD(struct show_settings, json) },
	{ 0 },
};

static int show(const struct show_settings *settings, char **paths, int count)
{
	struct json_object *array = settings->json ? json_object_new_array() : NULL;
	int code = EXIT_OK;

	for (int i = 0; i < count; i++) {
		int failed = catalog_show_one(paths[i], settings->trust, array, settings->names);

		code = code ? code : failed;
	}
	json_put_pretty(array);
	return code;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct show_settings settings = { 0 };
	int code;

	if (options_take(command, &argc, &argv, &settings, &code)) {
		code = trust_option_settle(settings.trust, CONFIG_EXPIRY_WARN, false);
		if (!code)
			code = show(&settings, argv, argc);
	}
	trust_store_free(settings.trust);
	return code;
}

const struct command catalog_show_command = {
	.name = "show",
	.summary = "explain what a catalog says",
	.usage = "[--trust CERT|DIR] [--json] [--names] FILE...",
	.about = "Explains what catalogs say; whose signature it is only with --trust.\n",
	.options = options,
	.run = run,
	.arguments = "FILE",
	.most = ARGUMENTS_ANY,
	.offer = "*.catalog",
};
