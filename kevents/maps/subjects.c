// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>
#include "subjects.h"

enum { BUCKETS_MIN = 1024 };

static uint32_t hash_bytes(uint32_t hash, const void *bytes, size_t size)
{
	const uint8_t *at = bytes;

	while (size--)
		hash = (hash ^ *at++) * 16777619U;
	return hash;
}

static void grow(struct subjects *subjects)
{
	size_t count = subjects->bucket_count ? subjects->bucket_count * 2 : BUCKETS_MIN;
	struct subject **buckets = calloc(count, sizeof(*buckets));

	if (!buckets) /* the lists just get longer */
		return;
	for (size_t i = 0; i < subjects->bucket_count; i++) {
		while (subjects->buckets[i]) {
			struct subject *subject = subjects->buckets[i];
			struct subject **bucket = &buckets[subject->hash % count];

			subjects->buckets[i] = subject->next;
			subject->next = *bucket;
			*bucket = subject;
		}
	}
	free(subjects->buckets);
	subjects->buckets = buckets;
	subjects->bucket_count = count;
}

static size_t size_of(const struct subject *subject)
{
	return sizeof(*subject) + strlen(subject->name) + 1;
}

static bool is_alike(
	const struct subject *a, const struct subject *key, const char *name, size_t length)
{
	return a->hash == key->hash && a->device == key->device && a->inode == key->inode &&
	       a->build_id_size == key->build_id_size &&
	       !memcmp(a->build_id, key->build_id, key->build_id_size) &&
	       !strncmp(a->name, name, length) && !a->name[length];
}

/* key holds everything but the name. */
static struct subject *intern(
	struct subjects *subjects, struct subject *key, const char *name, size_t length)
{
	struct subject *subject, **bucket;

	key->hash = hash_bytes(2166136261U, name, length);
	key->hash = hash_bytes(key->hash, &key->inode, sizeof(key->inode));
	key->hash = hash_bytes(key->hash, key->build_id, key->build_id_size);
	if (subjects->count >= subjects->bucket_count)
		grow(subjects);
	if (!subjects->bucket_count)
		return NULL;
	bucket = &subjects->buckets[key->hash % subjects->bucket_count];
	for (subject = *bucket; subject; subject = subject->next)
		if (is_alike(subject, key, name, length))
			return subject_get(subject);
	subject = malloc(sizeof(*subject) + length + 1);
	if (!subject)
		return NULL;
	*subject = *key;
	memcpy(subject->name, name, length);
	subject->name[length] = 0;
	subject->references = 1;
	subject->next = *bucket;
	*bucket = subject;
	subjects->count++;
	subjects->memory += size_of(subject);
	return subject;
}

struct subject *subject_of_code(struct subjects *subjects, const char *name, size_t length)
{
	struct subject key = {0};

	return intern(subjects, &key, name, strnlen(name, length));
}

struct subject *subject_of_image(struct subjects *subjects, const struct kevents_image *image)
{
	struct subject key = {.device = image->device, .inode = image->inode};
	const char *path = image->path ? image->path : "";

	if (image->build_id_size <= sizeof(key.build_id)) {
		key.build_id_size = image->build_id_size;
		memcpy(key.build_id, image->build_id, key.build_id_size);
	}
	return intern(subjects, &key, path, strlen(path));
}

struct subject *subject_get(struct subject *subject)
{
	subject->references++;
	return subject;
}

void subject_put(struct subjects *subjects, struct subject *subject)
{
	struct subject **link;

	if (!subject || --subject->references)
		return;
	link = &subjects->buckets[subject->hash % subjects->bucket_count];
	while (*link != subject)
		link = &(*link)->next;
	*link = subject->next;
	subjects->count--;
	subjects->memory -= size_of(subject);
	free(subject);
}

void subjects_free(struct subjects *subjects)
{
	free(subjects->buckets);
	*subjects = (struct subjects){0};
}
