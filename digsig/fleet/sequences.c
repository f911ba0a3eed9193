// SPDX-License-Identifier: GPL-2.0-or-later
#include "sequences.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/file/read_small.h"
#include "../../lib/file/write_whole.h"
#include "../../lib/text/number.h"
#include "../../lib/text/text.h"

/* Some hundred groups that a machine was in. */
#define FILE_MAX ((size_t)64 << 10)
#define LINE_MAX_SIZE (16 + FLEET_HOST_MAX + 21 + 2 * DIGSIG_DIGEST_SIZE + 1)

static bool parse_scope(const char *word, const char *name, enum fleet_scope *scope)
{
	*scope = !strcmp(word, "host") ? FLEET_HOST : FLEET_GROUP;
	if (*scope == FLEET_HOST)
		return fleet_is_host(name);
	return !strcmp(word, "group") && fleet_is_group(name);
}

static bool parse_line(char *line, struct fleet_sequence *entry)
{
	const char *words[4];

	for (size_t i = 0; i < 4; i++) {
		words[i] = strsep(&line, " ");
		if (!words[i])
			return false;
	}
	if (line || !parse_scope(words[0], words[1], &entry->scope) ||
		number_parse(words[2], 1, FLEET_SEQUENCE_MAX, &entry->sequence) ||
		!parse_hex(words[3], entry->digest, sizeof(entry->digest)))
		return false;
	strcpy(entry->name, words[1]);
	return true;
}

static struct fleet_sequence *add_entry(struct fleet_sequences *sequences)
{
	struct fleet_sequence *grown =
		reallocarray(sequences->entries, sequences->count + 1, sizeof(*grown));

	if (!grown)
		return NULL;
	sequences->entries = grown;
	grown += sequences->count++;
	*grown = (struct fleet_sequence){ 0 };
	return grown;
}

static int parse_lines(const char *path, char *text, struct fleet_sequences *sequences, struct fleet_problem *problem)
{
	char *line;

	for (unsigned int number = 1; (line = strsep(&text, "\n")); number++) {
		struct fleet_sequence *entry;

		if (!*line)
			continue;
		entry = add_entry(sequences);
		if (!entry) {
			snprintf(problem->text, sizeof(problem->text), "%.300s: out of memory", path);
			return -ENOMEM;
		}
		if (!parse_line(line, entry)) {
			snprintf(problem->text, sizeof(problem->text),
				"%.300s:%u: expected: group|host NAME SEQUENCE SHA256", path, number);
			return -EINVAL;
		}
	}
	return 0;
}

int fleet_sequences_read(const char *path, struct fleet_sequences *sequences, struct fleet_problem *problem)
{
	char *text = malloc(FILE_MAX + 1);
	size_t size = 0;
	int err = text ? file_read_small(AT_FDCWD, path, text, FILE_MAX, &size) : -ENOMEM;

	*sequences = (struct fleet_sequences){ 0 };
	if (!err && strlen(text) != size)
		err = -EINVAL;
	if (err && err != -ENOENT)
		snprintf(problem->text, sizeof(problem->text), "%.300s: %s", path, strerror(-err));
	else if (!err)
		err = parse_lines(path, text, sequences, problem);
	free(text);
	if (err)
		fleet_sequences_free(sequences);
	return err == -ENOENT ? 0 : err;
}

void fleet_sequences_free(struct fleet_sequences *sequences)
{
	free(sequences->entries);
	*sequences = (struct fleet_sequences){ 0 };
}

const struct fleet_sequence *fleet_sequences_find(
	const struct fleet_sequences *sequences, enum fleet_scope scope, const char *name)
{
	for (size_t i = 0; i < sequences->count; i++)
		if (sequences->entries[i].scope == scope && !strcmp(sequences->entries[i].name, name))
			return &sequences->entries[i];
	return NULL;
}

int fleet_sequences_check(const struct fleet_sequences *sequences, const struct fleet_manifest *manifest)
{
	const struct fleet_sequence *known = fleet_sequences_find(sequences, manifest->scope, manifest->name);

	if (!known || manifest->sequence > known->sequence)
		return 1;
	if (manifest->sequence < known->sequence)
		return -ESTALE;
	return memcmp(known->digest, manifest->digest, sizeof(known->digest)) ? -EEXIST : 0;
}

int fleet_sequences_note(struct fleet_sequences *sequences, const struct fleet_manifest *manifest)
{
	struct fleet_sequence *entry =
		(struct fleet_sequence *)fleet_sequences_find(sequences, manifest->scope, manifest->name);

	if (!entry)
		entry = add_entry(sequences);
	if (!entry)
		return -ENOMEM;
	entry->scope = manifest->scope;
	strcpy(entry->name, manifest->name);
	entry->sequence = manifest->sequence;
	memcpy(entry->digest, manifest->digest, sizeof(entry->digest));
	return 0;
}

int fleet_sequences_write(const char *path, const struct fleet_sequences *sequences)
{
	size_t room = sequences->count * LINE_MAX_SIZE + 1, size = 0;
	char *text = malloc(room);
	int err;

	if (!text)
		return -ENOMEM;
	for (size_t i = 0; i < sequences->count; i++) {
		const struct fleet_sequence *entry = &sequences->entries[i];
		char hex[2 * DIGSIG_DIGEST_SIZE + 1];

		print_hex(hex, entry->digest, sizeof(entry->digest));
		size += (size_t)snprintf(text + size, room - size, "%s %s %llu %s\n", fleet_scope_name(entry->scope),
			entry->name, (unsigned long long)entry->sequence, hex);
	}
	err = size <= FILE_MAX ? file_write_whole(path, text, size) : -EFBIG;
	free(text);
	return err;
}
