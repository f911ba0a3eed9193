// SPDX-License-Identifier: GPL-2.0-or-later
#include "wrap.h"
#include <string.h>

void print_wrapped(FILE *out, const char *text, int column, int width)
{
	int at = column;

	for (; *text; text += strspn(text, " ")) {
		int length = (int)strcspn(text, " ");

		if (at > column && at + 1 + length > width) {
			fprintf(out, "\n%*s", column, "");
			at = column;
		} else if (at > column) {
			fputc(' ', out);
			at++;
		}
		fprintf(out, "%.*s", length, text);
		at += length;
		text += length;
	}
	fputc('\n', out);
}
