// SPDX-License-Identifier: GPL-2.0-or-later
#include "learned.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../format/inspect.h"
#include "../../lib/text/json.h"
#include "../../lib/text/text.h"

/* Objects in objects: the log has none. */
#define DEPTH_MAX 4

/* Hooks that are about a file which a signature or a catalog would help. */
static const char *const hook_names[] = { "exec", "mmap", "mprotect", "check", "module", "firmware",
	"kexec" };

#define HOOK_COUNT (sizeof(hook_names) / sizeof(hook_names[0]))

const char *learned_hook_name(unsigned int index)
{
	return index < HOOK_COUNT ? hook_names[index] : NULL;
}

/* Two hexadecimal digits as a byte, or -1. */
static int hex_byte(const char *text)
{
	const char pair[] = { text[0], text[0] ? text[1] : '\0', '\0' };
	__u8 byte;

	return parse_hex(pair, &byte, 1) ? byte : -1;
}

char *learned_restore_text(const char *text)
{
	char *restored = malloc(strlen(text) + 1), *out = restored;
	int byte;

	while (restored && *text) {
		if (*text != '\\') {
			*out++ = *text++;
		} else if (text[1] == '\\') {
			*out++ = '\\';
			text += 2;
		} else {
			byte = text[1] == 'x' ? hex_byte(text + 2) : -1;
			if (byte <= 0) {
				free(restored);
				return NULL;
			}
			*out++ = (char)byte;
			text += 4;
		}
	}
	if (restored)
		*out = '\0';
	return restored;
}

static unsigned int parse_hook(const char *name)
{
	for (unsigned int i = 0; name && i < HOOK_COUNT; i++)
		if (!strcmp(name, hook_names[i]))
			return 1U << i;
	return 0;
}

static size_t hash_entry(const struct learned_entry *entry, bool with_digest)
{
	__u64 hash = 0xcbf29ce484222325ULL ^ entry->verdict;

	for (const char *at = entry->path; *at; at++)
		hash = (hash ^ (unsigned char)*at) * 0x100000001b3ULL;
	for (size_t i = 0; with_digest && entry->has_digest && i < 8; i++)
		hash = (hash ^ entry->digest[i]) * 0x100000001b3ULL;
	return (size_t)(hash ^ hash >> 32);
}

static bool is_same_path(const struct learned_entry *one, const struct learned_entry *other)
{
	return one->verdict == other->verdict && !strcmp(one->path, other->path);
}

static bool is_same(const struct learned_entry *one, const struct learned_entry *other)
{
	return one->has_digest == other->has_digest && is_same_path(one, other) &&
		(!one->has_digest || !memcmp(one->digest, other->digest, sizeof(one->digest)));
}

/* The place of an entry that is the same, or a free one. */
static size_t *find_place(struct learned *learned, const struct learned_entry *entry)
{
	size_t at = hash_entry(entry, true);

	for (;; at++) {
		size_t *place = &learned->places[at & (learned->place_count - 1)];

		if (!*place || is_same(&learned->entries[*place - 1], entry))
			return place;
	}
}

/* The place of the entry made last of that path and verdict, or a free one. */
static size_t *find_latest(struct learned *learned, const struct learned_entry *entry)
{
	size_t at = hash_entry(entry, false);

	for (;; at++) {
		size_t *place = &learned->latest[at & (learned->place_count - 1)];

		if (!*place || is_same_path(&learned->entries[*place - 1], entry))
			return place;
	}
}

static int grow(struct learned *learned)
{
	size_t room = learned->room ? 2 * learned->room : 256;
	struct learned_entry *entries = reallocarray(learned->entries, room, sizeof(*entries));
	size_t *places, *latest;

	if (!entries)
		return -ENOMEM;
	learned->entries = entries;
	places = calloc(4 * room, sizeof(*places));
	latest = calloc(4 * room, sizeof(*latest));
	if (!places || !latest) {
		free(places);
		free(latest);
		return -ENOMEM;
	}
	free(learned->places);
	free(learned->latest);
	learned->places = places;
	learned->latest = latest;
	learned->place_count = 4 * room;
	learned->room = room;
	for (size_t i = 0; i < learned->count; i++) {
		*find_place(learned, &entries[i]) = i + 1;
		*find_latest(learned, &entries[i]) = i + 1;
	}
	return 0;
}

static void note_time(struct learned_entry *entry, const char *time)
{
	if (!time || strlen(time) >= sizeof(entry->first))
		return;
	if (!*entry->first || strcmp(time, entry->first) < 0)
		strcpy(entry->first, time);
	if (strcmp(time, entry->last) > 0)
		strcpy(entry->last, time);
}

static void note_who(struct learned_entry *entry, const char *comm, __u64 uid)
{
	struct learned_who *who;

	if (!comm || strlen(comm) >= sizeof(who->comm))
		return;
	for (unsigned int i = 0; i < entry->who_count; i++)
		if (entry->who[i].uid == uid && !strcmp(entry->who[i].comm, comm))
			return;
	if (entry->who_count == LEARNED_WHO_MAX) {
		entry->has_more_who = true;
		return;
	}
	who = &entry->who[entry->who_count++];
	who->uid = (__u32)uid;
	strcpy(who->comm, comm);
}

/*
 * Finds the entry like wanted, or makes it, and takes over wanted->path if it does. Without a digest
 * it is the last one of that path and verdict: a verdict from the cache is about the bytes that
 * were judged last, and digsigd's notes of repeats are about the event before them.
 */
static int get_entry(
	struct learned *learned, struct learned_entry *wanted, struct learned_entry **entry)
{
	size_t *place;
	int err;

	*entry = NULL;
	if (learned->count == learned->room && learned->count < LEARNED_ENTRIES_MAX) {
		err = grow(learned);
		if (err)
			return err;
	}
	place = wanted->has_digest ? find_place(learned, wanted) : find_latest(learned, wanted);
	if (*place) {
		*entry = &learned->entries[*place - 1];
		return 0;
	}
	if (learned->count == LEARNED_ENTRIES_MAX) {
		learned->passed_over++;
		return 0;
	}
	learned->entries[learned->count] = *wanted;
	wanted->path = NULL;
	*entry = &learned->entries[learned->count++];
	*find_place(learned, *entry) = learned->count;
	*find_latest(learned, *entry) = learned->count;
	return 0;
}

static int add_deed(struct learned *learned, struct json_object *object, __u64 count, bool is_note)
{
	struct learned_entry wanted = { 0 }, *entry = NULL;
	const char *path = json_find_text(object, "path"), *verdict = json_find_text(object, "verdict"), *digest;
	int err;

	wanted.verdict = digsig_verdict_parse(verdict ? verdict : "");
	wanted.hooks = parse_hook(json_find_text(object, "hook"));
	if (wanted.verdict == DIGSIG_VERDICT_NONE) {
		learned->bad_lines++;
		return 0;
	}
	if (wanted.verdict == DIGSIG_VERDICT_OK || !wanted.hooks)
		return 0;
	wanted.path = learned_restore_text(path ? path : "");
	if (!wanted.path) {
		learned->bad_lines++;
		return 0;
	}
	wanted.path_is_cut = json_object_get_boolean(json_object_object_get(object, "path_cut"));
	digest = json_find_text(object, "digest");
	wanted.has_digest = digest && parse_hex(digest, wanted.digest, sizeof(wanted.digest));
	err = get_entry(learned, &wanted, &entry);
	if (entry) {
		entry->hooks |= wanted.hooks;
		entry->count += count;
		note_time(entry, json_find_text(object, "time"));
		if (!is_note)
			note_who(entry, json_find_text(object, "comm"), json_find_number(object, "uid"));
	}
	free(wanted.path);
	return err;
}

int learned_add(struct learned *learned, struct json_object *object)
{
	const char *note = json_find_text(object, "note");

	learned->lines++;
	learned->lost += json_find_number(object, "lost_before");
	if (!note)
		return add_deed(learned, object, 1, false);
	if (!strcmp(note, "lost"))
		learned->lost += json_find_number(object, "count");
	else if (!strcmp(note, "repeated"))
		return add_deed(learned, object, json_find_number(object, "count"), true);
	return 0;
}

int learned_add_line(struct learned *learned, const char *line, size_t size)
{
	struct json_tokener *tokener;
	struct json_object *object;
	int err = 0;

	if (!size)
		return 0;
	if (size > LEARNED_LINE_MAX) {
		learned->bad_lines++;
		return 0;
	}
	tokener = json_tokener_new_ex(DEPTH_MAX);
	if (!tokener)
		return -ENOMEM;
	object = json_tokener_parse_ex(tokener, line, (int)size);
	if (json_object_is_type(object, json_type_object))
		err = learned_add(learned, object);
	else
		learned->bad_lines++;
	json_object_put(object);
	json_tokener_free(tokener);
	return err;
}

void learned_free(struct learned *learned)
{
	for (size_t i = 0; i < learned->count; i++)
		free(learned->entries[i].path);
	free(learned->entries);
	free(learned->places);
	free(learned->latest);
	*learned = (struct learned){ 0 };
}
