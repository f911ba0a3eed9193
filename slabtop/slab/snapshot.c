// SPDX-License-Identifier: GPL-2.0-or-later
#include "snapshot.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "../../lib/time/clock.h"

enum { TEXT_MAX = 64 << 20, TEXT_STEP = 32 << 10 };

/* Room for size bytes of text and a NUL. */
static int reserve_text(struct slab_snapshot *snapshot, size_t size)
{
	char *text;

	if (size < snapshot->text_capacity)
		return 0;
	if (size > TEXT_MAX)
		return -EFBIG;
	text = realloc(snapshot->text, size + TEXT_STEP);
	if (!text)
		return -ENOMEM;
	snapshot->text = text;
	snapshot->text_capacity = size + TEXT_STEP;
	return 0;
}

int slab_read(struct slab_snapshot *snapshot, int fd)
{
	size_t size = 0;
	ssize_t got;

	if (lseek(fd, 0, SEEK_SET) < 0 && errno != ESPIPE)
		return -errno;
	snapshot->time = clock_read(CLOCK_REALTIME);
	snapshot->monotonic = clock_now();
	do {
		int err = reserve_text(snapshot, size + 1);

		if (err)
			return err;
		/* The last byte is the NUL's. */
		got = read(fd, snapshot->text + size, snapshot->text_capacity - size - 1);
		if (got > 0)
			size += (size_t)got;
	} while (got > 0 || (got < 0 && errno == EINTR));
	if (got < 0)
		return -errno;
	return slab_parse_text(snapshot, size);
}

int slab_parse(struct slab_snapshot *snapshot, const char *text, size_t size)
{
	int err = reserve_text(snapshot, size);

	if (err)
		return err;
	if (size)
		memcpy(snapshot->text, text, size);
	return slab_parse_text(snapshot, size);
}

void slab_snapshot_free(struct slab_snapshot *snapshot)
{
	free(snapshot->caches);
	free(snapshot->text);
	*snapshot = (struct slab_snapshot){ 0 };
}

static __u64 multiply(__u64 a, __u64 b)
{
	__u64 product;

	return __builtin_mul_overflow(a, b, &product) ? (__u64)-1 : product;
}

static void add(__u64 *sum, __u64 number)
{
	if (__builtin_add_overflow(*sum, number, sum))
		*sum = (__u64)-1;
}

__u64 slab_cache_bytes(const struct slab_cache *cache, __u64 page_size)
{
	return multiply(multiply(cache->num_slabs, cache->pages_per_slab), page_size);
}

static __u64 object_bytes(const struct slab_cache *cache)
{
	return multiply(cache->num_objs, cache->obj_size);
}

__u64 slab_active_bytes(const struct slab_cache *cache)
{
	return multiply(cache->active_objs, cache->obj_size);
}

void slab_add_up(struct slab_totals *totals, const struct slab_snapshot *snapshot)
{
	*totals = (struct slab_totals){ .caches = snapshot->count };
	for (size_t i = 0; i < snapshot->count; i++) {
		const struct slab_cache *cache = &snapshot->caches[i];

		add(&totals->active_objs, cache->active_objs);
		add(&totals->num_objs, cache->num_objs);
		add(&totals->active_slabs, cache->active_slabs);
		add(&totals->num_slabs, cache->num_slabs);
		add(&totals->active_bytes, slab_active_bytes(cache));
		add(&totals->object_bytes, object_bytes(cache));
		totals->active_caches += cache->num_objs > 0;
		if (!i || cache->obj_size < totals->min_obj_size)
			totals->min_obj_size = cache->obj_size;
		if (cache->obj_size > totals->max_obj_size)
			totals->max_obj_size = cache->obj_size;
	}
}
