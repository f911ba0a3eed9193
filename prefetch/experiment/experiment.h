/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes the kernel judge a page fault whose instruction is a PREFETCH, on any x86 processor.
 *
 * A load faults on a page that userfaultfd(2) has; while the thread waits, another thread writes a PREFETCH over
 * the load, removes the page and ends the wait. The kernel tries again, finds no page, and looks at the
 * instruction: as if the processor had reported a fault for the PREFETCH.
 */
#ifndef PREFETCH_EXPERIMENT_H
#define PREFETCH_EXPERIMENT_H

#include <stdbool.h>
#include <linux/types.h>

/* What to put in place of the load. */
struct experiment_code {
	const char *name;
	const __u8 *bytes;
	__u8 size; /* the operand is (%rax) */
	__u8 at; /* where in the page the instruction begins, before its end; 0: at its beginning */
	bool is_prefetch;
	bool is_of_file; /* the page lies behind the end of a file: SIGBUS; otherwise it is nowhere: SIGSEGV */
};

enum experiment_result {
	EXPERIMENT_MENDED, /* the instruction ran again, and nothing was to be seen */
	EXPERIMENT_SIGNAL, /* the signal that a fault there has, with its address and its code */
	EXPERIMENT_WRONG_SIGNAL, /* another signal, or one with something else in it */
	EXPERIMENT_FAILED, /* could not be made */
};

/* Those to try: prefetches of each form, and loads, which are to have their signals. */
enum { EXPERIMENT_CODES = 9 };
extern const struct experiment_code experiment_codes[EXPERIMENT_CODES];

/*
 * Makes such a fault in this thread: returns 0 if that was mended, and the thread has gone on. *address is
 * where the fault is, set before it. A negative errno: it could not be made, *step being what failed.
 */
int experiment_cause(const struct experiment_code *code, const void *volatile *address, const char **step);

/*
 * Runs one of them in a child process. A program that wants to try its own handler gives handle_fault: it
 * is called with the second and third argument of a handler, and returns whether to go on; NULL: none.
 * *reason is what could not be done if the result is EXPERIMENT_FAILED, with errno; NULL otherwise.
 */
enum experiment_result experiment_run(const struct experiment_code *code,
	int (*handle_fault)(const void *info, const void *context), const char **reason);

#endif
