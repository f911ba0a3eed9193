// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/number.h"
#include "../../lib/text/text.h"
#include "../../lib/text/time.h"
#include "../config/words.h"
#include "manifest.h"

struct manifest_reader {
	struct fleet_manifest *manifest;
	struct fleet_problem *problem;
	unsigned int line;
	unsigned int seen; /* words, a bit each */
};

/* value may come from the text: it is shown safely. Returns err. */
static int fail(struct manifest_reader *reader, int err, const char *format, ...) __attribute__((format(printf, 3, 4)));

static int fail(struct manifest_reader *reader, int err, const char *format, ...)
{
	char text[400];
	va_list arguments;

	va_start(arguments, format);
	print_safe_message(text, sizeof(text), err, format, arguments);
	va_end(arguments);
	if (reader->line)
		snprintf(reader->problem->text, sizeof(reader->problem->text), "%u: %s", reader->line, text);
	else
		snprintf(reader->problem->text, sizeof(reader->problem->text), "%s", text);
	return err;
}

static int take_format(struct manifest_reader *reader, char *value)
{
	return strcmp(value, "1") ? fail(reader, -EINVAL, "format %.20s: this digsig knows format 1: update it", value) : 0;
}

static int take_name(struct manifest_reader *reader, enum fleet_scope scope, const char *name)
{
	struct fleet_manifest *manifest = reader->manifest;

	if (*manifest->name)
		return fail(reader, -EINVAL, "both a group and a host: it is for one of them");
	if (!(scope == FLEET_GROUP ? fleet_is_group(name) : fleet_is_host(name)))
		return fail(reader, -EINVAL, "%s: no name of one: %.80s", fleet_scope_name(scope), name);
	manifest->scope = scope;
	strcpy(manifest->name, name);
	return 0;
}

static int take_group(struct manifest_reader *reader, char *value)
{
	return take_name(reader, FLEET_GROUP, value);
}

static int take_host(struct manifest_reader *reader, char *value)
{
	return take_name(reader, FLEET_HOST, value);
}

static int take_sequence(struct manifest_reader *reader, char *value)
{
	if (number_parse(value, 1, FLEET_SEQUENCE_MAX, &reader->manifest->sequence))
		return fail(reader, -EINVAL, "sequence: not a number from 1 on");
	return 0;
}

static int take_time(struct manifest_reader *reader, const char *word, const char *value, __s64 *time)
{
	__u64 seconds;

	if (!time_parse(value, &seconds))
		return fail(reader, -EINVAL, "%s: not a time as 2026-01-31T12:00:00Z", word);
	*time = (__s64)seconds;
	return 0;
}

static int take_made(struct manifest_reader *reader, char *value)
{
	return take_time(reader, "made", value, &reader->manifest->made);
}

static int take_valid_until(struct manifest_reader *reader, char *value)
{
	return take_time(reader, "valid-until", value, &reader->manifest->valid_until);
}

static int take_stale(struct manifest_reader *reader, char *value)
{
	if (!strcmp(value, "keep"))
		reader->manifest->stale = FLEET_STALE_KEEP;
	else if (!strcmp(value, "monitor"))
		reader->manifest->stale = FLEET_STALE_MONITOR;
	else
		return fail(reader, -EINVAL, "stale: neither keep nor monitor");
	return 0;
}

static int take_mode(struct manifest_reader *reader, char *value)
{
	reader->manifest->has_mode = true;
	if (config_word_value(config_modes, value, &reader->manifest->mode))
		return 0;
	return fail(reader, -EINVAL, "mode: none of monitor, permissive and enforcing");
}

static int take_scopes(struct manifest_reader *reader, char *value)
{
	unsigned int *scopes = &reader->manifest->scopes, scope;
	char *word;

	reader->manifest->has_scopes = true;
	if (!strcmp(value, "none"))
		return 0;
	while ((word = strsep(&value, " \t"))) {
		if (!*word)
			continue;
		if (!config_word_value(config_scopes, word, &scope))
			return fail(reader, -EINVAL, "scopes: %.40s: no such scope", word);
		if (*scopes & scope)
			return fail(reader, -EINVAL, "scopes: %s: twice", word);
		*scopes |= scope;
	}
	return 0;
}

static int take_wx(struct manifest_reader *reader, char *value)
{
	reader->manifest->has_wx = true;
	if (config_word_value(config_wx_policies, value, &reader->manifest->wx))
		return 0;
	return fail(reader, -EINVAL, "wx: none of allow, audit and deny");
}

static int take_expiry(struct manifest_reader *reader, char *value)
{
	reader->manifest->has_expiry = true;
	if (config_word_value(config_expiries, value, &reader->manifest->expiry))
		return 0;
	return fail(reader, -EINVAL, "expiry: none of ignore, warn and refuse");
}

static bool names_digest(const struct fleet_manifest *manifest, const __u8 digest[DIGSIG_DIGEST_SIZE])
{
	for (size_t i = 0; i < manifest->blob_count; i++)
		if (!memcmp(manifest->blobs[i].digest, digest, DIGSIG_DIGEST_SIZE))
			return true;
	return false;
}

static int take_blob(struct manifest_reader *reader, enum fleet_blob_kind kind, char *value)
{
	struct fleet_blob blob = { .kind = kind };
	const char *word = fleet_blob_kind_name(kind), *digest = strsep(&value, " \t");
	int err;

	if (!parse_hex(digest, blob.digest, DIGSIG_DIGEST_SIZE))
		return fail(reader, -EINVAL, "%s: expected 64 hexadecimal digits", word);
	if (!value || number_parse(value + strspn(value, " \t"), 1, FLEET_BLOB_MAX, &blob.size))
		return fail(reader, -EINVAL, "%s: expected a size from 1 to %d behind the digest", word, FLEET_BLOB_MAX);
	if (names_digest(reader->manifest, blob.digest))
		return fail(reader, -EINVAL, "%s: this digest was named before", word);
	err = fleet_manifest_add(reader->manifest, &blob);
	if (err == -ENOSPC)
		return fail(reader, -EINVAL, "more than %d certificates, catalogs and lists", FLEET_BLOBS_MAX);
	return err ? fail(reader, err, "out of memory") : 0;
}

static int take_certificate(struct manifest_reader *reader, char *value)
{
	return take_blob(reader, FLEET_CERTIFICATE, value);
}

static int take_catalog(struct manifest_reader *reader, char *value)
{
	return take_blob(reader, FLEET_CATALOG, value);
}

static int take_revoked(struct manifest_reader *reader, char *value)
{
	return take_blob(reader, FLEET_REVOKED, value);
}

static const struct statement {
	const char *word;
	bool may_repeat;
	int (*take)(struct manifest_reader *reader, char *value);
} statements[] = {
	{ "digsig-fleet", false, take_format }, /* the first one */
	{ "group", false, take_group },
	{ "host", false, take_host },
	{ "sequence", false, take_sequence },
	{ "made", false, take_made },
	{ "valid-until", false, take_valid_until },
	{ "stale", false, take_stale },
	{ "mode", false, take_mode },
	{ "scopes", false, take_scopes },
	{ "wx", false, take_wx },
	{ "expiry", false, take_expiry },
	{ "certificate", true, take_certificate },
	{ "catalog", true, take_catalog },
	{ "revoked", true, take_revoked },
};

#define STATEMENTS (sizeof(statements) / sizeof(statements[0]))

static int take_line(struct manifest_reader *reader, char *line)
{
	char *value = text_strip_remark(line), *word;

	if (!*value)
		return 0;
	word = strsep(&value, " \t");
	for (unsigned int i = 0; i < STATEMENTS; i++) {
		const struct statement *statement = &statements[i];

		if (strcmp(statement->word, word))
			continue;
		if (reader->seen & 1U << i && !statement->may_repeat)
			return fail(reader, -EINVAL, "%s: said before", word);
		/* A newer format may have other words: its number has to be read before they are. */
		if (i && !(reader->seen & 1))
			break;
		reader->seen |= 1U << i;
		if (!value)
			return fail(reader, -EINVAL, "%s: nothing behind it", word);
		return statement->take(reader, value + strspn(value, " \t"));
	}
	if (!(reader->seen & 1))
		return fail(reader, -EINVAL, "not the state of a fleet: it begins with digsig-fleet 1");
	return fail(reader, -EINVAL, "%.40s: no such word", word);
}

static int check_whole(struct manifest_reader *reader)
{
	const struct fleet_manifest *manifest = reader->manifest;

	reader->line = 0;
	if (!(reader->seen & 1))
		return fail(reader, -EINVAL, "not the state of a fleet: it begins with digsig-fleet 1");
	if (!*manifest->name)
		return fail(reader, -EINVAL, "neither group nor host");
	if (!manifest->sequence)
		return fail(reader, -EINVAL, "no sequence");
	for (unsigned int i = 0; i < STATEMENTS; i++)
		if ((statements[i].take == take_made || statements[i].take == take_valid_until) && !(reader->seen & 1U << i))
			return fail(reader, -EINVAL, "no line \"%s\"", statements[i].word);
	if (manifest->valid_until <= manifest->made)
		return fail(reader, -EINVAL, "valid-until is not after made");
	return 0;
}

static int take_lines(struct manifest_reader *reader, char *text)
{
	char *line;

	while ((line = strsep(&text, "\n"))) {
		int err;

		reader->line++;
		err = take_line(reader, line);
		if (err)
			return err;
	}
	return check_whole(reader);
}

int fleet_manifest_parse(const char *text, size_t size, struct fleet_manifest *manifest, struct fleet_problem *problem)
{
	struct manifest_reader reader = { .manifest = manifest, .problem = problem };
	char *copy;
	int err;

	*manifest = (struct fleet_manifest){ 0 };
	if (size > FLEET_MANIFEST_MAX)
		return fail(&reader, -EINVAL, "more than %d bytes", FLEET_MANIFEST_MAX);
	if (memchr(text, 0, size))
		return fail(&reader, -EINVAL, "a NUL byte: this is not a text");
	copy = strndup(text, size);
	if (!copy)
		return fail(&reader, -ENOMEM, "out of memory");
	err = take_lines(&reader, copy);
	free(copy);
	if (err)
		fleet_manifest_free(manifest);
	return err;
}
