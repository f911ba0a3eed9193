// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Page faults, and how long each takes: those that succeed, and those that end in a signal.
 *
 *   faults
 */
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <time.h>

enum { PAGES = 2048, SIGNALS = 20000 };

static sigjmp_buf back;

static void handle(int number)
{
	(void)number;
	siglongjmp(back, 1);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

int main(void)
{
	struct sigaction action = { .sa_handler = handle, .sa_flags = SA_NODEFER };
	volatile char *memory, *volatile nowhere = (volatile char *)8;
	double begun, pages;
	volatile int i;

	sigaction(SIGSEGV, &action, NULL);
	begun = now();
	for (int round = 0; round < 10; round++) {
		memory = mmap(NULL, PAGES * 4096L, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		for (int page = 0; page < PAGES; page++)
			memory[page * 4096L] = 1;
		munmap((void *)memory, PAGES * 4096L);
	}
	pages = now() - begun;
	begun = now();
	for (i = 0; i < SIGNALS; i++)
		if (!sigsetjmp(back, 0))
			*nowhere;
	printf("%.1f %.1f\n", pages / (10.0 * PAGES), (now() - begun) / SIGNALS);
	return 0;
}
