// SPDX-License-Identifier: GPL-2.0-or-later
#include "order.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "record.h"

/* Reads all of a chunk that there is. A count or a negative errno. */
static ssize_t read_chunk(int descriptor, char *chunk, size_t size, off_t at, __u64 *read)
{
	ssize_t got;

	do
		got = pread(descriptor, chunk, size, at);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return -errno;
	*read += (__u64)got;
	return got;
}

/* What is looked for: the first or the last record without a mark. */
struct search {
	off_t to; /* records begin before it */
	bool wants_last, has_found;
	struct order_place *place;
};

/* Whether a line of text begins a record without a mark, at that offset. */
static bool take_line(struct search *search, const char *text, size_t size, off_t offset)
{
	bool is_behind;
	__u64 time;

	if (record_parse_header(text, size, &time, &is_behind) || is_behind)
		return false;
	*search->place = (struct order_place){ .offset = offset, .time = time };
	search->has_found = true;
	return !search->wants_last;
}

/*
 * The lines of a chunk, which stands at the offset and begins a line if it is the file's first. Returns how many bytes are done
 * with: a line whose header does not fit is not. *is_done: nothing more is to be looked for.
 */
static size_t take_chunk(struct search *search, const char *chunk, size_t size, off_t offset, bool *is_done)
{
	const char *line = chunk, *end = chunk + size;

	if (offset > 0) {
		line = memchr(chunk, '\n', size);
		if (!line)
			return size;
		line++;
	}
	while (line + RECORD_HEADER_SIZE <= end) {
		off_t at = offset + (line - chunk);

		*is_done = at >= search->to || take_line(search, line, (size_t)(end - line), at);
		if (*is_done)
			return size;
		line = memchr(line, '\n', (size_t)(end - line));
		if (!line)
			return size;
		line++;
	}
	/* The newline before it, so that it is known where it begins. */
	return line > chunk ? (size_t)(line - chunk) - 1 : size;
}

/* Among the records that begin from `from` on and before `to`. 1, 0 or a negative errno. */
static int find(int descriptor, off_t from, struct search *search, __u64 *read)
{
	char chunk[ORDER_CHUNK];
	off_t at = from ? from - 1 : 0;
	bool is_done = false;

	while (at < search->to && !is_done) {
		ssize_t got = read_chunk(descriptor, chunk, sizeof(chunk), at, read);
		size_t used;

		if (got < 0)
			return (int)got;
		used = take_chunk(search, chunk, (size_t)got, at, &is_done);
		/* The end of the file, or the rest of it is no whole header. */
		if (!used || (size_t)got < sizeof(chunk))
			break;
		at += (off_t)used;
	}
	return search->has_found;
}

int order_last(int descriptor, off_t size, struct order_place *place, __u64 *read)
{
	int result = 0;

	for (off_t to = size; to > 0 && !result; to -= ORDER_CHUNK) {
		struct search search = { .to = to, .wants_last = true, .place = place };

		result = find(descriptor, to > ORDER_CHUNK ? to - ORDER_CHUNK : 0, &search, read);
	}
	return result;
}

/* The records without a mark between which the wanted one is. */
struct bounds {
	struct order_place low, high; /* what stands before low is too early; high is not, or is the end */
};

/* Whether a record between two others has a time between theirs. */
static bool is_in_order(const struct bounds *bounds, __u64 time)
{
	return time + ORDER_SLACK >= bounds->low.time && (!bounds->high.time || time <= bounds->high.time + ORDER_SLACK);
}

/* 0; or a negative errno: -EBADMSG: it is not in order. */
static int halve(int descriptor, __u64 since, struct bounds *bounds, __u64 *read)
{
	off_t middle = bounds->low.offset + (bounds->high.offset - bounds->low.offset) / 2;
	struct order_place place;
	struct search search = { .to = bounds->high.offset, .place = &place };
	int result = find(descriptor, middle, &search, read);

	if (result < 0)
		return result;
	if (!result) {
		/* All of them are marked, and not later than those before. */
		bounds->high.offset = middle;
		return 0;
	}
	if (!is_in_order(bounds, place.time))
		return -EBADMSG;
	if (place.time + ORDER_SLACK < since)
		bounds->low = place;
	else
		bounds->high = (struct order_place){ .offset = middle, .time = place.time };
	return 0;
}

/* The first record's time is the first thing to tell whether the file is in order. 0 or a negative errno, as for halve. */
static int find_first(int descriptor, off_t size, struct bounds *bounds, __u64 *read)
{
	struct order_place first;
	struct search search = { .to = size, .place = &first };
	int result = find(descriptor, 0, &search, read);

	if (result <= 0)
		return result;
	bounds->low.time = first.time;
	return first.time > bounds->high.time + ORDER_SLACK ? -EBADMSG : 0;
}

int order_search(int descriptor, __u64 since, off_t *offset, __u64 *read)
{
	struct bounds bounds = { 0 };
	struct order_place last;
	struct stat st;
	int result;

	*offset = 0;
	if (fstat(descriptor, &st))
		return -errno;
	result = order_last(descriptor, st.st_size, &last, read);
	if (result <= 0)
		return result;
	bounds.high = (struct order_place){ .offset = st.st_size, .time = last.time };
	result = find_first(descriptor, st.st_size, &bounds, read);
	/* Often a whole file is too early, and only its end is to be read. */
	if (!result && last.time + ORDER_SLACK < since)
		bounds.low = last;
	while (!result && bounds.high.offset - bounds.low.offset > ORDER_CHUNK)
		result = halve(descriptor, since, &bounds, read);
	if (!result)
		*offset = bounds.low.offset;
	return result == -EBADMSG ? 0 : result;
}
