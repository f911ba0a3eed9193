// SPDX-License-Identifier: GPL-2.0-or-later
#include "bytes.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *bytes_reserve(struct bytes *to, size_t size)
{
	size_t room = to->room ? to->room : 1024;
	char *bytes;

	while (room - to->size < size)
		room *= 2;
	if (room == to->room)
		return to->bytes + to->size;
	bytes = realloc(to->bytes, room);
	if (!bytes) {
		to->is_short = true;
		return NULL;
	}
	to->bytes = bytes;
	to->room = room;
	return to->bytes + to->size;
}

void bytes_add(struct bytes *to, const void *bytes, size_t size)
{
	char *place = bytes_reserve(to, size);

	if (!place || !size)
		return;
	memcpy(place, bytes, size);
	to->size += size;
}

void bytes_print(struct bytes *to, const char *format, ...)
{
	va_list arguments, again;
	char *place;
	int size;

	va_start(arguments, format);
	va_copy(again, arguments);
	size = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	place = size < 0 ? NULL : bytes_reserve(to, (size_t)size + 1);
	if (place) {
		vsnprintf(place, (size_t)size + 1, format, again);
		to->size += (size_t)size;
	} else {
		to->is_short = true;
	}
	va_end(again);
}

void bytes_clear(struct bytes *to)
{
	to->size = 0;
	to->is_short = false;
}

void bytes_free(struct bytes *to)
{
	free(to->bytes);
	*to = (struct bytes){ 0 };
}
