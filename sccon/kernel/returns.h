/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Some firmware, OpenSBI for one, sends a carriage return before each line feed by itself. So that "\r\n" is not made
 * "\r\r\n", it gets the line feed alone. Compiled for user space, too, where it is tested.
 */
#ifndef SCCON_RETURNS_H
#define SCCON_RETURNS_H

/*
 * Copies bytes to out without each carriage return that a line feed follows. Returns how many bytes out has; *used is how
 * many of bytes they stand for. A carriage return at the end is left for later, when it is known what follows, unless there
 * is nothing else.
 */
static inline unsigned int sccon_without_returns(
	const unsigned char *bytes, unsigned int count, unsigned char *out, unsigned int *used)
{
	unsigned int length = 0;

	if (count > 1 && bytes[count - 1] == '\r')
		count--;
	for (unsigned int i = 0; i < count; i++)
		if (bytes[i] != '\r' || i + 1 == count || bytes[i + 1] != '\n')
			out[length++] = bytes[i];
	*used = count;
	return length;
}

/* How many of bytes the firmware has taken that took so many of out, not all. */
static inline unsigned int sccon_with_returns(const unsigned char *bytes, unsigned int count, unsigned int taken)
{
	unsigned int i;

	for (i = 0; i < count && taken; i++)
		if (bytes[i] != '\r' || i + 1 == count || bytes[i + 1] != '\n')
			taken--;
	return i;
}

#endif
