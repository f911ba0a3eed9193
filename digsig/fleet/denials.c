// SPDX-License-Identifier: GPL-2.0-or-later
#include "denials.h"
#include <errno.h>
#include <json-c/linkhash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/text.h"

/* Of the longest key: host, verdict, digest and path, of which none is longer than its event. */
enum { KEY_MAX = FLEET_EVENT_SIZE_MAX + FLEET_HOST_MAX + 128 };

struct fleet_denials {
	struct lh_table *entries; /* by digest, verdict and path: struct fleet_denial */
	struct lh_table *latest; /* by host, verdict and path: the one that an event without a digest is about */
	struct lh_table *hosts; /* a denial and a host: it is counted */
	struct lh_table *known; /* host, boot and sequence: it has come */
	struct fleet_denials_sums sums;
	char key[KEY_MAX];
};

static void free_key(struct lh_entry *entry)
{
	free(lh_entry_k(entry));
}

static void free_denial(struct lh_entry *entry)
{
	struct fleet_denial *denial = (struct fleet_denial *)lh_entry_v(entry);

	free(denial->path);
	free(denial->package);
	free(denial);
	free_key(entry);
}

int fleet_denials_new(struct fleet_denials **made)
{
	struct fleet_denials *denials = calloc(1, sizeof(*denials));

	if (!denials)
		return -ENOMEM;
	denials->entries = lh_kchar_table_new(1024, free_denial);
	denials->latest = lh_kchar_table_new(1024, free_key);
	denials->hosts = lh_kchar_table_new(1024, free_key);
	denials->known = lh_kchar_table_new(1024, free_key);
	if (!denials->entries || !denials->latest || !denials->hosts || !denials->known) {
		fleet_denials_free(denials);
		return -ENOMEM;
	}
	*made = denials;
	return 0;
}

void fleet_denials_free(struct fleet_denials *denials)
{
	struct lh_table *tables[] = { denials->latest, denials->hosts, denials->known, denials->entries };

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (tables[i])
			lh_table_free(tables[i]);
	free(denials);
}

/* Adds a copy of the key that stands in denials->key, or sets its value. 0; -ENOMEM. */
static int put(struct lh_table *table, const char *key, const void *value)
{
	struct lh_entry *entry = lh_table_lookup_entry(table, key);
	char *copy;

	if (entry) {
		lh_entry_set_val(entry, (void *)(uintptr_t)value);
		return 0;
	}
	copy = strdup(key);
	if (copy && !lh_table_insert(table, copy, value))
		return 0;
	free(copy);
	return -ENOMEM;
}

/* 1: it is new; 0: it was there, or there is no room to know; -ENOMEM. */
static int put_once(struct lh_table *table, const char *key, int most)
{
	int err;

	if (lh_table_lookup_ex(table, key, NULL))
		return 0;
	if (lh_table_length(table) >= most)
		return 0;
	err = put(table, key, NULL);
	return err ? err : 1;
}

static bool is_known(struct fleet_denials *denials, const struct fleet_event *event, int *err)
{
	snprintf(denials->key, sizeof(denials->key), "%s %llu %s", event->host, (unsigned long long)event->sequence,
		event->boot);
	if (lh_table_lookup_ex(denials->known, denials->key, NULL))
		return true;
	if (lh_table_length(denials->known) < FLEET_EVENTS_KNOWN_MAX)
		*err = put(denials->known, denials->key, NULL);
	return false;
}

static const char *latest_key(struct fleet_denials *denials, const struct fleet_event *event)
{
	snprintf(denials->key, sizeof(denials->key), "%s %u %s", event->host, event->verdict, event->path);
	return denials->key;
}

static const char *entry_key(struct fleet_denials *denials, const struct fleet_event *event)
{
	char digest[2 * DIGSIG_DIGEST_SIZE + 1] = "";

	if (event->has_digest)
		print_hex(digest, event->digest, sizeof(event->digest));
	snprintf(denials->key, sizeof(denials->key), "%s %u %s", digest, event->verdict, event->path);
	return denials->key;
}

static struct fleet_denial *make(const struct fleet_event *event)
{
	struct fleet_denial *denial = calloc(1, sizeof(*denial));

	if (!denial)
		return NULL;
	denial->path = strdup(event->path);
	denial->package = strdup(event->package);
	denial->has_digest = event->has_digest;
	memcpy(denial->digest, event->digest, sizeof(denial->digest));
	denial->verdict = event->verdict;
	denial->first = denial->last = event->time;
	if (denial->path && denial->package)
		return denial;
	free(denial->path);
	free(denial->package);
	free(denial);
	return NULL;
}

/* *denial stays NULL where there is no room for another one. */
static int find_or_make(struct fleet_denials *denials, const struct fleet_event *event, struct fleet_denial **denial)
{
	void *found = NULL;
	int err;

	if (!event->has_digest && lh_table_lookup_ex(denials->latest, latest_key(denials, event), &found)) {
		*denial = found;
		return 0;
	}
	if (lh_table_lookup_ex(denials->entries, entry_key(denials, event), &found)) {
		*denial = found;
		return 0;
	}
	if (lh_table_length(denials->entries) >= FLEET_DENIALS_MAX)
		return 0;
	*denial = make(event);
	err = *denial ? put(denials->entries, denials->key, *denial) : -ENOMEM;
	if (err && *denial) {
		free((*denial)->path);
		free((*denial)->package);
		free(*denial);
		*denial = NULL;
	}
	return err;
}

/* Which host it was seen on, and what an event of that path without a digest will be about. */
static int note_host(struct fleet_denials *denials, struct fleet_denial *denial, const struct fleet_event *event)
{
	int added, err = 0;

	if (event->has_digest && lh_table_length(denials->latest) < FLEET_DENIAL_HOSTS_MAX)
		err = put(denials->latest, latest_key(denials, event), denial);
	if (err)
		return err;
	snprintf(denials->key, sizeof(denials->key), "%p %s", (void *)denial, event->host);
	added = put_once(denials->hosts, denials->key, FLEET_DENIAL_HOSTS_MAX);
	if (added > 0)
		denial->hosts++;
	return added < 0 ? added : 0;
}

/* A host may not know what another one knows. 0; -ENOMEM. */
static int note_package(struct fleet_denial *denial, const struct fleet_event *event)
{
	char *package;

	if (*denial->package || !*event->package)
		return 0;
	package = strdup(event->package);
	if (!package)
		return -ENOMEM;
	free(denial->package);
	denial->package = package;
	return 0;
}

static int add_judged(struct fleet_denials *denials, const struct fleet_event *event)
{
	struct fleet_denial *denial = NULL;
	int err = find_or_make(denials, event, &denial);

	if (err)
		return err;
	if (!denial) {
		denials->sums.passed_over += event->count;
		return 0;
	}
	if (event->is_denied)
		denial->denied += event->count;
	else
		denial->would_deny += event->count;
	if (event->time < denial->first)
		denial->first = event->time;
	if (event->time > denial->last)
		denial->last = event->time;
	err = note_package(denial, event);
	return err ? err : note_host(denials, denial, event);
}

int fleet_denials_add(struct fleet_denials *denials, const struct fleet_event *event)
{
	int err = 0;

	if (is_known(denials, event, &err)) {
		denials->sums.twice++;
		return 0;
	}
	if (err)
		return err;
	denials->sums.events++;
	if (event->kind == FLEET_EVENT_LOST)
		denials->sums.lost += event->count;
	if (event->kind == FLEET_EVENT_JUDGED || event->kind == FLEET_EVENT_REPEATED)
		return add_judged(denials, event);
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct fleet_denial *one = *(struct fleet_denial *const *)a, *other = *(struct fleet_denial *const *)b;
	__u64 times = one->denied + one->would_deny, other_times = other->denied + other->would_deny;

	if (one->hosts != other->hosts)
		return one->hosts < other->hosts ? 1 : -1;
	if (times != other_times)
		return times < other_times ? 1 : -1;
	return strcmp(one->path, other->path);
}

struct fleet_denial **fleet_denials_list(const struct fleet_denials *denials, size_t *count)
{
	size_t most = (size_t)lh_table_length(denials->entries);
	struct fleet_denial **list = most ? calloc(most, sizeof(*list)) : NULL;
	struct lh_entry *entry;

	*count = 0;
	if (!list)
		return NULL;
	lh_foreach(denials->entries, entry)
		list[(*count)++] = (struct fleet_denial *)lh_entry_v(entry);
	qsort(list, *count, sizeof(*list), compare);
	return list;
}

struct fleet_denials_sums fleet_denials_sums(const struct fleet_denials *denials)
{
	return denials->sums;
}
