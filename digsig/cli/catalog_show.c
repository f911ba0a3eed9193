// SPDX-License-Identifier: GPL-2.0-or-later
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <json-c/json.h>
#include "../format/inspect.h"
#include "../../lib/text/text.h"
#include "catalog_commands.h"
#include "catalog_option.h"
#include "cli.h"
#include "trust_option.h"

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
	char hex[2 * DIGSIG_DIGEST_SIZE + 1];

	(void)context;
	print_hex(hex, digest, DIGSIG_DIGEST_SIZE);
	printf("%s  ", hex);
	print_safely(stdout, name ? name : "");
	putchar('\n');
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
struct json_list {
	struct json_object *array, *names;
	const __u8 *digest; /* whose names are being added */
};

static int add_name(void *context, const __u8 *digest, const char *name)
{
	struct json_list *list = context;
	char hex[2 * DIGSIG_DIGEST_SIZE + 1], *safe;

	if (digest != list->digest) {
		struct json_object *item = json_object_new_object();

		print_hex(hex, digest, DIGSIG_DIGEST_SIZE);
		list->digest = digest;
		list->names = json_object_new_array();
		json_object_object_add(item, "sha256", json_object_new_string(hex));
		json_object_object_add(item, "names", list->names);
		json_object_array_add(list->array, item);
	}
	safe = name ? safe_text(name) : NULL;
	if (safe)
		json_object_array_add(list->names, json_object_new_string(safe));
	free(safe);
	return 0;
}

static void add_safely(struct json_object *object, const char *key, const char *text)
{
	char *safe = safe_text(text);

	json_object_object_add(object, key, json_object_new_string(safe ? safe : "?"));
	free(safe);
}

static struct json_object *show_json(
	const struct facts *facts, const struct catalog *catalog, bool with_names)
{
	struct json_object *object = json_object_new_object();
	struct json_list list = { 0 };

	add_safely(object, "file", facts->path);
	json_object_object_add(object, "state", json_object_new_string(facts->state));
	json_object_object_add(object, "digests", json_object_new_uint64(catalog->count));
	json_object_object_add(object, "parts", json_object_new_uint64(catalog->part_count));
	add_safely(object, "identity", facts->identity);
	json_object_object_add(
		object, "epoch", json_object_new_uint64(digsig_le64(facts->header->epoch)));
	json_object_object_add(object, "creation_time",
		json_object_new_uint64(digsig_le64(facts->header->creation_time)));
	json_object_object_add(object, "key_id", json_object_new_string(facts->key_id));
	json_object_object_add(object, "names_size", json_object_new_uint64(catalog->names_size));
	if (with_names) {
		list.array = json_object_new_array();
		catalog_visit(catalog, add_name, &list);
		json_object_object_add(object, "entries", list.array);
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

int catalog_show_command(int argc, char **argv)
{
	static const struct option options[] = {
		{ "trust", required_argument, NULL, 't' },
		{ "json", no_argument, NULL, 'j' },
		{ "names", no_argument, NULL, 'n' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct json_object *array = NULL;
	bool wants_json = false, with_names = false;
	struct trust_store *store = NULL;
	int option, code = EXIT_OK;

	while (!code && (option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (option) {
		case 't':
			code = trust_option_add(&store, optarg);
			break;
		case 'j':
			wants_json = true;
			break;
		case 'n':
			with_names = true;
			break;
		case 'h':
			code = catalog_help();
			goto out;
		default:
			code = EXIT_USAGE;
		}
	}
	if (!code && optind == argc)
		code = usage_error("catalog", "show: no file");
	if (code)
		goto out;
	code = trust_option_settle(store, CONFIG_EXPIRY_WARN, false);
	if (code)
		goto out;
	if (wants_json)
		array = json_object_new_array();
	for (int i = optind; i < argc; i++) {
		int failed = catalog_show_one(argv[i], store, array, with_names);

		code = code ? code : failed;
	}
	if (array)
		puts(json_object_to_json_string_ext(
			array, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(array);
out:
	trust_store_free(store);
	return code;
}
