// SPDX-License-Identifier: GPL-2.0-or-later
#include "cache.h"
#include <string.h>
#include <time.h>

void fanotify_cache_init(struct fanotify_cache *cache)
{
	memset(cache, 0, sizeof(*cache));
	pthread_mutex_init(&cache->lock, NULL);
}

static __s64 nanoseconds(const struct timespec *time)
{
	return time->tv_sec * 1000000000LL + time->tv_nsec;
}

static size_t set_of(__u64 device, __u64 inode)
{
	__u64 hash = (device * 0x9e3779b97f4a7c15ULL + inode) * 0xff51afd7ed558ccdULL;

	return hash >> 32 & (FANOTIFY_CACHE_SETS - 1);
}

static struct cached_file *find(struct fanotify_cache *cache, __u64 device, __u64 inode)
{
	struct cached_file *set = cache->files[set_of(device, inode)];

	for (int i = 0; i < FANOTIFY_CACHE_WAYS; i++)
		if (set[i].verdict != DIGSIG_VERDICT_NONE && set[i].device == device &&
			set[i].inode == inode)
			return &set[i];
	return NULL;
}

static bool is_unchanged(const struct cached_file *file, const struct stat *st)
{
	return file->size == (__u64)st->st_size && file->modified == nanoseconds(&st->st_mtim) &&
		file->changed == nanoseconds(&st->st_ctim);
}

enum digsig_verdict fanotify_cache_find(
	struct fanotify_cache *cache, const struct stat *st, __u64 *moment)
{
	enum digsig_verdict verdict = DIGSIG_VERDICT_NONE;
	struct cached_file *file;

	pthread_mutex_lock(&cache->lock);
	*moment = cache->forgotten[set_of(st->st_dev, st->st_ino)];
	file = find(cache, st->st_dev, st->st_ino);
	if (file && is_unchanged(file, st)) {
		verdict = file->verdict;
		file->turn = ++cache->turn;
	}
	pthread_mutex_unlock(&cache->lock);
	return verdict;
}

/* The clock that file systems take their times from; a time in the future is never old. */
static bool is_settled(const struct stat *st)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME_COARSE, &now);
	return nanoseconds(&now) - nanoseconds(&st->st_mtim) > FANOTIFY_RACY_NS &&
		nanoseconds(&now) - nanoseconds(&st->st_ctim) > FANOTIFY_RACY_NS;
}

void fanotify_cache_store(struct fanotify_cache *cache, const struct stat *st,
	enum digsig_verdict verdict, __u64 moment)
{
	size_t at = set_of(st->st_dev, st->st_ino);
	struct cached_file *set = cache->files[at], *place;

	if (!is_settled(st))
		return;
	pthread_mutex_lock(&cache->lock);
	place = find(cache, st->st_dev, st->st_ino);
	if (!place) {
		place = &set[0];
		for (int i = 1; i < FANOTIFY_CACHE_WAYS; i++)
			if (set[i].turn < place->turn)
				place = &set[i];
	}
	if (cache->forgotten[at] == moment)
		*place = (struct cached_file){ st->st_dev, st->st_ino, (__u64)st->st_size,
			++cache->turn, nanoseconds(&st->st_mtim), nanoseconds(&st->st_ctim),
			verdict };
	pthread_mutex_unlock(&cache->lock);
}

void fanotify_cache_forget(struct fanotify_cache *cache, __u64 device, __u64 inode)
{
	struct cached_file *file;

	pthread_mutex_lock(&cache->lock);
	file = find(cache, device, inode);
	if (file)
		*file = (struct cached_file){ 0 };
	cache->forgotten[set_of(device, inode)]++;
	pthread_mutex_unlock(&cache->lock);
}

void fanotify_cache_forget_all(struct fanotify_cache *cache)
{
	pthread_mutex_lock(&cache->lock);
	memset(cache->files, 0, sizeof(cache->files));
	for (size_t i = 0; i < FANOTIFY_CACHE_SETS; i++)
		cache->forgotten[i]++;
	pthread_mutex_unlock(&cache->lock);
}
