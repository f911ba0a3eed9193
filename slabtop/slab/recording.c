// SPDX-License-Identifier: GPL-2.0-or-later
#include "recording.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct recorded_cache {
	struct slab_cache cache;
	struct slab_recorded more;
	char **names;
	bool is_present;
};

struct frame {
	off_t offset; /* of the line behind "frame" */
	__u64 time, monotonic, line;
	bool is_key;
};

struct slab_recording {
	FILE *file;
	char *line;
	size_t line_capacity;
	__u64 line_number;

	__u64 page_size;
	char *kernel;
	struct recorded_cache *caches;
	size_t cache_count, cache_capacity;
	struct frame *frames;
	size_t frame_count, frame_capacity;
	size_t at; /* the frame whose state the caches are in */
};

/* A line without its newline. 1; 0: the end; -EBADMSG: cut, or with a NUL; -errno. */
static int next_line(struct slab_recording *recording)
{
	ssize_t length;

	errno = 0;
	length = getline(&recording->line, &recording->line_capacity, recording->file);
	if (length < 0)
		return feof(recording->file) ? 0 : errno ? -errno : -EIO;
	recording->line_number++;
	if (recording->line[length - 1] != '\n' || strlen(recording->line) != (size_t)length)
		return -EBADMSG;
	recording->line[length - 1] = '\0';
	return 1;
}

static bool take_number(const char **at, __u64 *number)
{
	const char *digit = *at;
	__u64 value = 0;

	while (*digit >= '0' && *digit <= '9') {
		if (__builtin_mul_overflow(value, 10, &value) ||
			__builtin_add_overflow(value, *digit - '0', &value))
			return false;
		digit++;
	}
	if (digit == *at || (*digit && *digit != ' '))
		return false;
	*at = *digit ? digit + 1 : digit;
	*number = value;
	return true;
}

static bool take_word(const char **at, const char *word)
{
	size_t length = strlen(word);

	if (strncmp(*at, word, length))
		return false;
	*at += length;
	return true;
}

static int grow(void **array, size_t *capacity, size_t count, size_t size)
{
	size_t wanted = *capacity ? 2 * *capacity : 64;
	void *larger;

	if (count < *capacity)
		return 0;
	larger = reallocarray(*array, wanted, size);
	if (!larger)
		return -ENOMEM;
	*array = larger;
	*capacity = wanted;
	return 0;
}

/* ID OBJ_SIZE OBJS_PER_SLAB PAGES_PER_SLAB FLAG NAME */
static int parse_cache(struct slab_recording *recording, const char *at, bool is_known)
{
	struct slab_cache cache = { 0 };
	struct recorded_cache *new;
	__u64 id;
	char flag;
	int err;

	if (!take_number(&at, &id) || !take_number(&at, &cache.obj_size) ||
		!take_number(&at, &cache.objs_per_slab) ||
		!take_number(&at, &cache.pages_per_slab) || !*at || !strchr("ru-", *at) ||
		at[1] != ' ' || !at[2] || id > recording->cache_count)
		return -EBADMSG;
	flag = *at;
	if (is_known) /* since the file was read through */
		return 0;
	if (id < recording->cache_count)
		return -EBADMSG;
	err = grow((void **)&recording->caches, &recording->cache_capacity, recording->cache_count,
		sizeof(*recording->caches));
	if (err)
		return err;
	cache.name = strdup(at + 2);
	if (!cache.name)
		return -ENOMEM;
	new = &recording->caches[recording->cache_count++];
	*new = (struct recorded_cache){ .cache = cache, .more = { .flag = flag } };
	return 0;
}

/* ID NAME; only while the file is read through. */
static int parse_name(struct slab_recording *recording, const char *at, bool is_known)
{
	struct recorded_cache *cache;
	char **names;
	__u64 id;

	if (!take_number(&at, &id) || id >= recording->cache_count || !*at)
		return -EBADMSG;
	if (is_known)
		return 0;
	cache = &recording->caches[id];
	names = reallocarray(cache->names, cache->more.name_count + 1, sizeof(*names));
	if (!names)
		return -ENOMEM;
	cache->names = names;
	cache->more.names = (const char *const *)names;
	names[cache->more.name_count] = strdup(at);
	if (!names[cache->more.name_count])
		return -ENOMEM;
	cache->more.name_count++;
	return 0;
}

static int parse_figures(struct slab_recording *recording, const char *at)
{
	struct slab_cache figures;
	struct recorded_cache *cache;
	__u64 id;

	if (!take_number(&at, &id) || !take_number(&at, &figures.active_objs) ||
		!take_number(&at, &figures.num_objs) || !take_number(&at, &figures.active_slabs) ||
		!take_number(&at, &figures.num_slabs) || *at || id >= recording->cache_count)
		return -EBADMSG;
	cache = &recording->caches[id];
	cache->cache.active_objs = figures.active_objs;
	cache->cache.num_objs = figures.num_objs;
	cache->cache.active_slabs = figures.active_slabs;
	cache->cache.num_slabs = figures.num_slabs;
	cache->is_present = true;
	return 0;
}

static int parse_gone(struct slab_recording *recording, const char *at)
{
	__u64 id;

	if (!take_number(&at, &id) || *at || id >= recording->cache_count)
		return -EBADMSG;
	recording->caches[id].is_present = false;
	return 0;
}

/*
 * The lines behind "frame" are taken in, as far as "end". 0; -EBADMSG: not understood; -ENODATA:
 * the file ends before.
 */
static int take_frame(struct slab_recording *recording, size_t number, bool is_key, bool is_known)
{
	__u64 lines = 0, said, said_number;
	int err = 0;

	if (is_key)
		for (size_t i = 0; i < recording->cache_count; i++)
			recording->caches[i].is_present = false;
	while (!err) {
		const char *at;
		int got = next_line(recording);

		if (got <= 0)
			return got ? got : -ENODATA;
		at = recording->line;
		if (take_word(&at, "end "))
			return take_number(&at, &said_number) && take_number(&at, &said) && !*at &&
					       said == lines && said_number == number
				       ? 0
				       : -EBADMSG;
		lines++;
		if (take_word(&at, "cache "))
			err = parse_cache(recording, at, is_known);
		else if (take_word(&at, "also "))
			err = parse_name(recording, at, is_known);
		else if (take_word(&at, "gone "))
			err = parse_gone(recording, at);
		else
			err = parse_figures(recording, at);
	}
	return err;
}

/* frame NUMBER REAL MONOTONIC [key] */
static int parse_frame(struct slab_recording *recording, struct frame *frame)
{
	const struct frame *last =
		recording->frame_count ? &recording->frames[recording->frame_count - 1] : NULL;
	const char *at = recording->line;
	__u64 number;

	if (!take_word(&at, "frame ") || !take_number(&at, &number) ||
		!take_number(&at, &frame->time) || !take_number(&at, &frame->monotonic) ||
		number != recording->frame_count)
		return -EBADMSG;
	frame->is_key = !strcmp(at, "key");
	if ((*at && !frame->is_key) || (!number && !frame->is_key) ||
		(last && frame->monotonic < last->monotonic))
		return -EBADMSG;
	frame->offset = ftello(recording->file);
	frame->line = recording->line_number;
	return 0;
}

static int parse_head(struct slab_recording *recording)
{
	const char *at;

	if (next_line(recording) <= 0 || strcmp(recording->line, "slabtop recording 1"))
		return -EPROTO;
	if (next_line(recording) <= 0)
		return -EPROTO;
	at = recording->line;
	if (!take_word(&at, "page-size ") || !take_number(&at, &recording->page_size) || *at)
		return -EPROTO;
	if (next_line(recording) <= 0)
		return -EPROTO;
	at = recording->line;
	if (!take_word(&at, "kernel "))
		return -EPROTO;
	recording->kernel = strdup(at);
	return recording->kernel ? 0 : -ENOMEM;
}

/* All frames, as far as the file is whole. */
static int read_through(struct slab_recording *recording, struct slab_damage *damage)
{
	int got, err = 0;

	while (!err && (got = next_line(recording)) != 0) {
		struct frame frame;

		err = got < 0 ? got : parse_frame(recording, &frame);
		if (!err)
			err = grow((void **)&recording->frames, &recording->frame_capacity,
				recording->frame_count, sizeof(frame));
		if (!err)
			err = take_frame(recording, recording->frame_count, frame.is_key, false);
		if (!err)
			recording->frames[recording->frame_count++] = frame;
	}
	if (err == -EBADMSG || err == -ENODATA) {
		*damage = (struct slab_damage){
			.line = recording->line_number,
			.is_cut = err == -ENODATA || getc(recording->file) == EOF,
		};
		err = 0;
	}
	recording->at = (size_t)-1;
	if (!err && !recording->frame_count)
		err = -ENODATA;
	return err;
}

int slab_recording_open(struct slab_recording **out, const char *path, struct slab_damage *damage)
{
	struct slab_recording *recording = calloc(1, sizeof(*recording));
	struct slab_damage ignored;
	int err;

	*out = NULL;
	if (!recording)
		return -ENOMEM;
	if (!damage)
		damage = &ignored;
	*damage = (struct slab_damage){ 0 };
	recording->file = fopen(path, "re");
	err = recording->file ? parse_head(recording) : -errno;
	if (!err)
		err = read_through(recording, damage);
	if (err)
		slab_recording_free(recording);
	else
		*out = recording;
	return err;
}

void slab_recording_free(struct slab_recording *recording)
{
	if (!recording)
		return;
	for (size_t i = 0; i < recording->cache_count; i++) {
		struct recorded_cache *cache = &recording->caches[i];

		free((char *)cache->cache.name);
		for (size_t j = 0; j < cache->more.name_count; j++)
			free(cache->names[j]);
		free(cache->names);
	}
	if (recording->file)
		fclose(recording->file);
	free(recording->caches);
	free(recording->frames);
	free(recording->kernel);
	free(recording->line);
	free(recording);
}

size_t slab_recording_frames(const struct slab_recording *recording)
{
	return recording->frame_count;
}

const char *slab_recording_kernel(const struct slab_recording *recording)
{
	return recording->kernel;
}

__u64 slab_recording_time(const struct slab_recording *recording, size_t frame)
{
	return recording->frames[frame].monotonic;
}

static int play(struct slab_recording *recording, size_t number)
{
	const struct frame *frame = &recording->frames[number];
	int err;

	if (fseeko(recording->file, frame->offset, SEEK_SET))
		return -errno;
	recording->line_number = frame->line;
	err = take_frame(recording, number, frame->is_key, true);
	recording->at = err ? (size_t)-1 : number;
	return err;
}

static int fill(const struct slab_recording *recording, struct slab_snapshot *snapshot)
{
	const struct frame *frame = &recording->frames[recording->at];

	if (recording->cache_count > snapshot->capacity) {
		struct slab_cache *caches =
			reallocarray(snapshot->caches, recording->cache_count, sizeof(*caches));

		if (!caches)
			return -ENOMEM;
		snapshot->caches = caches;
		snapshot->capacity = recording->cache_count;
	}
	snapshot->count = 0;
	for (size_t i = recording->cache_count; i-- > 0;)
		if (recording->caches[i].is_present)
			snapshot->caches[snapshot->count++] = recording->caches[i].cache;
	snapshot->time = frame->time;
	snapshot->monotonic = frame->monotonic;
	snapshot->page_size = recording->page_size;
	snapshot->malformed = 0;
	return 0;
}

int slab_recording_seek(
	struct slab_recording *recording, size_t frame, struct slab_snapshot *snapshot)
{
	size_t from = frame;
	int err = 0;

	if (frame >= recording->frame_count)
		return -ERANGE;
	while (!recording->frames[from].is_key && from != recording->at + 1)
		from--;
	if (frame != recording->at)
		for (; from <= frame && !err; from++)
			err = play(recording, from);
	return err ? err : fill(recording, snapshot);
}

const struct slab_recorded *slab_recording_find(
	const struct slab_recording *recording, const char *name)
{
	for (size_t i = recording->cache_count; i-- > 0;)
		if (!strcmp(recording->caches[i].cache.name, name))
			return &recording->caches[i].more;
	return NULL;
}
