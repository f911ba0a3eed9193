// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints a word, which the build chooses. */
#include <stdio.h>

int main(void)
{
	puts(WORD);
	return 0;
}
