/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes that grow at their end. */
#ifndef KERNKIT_NETCON_BYTES_H
#define KERNKIT_NETCON_BYTES_H

#include <stdbool.h>
#include <stddef.h>

/* All zero: empty. */
struct bytes {
	char *bytes;
	size_t size, room;
	bool is_short; /* memory was short: something is missing; until bytes_clear */
};

/* Room for so many more bytes, at the end; NULL: memory is short. What is written there counts when size has grown. */
char *bytes_reserve(struct bytes *to, size_t size);

void bytes_add(struct bytes *to, const void *bytes, size_t size);

/* What printf(3) makes of it, without a '\0'. */
void bytes_print(struct bytes *to, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Empty again; the memory stays. */
void bytes_clear(struct bytes *to);

void bytes_free(struct bytes *to);

#endif
