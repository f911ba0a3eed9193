/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers as text, for what is written with every message: printf(3) takes several times as long. */
#ifndef KERNKIT_NETCON_DIGITS_H
#define KERNKIT_NETCON_DIGITS_H

#include <linux/types.h>

/*
 * Writes the number, decimal, with pad before it until it has width characters, at text, which has room for 20 or for
 * width, whichever is more. Returns where it ends; there is no '\0'.
 */
static inline char *put_digits(char *text, __u64 number, unsigned int width, char pad)
{
	char digits[20];
	unsigned int count = 0;

	do {
		digits[count++] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	for (; width > count; width--)
		*text++ = pad;
	while (count)
		*text++ = digits[--count];
	return text;
}

#endif
