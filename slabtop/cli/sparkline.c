// SPDX-License-Identifier: GPL-2.0-or-later
#include "sparkline.h"
#include <string.h>

size_t draw_sparkline(char *text, const __u64 *values, size_t count, bool is_utf8)
{
	static const char ascii[] = "_.-=^";
	const size_t heights = is_utf8 ? 8 : sizeof(ascii) - 1;
	__u64 least = (__u64)-1, greatest = 0;
	char *out = text;

	for (size_t i = 0; i < count; i++) {
		least = values[i] < least ? values[i] : least;
		greatest = values[i] > greatest ? values[i] : greatest;
	}
	for (size_t i = 0; i < count; i++) {
		double part = greatest > least
				      ? (double)(values[i] - least) / (double)(greatest - least)
				      : 0;
		size_t height = (size_t)(part * ((double)heights - 1) + 0.5);

		if (is_utf8) { /* U+2581 and up */
			memcpy(out, "\xe2\x96\x81", 3);
			out[2] = (char)(out[2] + (char)height);
			out += 3;
		} else {
			*out++ = ascii[height];
		}
	}
	*out = '\0';
	return (size_t)(out - text);
}
