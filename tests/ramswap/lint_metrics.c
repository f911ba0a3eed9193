// SPDX-License-Identifier: GPL-2.0-or-later
/* lint-metrics: whether standard input is good metrics, and how many; exit code 1: it is not, and why. */
#include <stdio.h>
#include <stdlib.h>
#include "metrics.h"

int main(void)
{
	char *text = NULL, problem[512] = "memory is short";
	size_t room = 0, samples;
	bool is_good;

	if (getdelim(&text, &room, '\0', stdin) < 0) {
		puts("there is nothing");
		return 1;
	}
	is_good = metrics_are_good(text, &samples, problem);
	if (is_good)
		printf("%zu samples\n", samples);
	else
		puts(problem);
	free(text);
	return !is_good;
}
