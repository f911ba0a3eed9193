// SPDX-License-Identifier: GPL-2.0-or-later
#include "past.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "../../lib/text/number.h"

#define PAST_HEAD "ramswap-upkeep 1\n"

/* A space and a number. */
static bool read_field(const char **text, __u64 *number)
{
	return *(*text)++ == ' ' && !number_read(text, number);
}

static bool parse_line(const char **text, struct past_device *device)
{
	__u64 number, paused;

	if (strncmp(*text, "zram", strlen("zram")) != 0)
		return false;
	*text += strlen("zram");
	if (number_read(text, &number) || number > ~0U || !read_field(text, &device->when) ||
		!read_field(text, &device->reads) || !read_field(text, &device->writes) ||
		!read_field(text, &device->pages) || !read_field(text, &device->marked) || !read_field(text, &paused) ||
		paused > 1 || *(*text)++ != '\n')
		return false;
	device->number = (unsigned int)number;
	device->is_paused = paused;
	return true;
}

int past_parse(const char *text, size_t size, struct past *past)
{
	const char *end = text + size;

	*past = (struct past){ 0 };
	if (size > PAST_SIZE_MAX || memchr(text, '\0', size) || strncmp(text, PAST_HEAD, strlen(PAST_HEAD)) != 0)
		return -EINVAL;
	text += strlen(PAST_HEAD);
	while (text < end) {
		struct past_device device;

		if (!parse_line(&text, &device) || !past_set(past, &device))
			return -EINVAL;
	}
	return 0;
}

void past_print(const struct past *past, char text[PAST_SIZE_MAX])
{
	size_t length = (size_t)sprintf(text, "%s", PAST_HEAD);

	for (size_t i = 0; i < past->count; i++) {
		const struct past_device *device = &past->devices[i];

		length += (size_t)sprintf(text + length, "zram%u %llu %llu %llu %llu %llu %d\n", device->number,
			(unsigned long long)device->when, (unsigned long long)device->reads,
			(unsigned long long)device->writes, (unsigned long long)device->pages,
			(unsigned long long)device->marked, device->is_paused);
	}
}

const struct past_device *past_find(const struct past *past, const struct ramswap_zram *zram)
{
	for (size_t i = 0; i < past->count; i++)
		if (past->devices[i].number == zram->number)
			return past->devices[i].reads <= zram->back_reads && past->devices[i].writes <= zram->back_writes ?
				&past->devices[i] :
				NULL;
	return NULL;
}

bool past_set(struct past *past, const struct past_device *device)
{
	size_t place = 0;

	while (place < past->count && past->devices[place].number != device->number)
		place++;
	if (place == PAST_DEVICES_MAX)
		return false;
	past->devices[place] = *device;
	if (place == past->count)
		past->count++;
	return true;
}
