// SPDX-License-Identifier: GPL-2.0-or-later
#include "nearest.h"
#include <string.h>

enum { LENGTH_MAX = 32 }; /* longer names are not compared */

static size_t least_of(size_t one, size_t other)
{
	return one < other ? one : other;
}

static size_t distance_between(const char *a, const char *b)
{
	size_t length_a = strlen(a), length_b = strlen(b);
	size_t cost[LENGTH_MAX + 1][LENGTH_MAX + 1]; /* of making a's first i letters b's first j */

	for (size_t i = 0; i <= length_a; i++)
		cost[i][0] = i;
	for (size_t j = 0; j <= length_b; j++)
		cost[0][j] = j;
	for (size_t i = 1; i <= length_a; i++) {
		for (size_t j = 1; j <= length_b; j++) {
			cost[i][j] = least_of(least_of(cost[i - 1][j], cost[i][j - 1]) + 1,
				cost[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				cost[i][j] = least_of(cost[i][j], cost[i - 2][j - 2] + 1);
		}
	}
	return cost[length_a][length_b];
}

void nearest_try(struct nearest *nearest, const char *name)
{
	size_t length = strlen(nearest->word), distance;

	if (length > LENGTH_MAX || strlen(name) > LENGTH_MAX)
		return;
	distance = distance_between(nearest->word, name);
	if (distance > (length + 2) / 3 || distance >= length ||
		(nearest->name && distance >= nearest->distance))
		return;
	nearest->name = name;
	nearest->distance = distance;
}
