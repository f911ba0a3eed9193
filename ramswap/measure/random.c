// SPDX-License-Identifier: GPL-2.0-or-later
#include "random.h"
#include <string.h>
#include <sys/random.h>
#include "times.h"

__u64 measure_random_seed(void)
{
	__u64 seed;

	/* Early at boot the kernel may not have any yet; for an order the time is good enough. */
	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) != sizeof(seed))
		seed = measure_now();
	return seed;
}

__u64 measure_random(__u64 *state)
{
	__u64 number = *state += 0x9e3779b97f4a7c15;

	number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9;
	number = (number ^ (number >> 27)) * 0x94d049bb133111eb;
	return number ^ (number >> 31);
}

__u64 measure_random_below(__u64 *state, __u64 bound)
{
	/* The bias is one in 2^64 / bound. */
	return measure_random(state) % bound;
}

void measure_random_order(__u64 *state, __u32 *order, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t place = measure_random_below(state, i + 1);

		if (place != i)
			order[i] = order[place];
		order[place] = (__u32)i;
	}
}

void measure_random_page(__u64 seed, void *page, size_t size)
{
	__u64 *words = page;

	for (size_t i = 0; i < size / sizeof(*words) / 2; i++)
		words[i] = measure_random(&seed);
	memset((char *)page + size / 2, 0, size - size / 2);
}
