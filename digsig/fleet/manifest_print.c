// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include "../../lib/text/text.h"
#include "../config/words.h"
#include "manifest.h"

static void print_when(FILE *out, const char *word, __s64 seconds)
{
	char text[32];

	print_time(text, (__u64)seconds);
	fprintf(out, "%s %s\n", word, text);
}

static void print_scopes(FILE *out, unsigned int scopes)
{
	fputs("scopes", out);
	for (const struct config_word *word = config_scopes; word->name; word++)
		if (scopes & word->value)
			fprintf(out, " %s", word->name);
	fputs(scopes ? "\n" : " none\n", out);
}

static void print_blob(FILE *out, const struct fleet_blob *blob)
{
	char hex[2 * DIGSIG_DIGEST_SIZE + 1];

	print_hex(hex, blob->digest, DIGSIG_DIGEST_SIZE);
	fprintf(out, "%s %s %llu\n", fleet_blob_kind_name(blob->kind), hex, (unsigned long long)blob->size);
}

static void print_manifest(FILE *out, const struct fleet_manifest *manifest)
{
	fprintf(out, "digsig-fleet 1\n%s %s\nsequence %llu\n", fleet_scope_name(manifest->scope), manifest->name,
		(unsigned long long)manifest->sequence);
	print_when(out, "made", manifest->made);
	print_when(out, "valid-until", manifest->valid_until);
	fprintf(out, "stale %s\n", fleet_stale_name(manifest->stale));
	if (manifest->has_mode)
		fprintf(out, "mode %s\n", config_word_name(config_modes, manifest->mode));
	if (manifest->has_scopes)
		print_scopes(out, manifest->scopes);
	if (manifest->has_wx)
		fprintf(out, "wx %s\n", config_word_name(config_wx_policies, manifest->wx));
	if (manifest->has_expiry)
		fprintf(out, "expiry %s\n", config_word_name(config_expiries, manifest->expiry));
	for (size_t i = 0; i < manifest->blob_count; i++)
		print_blob(out, &manifest->blobs[i]);
}

char *fleet_manifest_print(const struct fleet_manifest *manifest)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	bool has_failed;

	if (!out)
		return NULL;
	print_manifest(out, manifest);
	has_failed = ferror(out);
	if (fclose(out) || has_failed) {
		free(text);
		return NULL;
	}
	return text;
}
