// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Page faults, and how long each takes: those that succeed, and those that end in a signal, at a MOVZX and at a
 * MOV with a prefix.
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

static void read_byte(void)
{
	__asm__ volatile("movzbl (%0), %%eax" : : "r"(8L) : "eax");
}

static void read_long(void)
{
	__asm__ volatile("movq (%0), %%rax" : : "r"(8L) : "rax");
}

/* Nanoseconds a fault. */
static double signals(void (*fault)(void))
{
	double begun = now();
	volatile int i;

	for (i = 0; i < SIGNALS; i++)
		if (!sigsetjmp(back, 0))
			fault();
	return (now() - begun) / SIGNALS;
}

int main(void)
{
	struct sigaction action = { .sa_handler = handle, .sa_flags = SA_NODEFER };
	volatile char *memory;
	double begun, pages;

	sigaction(SIGSEGV, &action, NULL);
	begun = now();
	for (int round = 0; round < 10; round++) {
		memory = mmap(NULL, PAGES * 4096L, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		for (int page = 0; page < PAGES; page++)
			memory[page * 4096L] = 1;
		munmap((void *)memory, PAGES * 4096L);
	}
	pages = now() - begun;
	printf("%.1f %.1f %.1f\n", pages / (10.0 * PAGES), signals(read_byte), signals(read_long));
	return 0;
}
