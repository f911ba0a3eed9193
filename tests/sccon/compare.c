// SPDX-License-Identifier: GPL-2.0-or-later
/* What the machine has sent, compared with what it should have: sccon-controller check. */
#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "controller.h"

_Noreturn void die(const char *what)
{
	fprintf(stderr, "sccon-controller: %s: %s\n", what, strerror(errno));
	exit(2);
}

char *read_whole(const char *name, size_t *size)
{
	FILE *file = fopen(name, "rb");
	struct stat status;
	char *bytes;

	if (!file || fstat(fileno(file), &status))
		die(name);
	bytes = malloc((size_t)status.st_size + 1);
	if (!bytes)
		die(name);
	*size = fread(bytes, 1, (size_t)status.st_size, file);
	bytes[*size] = 0;
	fclose(file);
	return bytes;
}

struct comparison {
	size_t place;	 /* in the data */
	uint64_t lost;	 /* said */
	unsigned long flood;
	unsigned long messages;
};

/* The length of a message of the kernel that begins here: its time, and a line. 0: there is none. */
static size_t message_at(const char *text, size_t left, const char **line, size_t *length)
{
	size_t i = 0;

	if (!left || text[i++] != '[')
		return 0;
	while (i < left && text[i] == ' ')
		i++;
	while (i < left && text[i] >= '0' && text[i] <= '9')
		i++;
	if (i + 9 > left || text[i] != '.' || strspn(text + i + 1, "0123456789") < 6 || text[i + 7] != ']' || text[i + 8] != ' ')
		return 0;
	*line = text + i + 9;
	for (i += 9; i + 1 < left; i++)
		if (text[i] == '\r' && text[i + 1] == '\n') {
			*length = (size_t)(text + i - *line);
			return i + 2;
		}
	return 0;
}

static bool take_message(struct comparison *comparison, const char *line, size_t length)
{
	unsigned long number;

	comparison->messages++;
	if (length < 6 || strncmp(line, "flood ", 6))
		return true;
	number = strtoul(line + 6, NULL, 10);
	if (number == comparison->flood) {
		comparison->flood++;
		return true;
	}
	fprintf(stderr, "message %lu of the flood where %lu should be\n", number, comparison->flood);
	return false;
}

/* Removes all messages, which may be in the middle of anything else: false if those of the flood are not as they should be. */
static bool remove_messages(struct comparison *comparison, char *text, size_t *size)
{
	size_t to = 0, length;
	const char *line;
	bool is_right = true;

	for (size_t from = 0; from < *size;) {
		size_t message = message_at(text + from, *size - from, &line, &length);

		if (message) {
			is_right &= take_message(comparison, line, length);
			from += message;
		} else {
			text[to++] = text[from++];
		}
	}
	*size = to;
	text[to] = 0;
	return is_right;
}

static size_t notice_at(const char *text, uint64_t *lost)
{
	int length = 0;

	if (strncmp(text, "\r\n[sccon: lost ", 15) ||
		sscanf(text, "\r\n[sccon: lost %" SCNu64 " bytes]%n", lost, &length) != 1 || !length)
		return 0;
	return 2 + (size_t)(strchr(text, ']') + 1 - (text + 2)) + 2;
}

int compare(const char *log, const char *expected, unsigned long flood, bool has_returns)
{
	struct comparison comparison = { 0 };
	size_t size, data_size;
	char *text = read_whole(log, &size), *data = read_whole(expected, &data_size);
	bool is_right = remove_messages(&comparison, text, &size);

	for (size_t i = 0; i < size;) {
		uint64_t lost;
		size_t notice = notice_at(text + i, &lost);

		if (notice) {
			comparison.place += lost;
			comparison.lost += lost;
			i += notice;
		} else if (comparison.place < data_size && text[i] == data[comparison.place]) {
			comparison.place++;
			i++;
		} else if (has_returns && !strncmp(text + i, "\r\n", 2)) {
			i++;
		} else {
			fprintf(stderr, "byte %zu of %zu is another one: %.60s\n", comparison.place, data_size, text + i);
			is_right = false;
			break;
		}
	}
	if (is_right && comparison.place != data_size) {
		fprintf(stderr, "it ends at %zu of %zu\n", comparison.place, data_size);
		is_right = false;
	}
	if (comparison.flood != flood) {
		fprintf(stderr, "%lu messages of the flood instead of %lu\n", comparison.flood, flood);
		is_right = false;
	}
	printf("%zu bytes, %" PRIu64 " of them said to be lost, %lu messages\n", comparison.place, comparison.lost,
		comparison.messages);
	free(text);
	free(data);
	return !is_right;
}
