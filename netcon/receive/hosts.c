// SPDX-License-Identifier: GPL-2.0-or-later
#include "hosts.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* Probation ends after so many datagrams, and so many milliseconds. */
enum { PROBATION_DATAGRAMS = 4, PROBATION_TIME = 1000 };

/* Hosts come from blocks of their own: between the pieces of messages, which come and go, they would leave holes. */
enum { HOSTS_A_BLOCK = 128 };

struct block {
	struct block *next;
	struct host hosts[HOSTS_A_BLOCK];
};

struct hosts {
	struct block *blocks;
	struct host *unused; /* by next */
	struct host **buckets; /* a power of two of them */
	size_t bucket_count, count, most;
	__u64 key[2]; /* so that nobody can choose addresses that fall into one bucket */
	struct host_list probation, established;
};

int hosts_open(size_t most, struct hosts **hosts)
{
	struct hosts *new = calloc(1, sizeof(*new));

	if (!new)
		return -ENOMEM;
	new->most = most;
	new->bucket_count = 256;
	new->buckets = calloc(new->bucket_count, sizeof(struct host *));
	if (!new->buckets || getrandom(new->key, sizeof(new->key), 0) != sizeof(new->key)) {
		free(new->buckets);
		free(new);
		return -ENOMEM;
	}
	TAILQ_INIT(&new->probation);
	TAILQ_INIT(&new->established);
	*hosts = new;
	return 0;
}

__extension__ typedef unsigned __int128 wide;

/* Both halves of the product, so that each bit of the words moves each of the result. */
static __u64 mix(__u64 left, __u64 right)
{
	wide product = (wide)left * right;

	return (__u64)product ^ (__u64)(product >> 64);
}

static size_t bucket_of(const struct hosts *hosts, const struct netcon_source *source)
{
	__u64 words[2];

	memcpy(words, &source->address, sizeof(words));
	words[0] = mix(words[0] ^ hosts->key[0], words[1] ^ hosts->key[1]);
	words[1] = (__u64)source->scope << 16 | source->port;
	return mix(words[0] ^ hosts->key[1], words[1] ^ hosts->key[0] ^ 0x9e3779b97f4a7c15ULL) & (hosts->bucket_count - 1);
}

static bool is_same(const struct netcon_source *left, const struct netcon_source *right)
{
	return left->port == right->port && left->scope == right->scope &&
		!memcmp(&left->address, &right->address, sizeof(left->address));
}

struct host *hosts_find(struct hosts *hosts, const struct netcon_source *source)
{
	struct host *host = hosts->buckets[bucket_of(hosts, source)];

	while (host && !is_same(&host->source, source))
		host = host->next;
	return host;
}

/* Without memory for more buckets, the ones that there are get fuller. */
static void grow(struct hosts *hosts)
{
	size_t count = hosts->bucket_count;
	struct host **old = hosts->buckets, **new = calloc(2 * count, sizeof(struct host *));

	if (!new)
		return;
	hosts->buckets = new;
	hosts->bucket_count = 2 * count;
	for (size_t i = 0; i < count; i++) {
		struct host *host, *next;

		for (host = old[i]; host; host = next) {
			struct host **bucket = &new[bucket_of(hosts, &host->source)];

			next = host->next;
			host->next = *bucket;
			*bucket = host;
		}
	}
	free(old);
}

static struct host *new_host(struct hosts *hosts)
{
	struct host *host;

	if (!hosts->unused) {
		struct block *block = malloc(sizeof(*block));

		if (!block)
			return NULL;
		block->next = hosts->blocks;
		hosts->blocks = block;
		for (unsigned int i = 0; i < HOSTS_A_BLOCK; i++) {
			block->hosts[i].next = hosts->unused;
			hosts->unused = &block->hosts[i];
		}
	}
	host = hosts->unused;
	hosts->unused = host->next;
	memset(host, 0, sizeof(*host));
	return host;
}

struct host *hosts_add(struct hosts *hosts, const struct netcon_source *source, __u64 now)
{
	struct host *host, **bucket;

	if (hosts_are_full(hosts))
		return NULL;
	host = new_host(hosts);
	if (!host)
		return NULL;
	if (hosts->count >= hosts->bucket_count)
		grow(hosts);
	host->source = *source;
	host->first_heard = host->last_heard = now;
	TAILQ_INIT(&host->pending);
	bucket = &hosts->buckets[bucket_of(hosts, source)];
	host->next = *bucket;
	*bucket = host;
	TAILQ_INSERT_TAIL(&hosts->probation, host, age);
	hosts->count++;
	return host;
}

bool hosts_are_full(const struct hosts *hosts)
{
	return hosts->count >= hosts->most;
}

size_t hosts_count(const struct hosts *hosts)
{
	return hosts->count;
}

static struct host_list *list_of(struct hosts *hosts, const struct host *host)
{
	return host->is_established ? &hosts->established : &hosts->probation;
}

void hosts_heard(struct hosts *hosts, struct host *host, __u64 now)
{
	TAILQ_REMOVE(list_of(hosts, host), host, age);
	host->datagrams++;
	host->last_heard = now;
	host->is_established = host->is_established ||
		(host->datagrams >= PROBATION_DATAGRAMS && now - host->first_heard >= PROBATION_TIME);
	TAILQ_INSERT_TAIL(list_of(hosts, host), host, age);
}

struct host *hosts_least(struct hosts *hosts)
{
	struct host *host = TAILQ_FIRST(&hosts->probation);

	return host ? host : TAILQ_FIRST(&hosts->established);
}

struct host *hosts_oldest(struct hosts *hosts)
{
	struct host *one = TAILQ_FIRST(&hosts->probation), *other = TAILQ_FIRST(&hosts->established);

	if (!one || !other)
		return one ? one : other;
	return one->last_heard < other->last_heard ? one : other;
}

void hosts_remove(struct hosts *hosts, struct host *host)
{
	struct host **place = &hosts->buckets[bucket_of(hosts, &host->source)];

	while (*place != host)
		place = &(*place)->next;
	*place = host->next;
	TAILQ_REMOVE(list_of(hosts, host), host, age);
	if (host->is_waiting)
		LIST_REMOVE(host, waiting);
	hosts->count--;
	sequences_free(&host->sequences);
	free(host->rest);
	held_close(host->held);
	host->next = hosts->unused;
	hosts->unused = host;
}

size_t hosts_memory(const struct hosts *hosts)
{
	return hosts->count * sizeof(struct host) +
		hosts->bucket_count * sizeof(struct host *);
}

void hosts_close(struct hosts *hosts)
{
	struct host *host;

	if (!hosts)
		return;
	while ((host = hosts_oldest(hosts)))
		hosts_remove(hosts, host);
	while (hosts->blocks) {
		struct block *block = hosts->blocks;

		hosts->blocks = block->next;
		free(block);
	}
	free(hosts->buckets);
	free(hosts);
}
