// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Prints how often a second this machine's time stamp counter ticks, in kHz: an emulated processor has the
 * same counter. For the guest's kernel parameter tsc_early_khz: on a busy host the kernel's own look at its
 * timers can be wrong by an order of magnitude, and so are then all of its clocks. 0, which makes it look for
 * itself, where there is no such counter.
 */
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#ifdef __x86_64__
#include <x86intrin.h>
#else
#define __rdtsc() 0
#endif

struct moment {
	double seconds;
	uint64_t ticks;
};

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC_RAW, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Both clocks at one moment: of a thousand tries the one that was interrupted least. */
static struct moment look(void)
{
	struct moment moment = { 0 };
	double least = 1;

	for (int i = 0; i < 1000; i++) {
		double before = now();
		uint64_t ticks = __rdtsc();
		double took = now() - before;

		if (took >= least)
			continue;
		least = took;
		moment = (struct moment){ before + took / 2, ticks };
	}
	return moment;
}

int main(void)
{
	const struct timespec pause = { .tv_nsec = 100000000 };
	struct moment first = look(), last;

	nanosleep(&pause, NULL);
	last = look();
	printf("%.0f\n", (double)(last.ticks - first.ticks) / (last.seconds - first.seconds) / 1000);
	return 0;
}
