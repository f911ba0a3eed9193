// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The text of /proc/slabinfo. A name may contain anything but a newline, numbers and colons
 * included, so a line is read from its right end: sections of numbers, then the five or six of the
 * cache itself, and what is left is the name.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "slab.h"
#include "snapshot.h"

enum { SECTION_NUMBERS = 16 };

/* A number at the right end of [start, *end), which is moved before it. */
static bool take_number(const char *start, const char **end, __u64 *number)
{
	const char *last = *end, *first;
	__u64 value = 0;

	while (last > start && (last[-1] == ' ' || last[-1] == '\t'))
		last--;
	first = last;
	while (first > start && first[-1] >= '0' && first[-1] <= '9')
		first--;
	if (first == last || (first > start && first[-1] != ' ' && first[-1] != '\t'))
		return false;
	for (const char *digit = first; digit < last; digit++)
		if (__builtin_mul_overflow(value, 10, &value) ||
			__builtin_add_overflow(value, *digit - '0', &value))
			return false;
	*number = value;
	*end = first;
	return true;
}

/* As many numbers as there are, the rightmost first. */
static int take_numbers(const char *start, const char **end, __u64 *numbers)
{
	int count = 0;

	while (count < SECTION_NUMBERS && take_number(start, end, &numbers[count]))
		count++;
	return count;
}

/* word at the right end, where it is a word of its own. */
static bool take_word(const char *start, const char **end, const char *word)
{
	const char *last = *end;
	size_t length = strlen(word);

	while (last > start && (last[-1] == ' ' || last[-1] == '\t'))
		last--;
	if ((size_t)(last - start) < length + 1 || memcmp(last - length, word, length) ||
		(last[-(long)length - 1] != ' ' && last[-(long)length - 1] != '\t'))
		return false;
	*end = last - length;
	return true;
}

/* Takes ": LABEL NUMBER..." off the right end. */
static bool take_section(
	const char *start, const char **end, const char *label, __u64 *numbers, int *count)
{
	const char *at = *end;

	*count = take_numbers(start, &at, numbers);
	if (!*count || (*label && !take_word(start, &at, label)) || !take_word(start, &at, ":"))
		return false;
	*end = at;
	return true;
}

/* : tunables LIMIT BATCHCOUNT SHAREDFACTOR : slabdata ACTIVE_SLABS NUM_SLABS SHAREDAVAIL */
static bool take_sections(const char *start, const char **end, struct slab_cache *cache)
{
	__u64 numbers[SECTION_NUMBERS];
	int count;

	while (take_section(start, end, "cpustat", numbers, &count) ||
		take_section(start, end, "globalstat", numbers, &count))
		;
	if (!take_section(start, end, "slabdata", numbers, &count) || count != 3)
		return false;
	cache->shared_avail = numbers[0];
	cache->num_slabs = numbers[1];
	cache->active_slabs = numbers[2];
	if (!take_section(start, end, "tunables", numbers, &count) || count != 3)
		return false;
	cache->sharedfactor = numbers[0];
	cache->batchcount = numbers[1];
	cache->limit = numbers[2];
	return true;
}

static bool take_cache_2(const char *start, const char **end, struct slab_cache *cache)
{
	return take_sections(start, end, cache) &&
	       take_number(start, end, &cache->pages_per_slab) &&
	       take_number(start, end, &cache->objs_per_slab) &&
	       take_number(start, end, &cache->obj_size) &&
	       take_number(start, end, &cache->num_objs) &&
	       take_number(start, end, &cache->active_objs);
}

static bool take_cache_1(
	const char *start, const char **end, struct slab_cache *cache, unsigned int minor)
{
	__u64 numbers[SECTION_NUMBERS];
	int count;

	while (take_section(start, end, "", numbers, &count))
		;
	if (minor > 0) {
		if (!take_number(start, end, &cache->pages_per_slab) ||
			!take_number(start, end, &cache->num_slabs) ||
			!take_number(start, end, &cache->active_slabs) ||
			!take_number(start, end, &cache->obj_size))
			return false;
	}
	if (!take_number(start, end, &cache->num_objs) ||
		!take_number(start, end, &cache->active_objs))
		return false;
	cache->objs_per_slab = cache->num_slabs ? cache->num_objs / cache->num_slabs : 0;
	return true;
}

/* The line is cut behind the name. */
static bool parse_line(
	char *line, char *line_end, const struct slab_snapshot *snapshot, struct slab_cache *cache)
{
	const char *end = line_end;

	*cache = (struct slab_cache){ .name = line };
	if (memchr(line, '\0', (size_t)(line_end - line)))
		return false;
	if (snapshot->major == 2 ? !take_cache_2(line, &end, cache)
				 : !take_cache_1(line, &end, cache, snapshot->minor))
		return false;
	while (end > line && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	line[end - line] = '\0';
	return end > line;
}

static int parse_version(struct slab_snapshot *snapshot, const char *line)
{
	int length = 0;

	if (sscanf(line, "slabinfo - version: %3u.%3u%n", &snapshot->major, &snapshot->minor,
		    &length) != 2 ||
		!length)
		return -EPROTO;
	if (snapshot->major != 1 && snapshot->major != 2)
		return -EPROTONOSUPPORT;
	snapshot->has_statistics = strstr(line + length, "(statistics)") != NULL;
	return 0;
}

static int add_cache(struct slab_snapshot *snapshot, const struct slab_cache *cache)
{
	if (snapshot->count == snapshot->capacity) {
		size_t capacity = snapshot->capacity ? 2 * snapshot->capacity : 256;
		struct slab_cache *caches =
			reallocarray(snapshot->caches, capacity, sizeof(*caches));

		if (!caches)
			return -ENOMEM;
		snapshot->caches = caches;
		snapshot->capacity = capacity;
	}
	snapshot->caches[snapshot->count++] = *cache;
	return 0;
}

int slab_parse_text(struct slab_snapshot *snapshot, size_t size)
{
	char *text = snapshot->text, *end = text + size, *line, *next;
	int err;

	snapshot->count = 0;
	snapshot->malformed = 0;
	*end = '\0';
	next = memchr(text, '\n', size);
	if (!next)
		return -EPROTO;
	*next++ = '\0';
	err = parse_version(snapshot, text);
	for (line = next; !err && line < end; line = next) {
		char *line_end = memchr(line, '\n', (size_t)(end - line));
		struct slab_cache cache;

		next = line_end ? line_end + 1 : end;
		if (!strncmp(line, "# name", 6) || line_end == line)
			continue;
		/* What has no end may have lost some of its last number. */
		if (!line_end || !parse_line(line, line_end, snapshot, &cache))
			snapshot->malformed++;
		else
			err = add_cache(snapshot, &cache);
	}
	return err;
}
