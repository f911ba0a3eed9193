// SPDX-License-Identifier: GPL-2.0-or-later
#include "fleet_print.h"
#include <stdio.h>
#include <string.h>
#include "../../../lib/text/json.h"
#include "../../../lib/text/text.h"
#include "../../config/words.h"

enum { SETTINGS = 4, SETTING_MAX = 80 };

static const char *const setting_names[SETTINGS] = { "mode", "scopes", "wx", "expiry" };

static const char *scopes_text(unsigned int scopes, char text[SETTING_MAX])
{
	size_t size = 0;

	*text = '\0';
	for (const struct config_word *word = config_scopes; word->name; word++)
		if (scopes & word->value)
			size += (size_t)snprintf(text + size, SETTING_MAX - size, "%s%s", size ? " " : "", word->name);
	return scopes ? text : "none";
}

/* In words; NULL: it is the hosts' own. text: room for it. */
static const char *setting_text(const struct fleet_manifest *manifest, int setting, char text[SETTING_MAX])
{
	switch (setting) {
	case 0:
		return manifest->has_mode ? config_word_name(config_modes, manifest->mode) : NULL;
	case 1:
		return manifest->has_scopes ? scopes_text(manifest->scopes, text) : NULL;
	case 2:
		return manifest->has_wx ? config_word_name(config_wx_policies, manifest->wx) : NULL;
	default:
		return manifest->has_expiry ? config_word_name(config_expiries, manifest->expiry) : NULL;
	}
}

static const char *or_own(const char *text)
{
	return text ? text : "the host's own";
}

static void print_blob(const char *mark, const struct fleet_blob *blob, const char *path)
{
	char hex[2 * DIGSIG_DIGEST_SIZE + 1];

	print_hex(hex, blob->digest, sizeof(blob->digest));
	printf("  %s%-11s %s %llu bytes", mark, fleet_blob_kind_name(blob->kind), hex, (unsigned long long)blob->size);
	if (path) {
		fputs("  ", stdout);
		print_safely(stdout, path);
	}
	putchar('\n');
}

void fleet_print_manifest(const struct fleet_manifest *manifest)
{
	char made[32], until[32], text[SETTING_MAX];

	print_time(made, (__u64)manifest->made);
	print_time(until, (__u64)manifest->valid_until);
	printf("  for         %s %s\n  sequence    %llu\n  made        %s\n  valid until %s, then %s\n",
		fleet_scope_name(manifest->scope), manifest->name, (unsigned long long)manifest->sequence, made, until,
		manifest->stale == FLEET_STALE_KEEP ? "it stays (keep)" : "mode monitor");
	for (int i = 0; i < SETTINGS; i++)
		printf("  %-11s %s\n", setting_names[i], or_own(setting_text(manifest, i, text)));
	for (size_t i = 0; i < manifest->blob_count; i++)
		print_blob("", &manifest->blobs[i], NULL);
}

static void add_time(struct json_object *object, const char *name, __s64 seconds)
{
	char text[32];

	print_time(text, (__u64)seconds);
	json_add_string(object, name, text);
}

void fleet_json_manifest(struct json_object *object, const struct fleet_manifest *manifest)
{
	struct json_object *blobs = json_object_new_array();
	char hex[2 * DIGSIG_DIGEST_SIZE + 1], text[SETTING_MAX];

	json_add_string(object, fleet_scope_name(manifest->scope), manifest->name);
	json_add_number(object, "sequence", manifest->sequence);
	add_time(object, "made", manifest->made);
	add_time(object, "valid_until", manifest->valid_until);
	json_add_string(object, "stale", fleet_stale_name(manifest->stale));
	for (int i = 0; i < SETTINGS; i++)
		json_add_string(object, setting_names[i], setting_text(manifest, i, text));
	print_hex(hex, manifest->digest, sizeof(manifest->digest));
	json_add_string(object, "digest", hex);
	for (size_t i = 0; i < manifest->blob_count; i++) {
		struct json_object *blob = json_object_new_object();

		print_hex(hex, manifest->blobs[i].digest, sizeof(manifest->blobs[i].digest));
		json_add_string(blob, "kind", fleet_blob_kind_name(manifest->blobs[i].kind));
		json_add_string(blob, "sha256", hex);
		json_add_number(blob, "size", manifest->blobs[i].size);
		json_object_array_add(blobs, blob);
	}
	json_object_object_add(object, "blobs", blobs);
}

static bool has_blob(const struct fleet_manifest *manifest, const struct fleet_blob *blob)
{
	for (size_t i = 0; i < manifest->blob_count; i++)
		if (manifest->blobs[i].kind == blob->kind &&
			!memcmp(manifest->blobs[i].digest, blob->digest, sizeof(blob->digest)))
			return true;
	return false;
}

static const char *path_of(const struct fleet_files *files, const struct fleet_blob *blob)
{
	for (size_t i = 0; i < files->count; i++)
		if (!memcmp(files->files[i].blob.digest, blob->digest, sizeof(blob->digest)))
			return files->files[i].path;
	return NULL;
}

static unsigned int print_setting_changes(const struct fleet_manifest *last, const struct fleet_manifest *next)
{
	char before_text[SETTING_MAX], after_text[SETTING_MAX];
	unsigned int changes = 0;

	for (int i = 0; i < SETTINGS; i++) {
		const char *before = or_own(setting_text(last, i, before_text));
		const char *after = or_own(setting_text(next, i, after_text));

		if (strcmp(before, after)) {
			printf("  %s: %s -> %s\n", setting_names[i], before, after);
			changes++;
		}
	}
	if (last->stale != next->stale) {
		printf("  stale: %s -> %s\n", fleet_stale_name(last->stale), fleet_stale_name(next->stale));
		changes++;
	}
	return changes;
}

void fleet_print_changes(
	const struct fleet_manifest *last, const struct fleet_manifest *next, const struct fleet_files *files)
{
	static const struct fleet_manifest nothing;
	unsigned int changes;
	char until[32];

	print_time(until, (__u64)next->valid_until);
	printf("%s %s: sequence %llu -> %llu, valid until %s\n", fleet_scope_name(next->scope), next->name,
		last ? (unsigned long long)last->sequence : 0ULL, (unsigned long long)next->sequence, until);
	last = last ? last : &nothing;
	changes = print_setting_changes(last, next);
	for (size_t i = 0; i < last->blob_count; i++)
		if (!has_blob(next, &last->blobs[i])) {
			print_blob("- ", &last->blobs[i], NULL);
			changes++;
		}
	for (size_t i = 0; i < next->blob_count; i++)
		if (!has_blob(last, &next->blobs[i])) {
			print_blob("+ ", &next->blobs[i], path_of(files, &next->blobs[i]));
			changes++;
		}
	if (!changes)
		puts("  nothing changes but the time");
}
