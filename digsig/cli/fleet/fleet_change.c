// SPDX-License-Identifier: GPL-2.0-or-later
#include "fleet_change.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "../../../lib/text/text.h"
#include "../../config/words.h"
#include "../cli.h"
#include "../engine/policy_option.h"
#include "../trust_option.h"

#define DAY 86400
enum { DIGITS_LEAST = 8 }; /* of a digest that --remove names */

static const struct option_word mode_words[] = {
	{ "monitor", DIGSIG_MODE_MONITOR },
	{ "permissive", DIGSIG_MODE_PERMISSIVE },
	{ "enforcing", DIGSIG_MODE_ENFORCING },
	{ 0 },
};

static const struct option_word stale_words[] = {
	{ "keep", FLEET_STALE_KEEP },
	{ "monitor", FLEET_STALE_MONITOR },
	{ 0 },
};

static const struct option_word scope_names[] = {
	{ "exec", 0 }, { "mmap", 0 }, { "mprotect", 0 }, { "scripts", 0 }, { "modules", 0 }, { "firmware", 0 },
	{ "kexec", 0 }, { "none", 0 }, { 0 },
};

static const struct option_word setting_words[] = {
	{ "mode", 0 }, { "scopes", 0 }, { "wx", 0 }, { "expiry", 0 }, { 0 },
};

#define FIELD(member) OPTION_FIELD(struct fleet_change, member)

const struct command_option fleet_change_options[] = {
	{ OPTION_WORD, 0, "mode", "M", "monitor, permissive or enforcing", FIELD(mode), .words = mode_words },
	{ OPTION_VALUE, 0, "scopes", "S,...", "what is judged: exec, mmap, mprotect, scripts, modules, firmware, kexec; or none",
		FIELD(scopes), .words = scope_names, .has_commas = true },
	{ OPTION_WORD, 0, "wx", "W", "memory that is writable and executable: allow, audit or deny", FIELD(wx),
		.words = wx_words },
	{ OPTION_WORD, 0, "expiry", "E", "certificates that are expired: ignore, warn or refuse", FIELD(expiry),
		.words = expiry_words },
	{ OPTION_LIST, 0, "unset", "SETTING", "mode, scopes, wx or expiry: the hosts' own again; may be repeated",
		FIELD(unset), .words = setting_words },
	{ OPTION_DURATION, 0, "valid-for", "TIME", "until the state is stale (default: as long as the last one; 30d)",
		FIELD(valid_for) },
	{ OPTION_WORD, 0, "stale", "P", "what hosts do then: keep (the state) or monitor (its mode)", FIELD(stale),
		.words = stale_words },
	{ OPTION_LIST, 0, "certificate", "FILE", "trust its key for files; may be repeated", FIELD(certificates),
		.offer = "*.crt" },
	{ OPTION_LIST, 0, "catalog", "FILE", "a signed catalog; may be repeated", FIELD(catalogs), .offer = "*.catalog" },
	{ OPTION_LIST, 0, "revoked", "FILE", "a signed list of revocations; may be repeated", FIELD(lists),
		.offer = OFFER_FILES },
	{ OPTION_LIST, 0, "remove", "FILE|DIGEST", "what is no longer in the state; 8 digits of a digest do; may be repeated",
		FIELD(remove), .offer = OFFER_FILES },
	{ OPTION_FLAG, 0, "replace", NULL, "of the kinds that are named, keep none of the last state", FIELD(replaces) },
	{ 0 },
};

void fleet_change_free(struct fleet_change *change)
{
	option_list_free(&change->unset);
	option_list_free(&change->certificates);
	option_list_free(&change->catalogs);
	option_list_free(&change->lists);
	option_list_free(&change->remove);
}

bool fleet_change_is_given(const struct fleet_change *change)
{
	return change->mode != OPTION_NOT_GIVEN || change->wx != OPTION_NOT_GIVEN || change->expiry != OPTION_NOT_GIVEN ||
		change->stale != OPTION_NOT_GIVEN || change->scopes || change->valid_for > 0 || change->unset.count ||
		change->remove.count || change->replaces;
}

static int read_all(const struct option_list *paths, enum fleet_blob_kind kind, struct fleet_files *files)
{
	int code = EXIT_OK;

	for (size_t i = 0; i < paths->count && !code; i++)
		code = fleet_files_read(files, kind, paths->values[i]);
	return code;
}

int fleet_change_read(const struct fleet_change *change, struct fleet_files *files)
{
	int code = read_all(&change->certificates, FLEET_CERTIFICATE, files);

	if (!code)
		code = read_all(&change->catalogs, FLEET_CATALOG, files);
	return code ? code : read_all(&change->lists, FLEET_REVOKED, files);
}

static int set_scopes(const char *words, struct fleet_manifest *manifest)
{
	char *copy = strdup(words), *rest = copy, *word;
	unsigned int scope;
	int code = EXIT_OK;

	manifest->has_scopes = true;
	manifest->scopes = 0;
	while (!code && (word = strsep(&rest, ", "))) {
		if (!*word || !strcmp(words, "none"))
			continue;
		if (config_word_value(config_scopes, word, &scope))
			manifest->scopes |= scope;
		else
			code = usage_error("--scopes: %s: there are exec, mmap, mprotect, scripts, modules, firmware and kexec", word);
	}
	free(copy);
	return code;
}

static int unset(const struct option_list *settings, struct fleet_manifest *manifest)
{
	for (size_t i = 0; i < settings->count; i++) {
		const char *setting = settings->values[i];

		if (!strcmp(setting, "mode"))
			manifest->has_mode = false;
		else if (!strcmp(setting, "scopes"))
			manifest->has_scopes = false;
		else if (!strcmp(setting, "wx"))
			manifest->has_wx = false;
		else if (!strcmp(setting, "expiry"))
			manifest->has_expiry = false;
		else
			return usage_error("--unset %s: expected mode, scopes, wx or expiry", setting);
	}
	return EXIT_OK;
}

static int change_settings(const struct fleet_change *change, struct fleet_manifest *manifest)
{
	int code = unset(&change->unset, manifest);

	if (!code && change->scopes)
		code = set_scopes(change->scopes, manifest);
	if (change->mode != OPTION_NOT_GIVEN) {
		manifest->has_mode = true;
		manifest->mode = change->mode;
	}
	if (change->wx != OPTION_NOT_GIVEN) {
		manifest->has_wx = true;
		manifest->wx = change->wx;
	}
	if (change->expiry != OPTION_NOT_GIVEN) {
		manifest->has_expiry = true;
		manifest->expiry = change->expiry;
	}
	if (change->stale != OPTION_NOT_GIVEN)
		manifest->stale = (enum fleet_stale)change->stale;
	return code;
}

static void remove_at(struct fleet_manifest *manifest, size_t at)
{
	manifest->blob_count--;
	memmove(&manifest->blobs[at], &manifest->blobs[at + 1], (manifest->blob_count - at) * sizeof(*manifest->blobs));
}

/* Hexadecimal digits that a digest may begin with. */
static bool is_prefix(const char *text)
{
	size_t length = strspn(text, "0123456789abcdefABCDEF");

	return !text[length] && length >= DIGITS_LEAST && length <= 2 * DIGSIG_DIGEST_SIZE;
}

static bool begins_with(const struct fleet_blob *blob, const char *prefix)
{
	char hex[2 * DIGSIG_DIGEST_SIZE + 1];

	print_hex(hex, blob->digest, sizeof(blob->digest));
	return !strncasecmp(hex, prefix, strlen(prefix));
}

static int remove_one(const char *what, struct fleet_manifest *manifest)
{
	char hex[2 * DIGSIG_DIGEST_SIZE + 1];
	size_t found = 0, at = 0;
	int code;

	if (!is_prefix(what)) {
		code = fleet_file_digest(what, hex);
		if (code)
			return code;
	} else {
		strcpy(hex, what);
	}
	for (size_t i = 0; i < manifest->blob_count; i++)
		if (begins_with(&manifest->blobs[i], hex)) {
			at = i;
			found++;
		}
	if (found == 1) {
		remove_at(manifest, at);
		return EXIT_OK;
	}
	complain("%s: %s", what, found ? "several in the state begin so" : "not in the state");
	return EXIT_ERROR;
}

/* Takes away what files of the same kind replace. */
static void drop_replaced(const struct fleet_files *files, struct fleet_manifest *manifest)
{
	for (size_t i = 0; i < files->count; i++)
		for (size_t j = manifest->blob_count; j-- > 0;)
			if (manifest->blobs[j].kind == files->files[i].blob.kind)
				remove_at(manifest, j);
}

static int add_files(const struct fleet_files *files, struct fleet_manifest *manifest)
{
	for (size_t i = 0; i < files->count; i++) {
		int err = fleet_manifest_add(manifest, &files->files[i].blob);

		if (!err)
			continue;
		if (err == -ENOSPC)
			complain("more than %d files in a state: make one catalog of several", FLEET_BLOBS_MAX);
		else
			complain("out of memory");
		return EXIT_ERROR;
	}
	return EXIT_OK;
}

int fleet_change_apply(const struct fleet_change *change, const struct fleet_files *files, __u64 made,
	struct fleet_manifest *manifest)
{
	__s64 seconds = manifest->valid_until - manifest->made;
	int code = change_settings(change, manifest);

	for (size_t i = 0; i < change->remove.count && !code; i++)
		code = remove_one(change->remove.values[i], manifest);
	if (change->replaces)
		drop_replaced(files, manifest);
	if (!code)
		code = add_files(files, manifest);
	if (change->valid_for > 0)
		seconds = change->valid_for < 1 ? 1 : (__s64)change->valid_for;
	else if (seconds <= 0)
		seconds = 30 * DAY;
	manifest->made = (__s64)made;
	manifest->valid_until = manifest->made + seconds;
	return code;
}
