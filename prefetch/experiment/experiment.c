// SPDX-License-Identifier: GPL-2.0-or-later
#include "experiment.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef UFFD_USER_MODE_ONLY
#define UFFD_USER_MODE_ONLY 1
#endif

/* The size of a page of the processor. */
enum { PAGE = 4096 };

#define CODE(...) (const __u8[]){ __VA_ARGS__ }, sizeof((const __u8[]){ __VA_ARGS__ })

const struct experiment_code experiment_codes[] = {
	{ "prefetcht0", CODE(0x0f, 0x18, 0x08), 0 },
	{ "prefetchnta", CODE(0x0f, 0x18, 0x00), 0 },
	{ "prefetchw", CODE(0x0f, 0x0d, 0x08), 0 },
	{ "prefetch", CODE(0x0f, 0x0d, 0x00), 0 },
	{ "prefetcht0, prefixed", CODE(0x3e, 0x66, 0x0f, 0x18, 0x08), 0 },
	{ "prefetcht0, over two pages", CODE(0x0f, 0x18, 0x08), 2 },
	{ "a load", CODE(0x0f, 0xb6, 0x00), 0 },
};
const size_t experiment_code_count = sizeof(experiment_codes) / sizeof(*experiment_codes);
const size_t experiment_prefetch_count = sizeof(experiment_codes) / sizeof(*experiment_codes) - 1;

/* What the child has, and what it ends with. */
enum { CHILD_MENDED, CHILD_SIGNAL, CHILD_WRONG_SIGNAL, CHILD_FAILED = 16 };

/* What can fail, by what the child ends with behind CHILD_FAILED, and errno behind that in the pipe. */
static const char *const steps[] = {
	"userfaultfd",
	"memory for the fault",
	"memory for code",
	"userfaultfd's registration",
	"a thread",
	"a handler of SIGSEGV",
};
enum { STEP_USERFAULTFD, STEP_MEMORY, STEP_CODE, STEP_REGISTER, STEP_THREAD, STEP_HANDLER };

struct trial {
	const struct experiment_code *code;
	int userfault, report;
	__u8 *victim; /* the page that is missing */
	__u8 *text; /* two pages of code */
	__u8 *instruction; /* in it */
};

/* For the handler. */
static const __u8 *expected_address;
static int (*first_handler)(const void *info, const void *context);

static void fail(const struct trial *trial, int step)
{
	int reason = errno;
	ssize_t size = write(trial->report, &reason, sizeof(reason));

	(void)size;
	_exit(CHILD_FAILED + step);
}

static void *change_the_code(void *argument)
{
	struct trial *trial = argument;
	struct pollfd wait = { .fd = trial->userfault, .events = POLLIN };
	struct uffd_msg message;
	struct uffdio_range range = { .start = (uintptr_t)trial->victim, .len = PAGE };

	poll(&wait, 1, -1);
	if (read(trial->userfault, &message, sizeof(message)) != sizeof(message))
		_exit(CHILD_FAILED + STEP_REGISTER);
	memcpy(trial->instruction, trial->code->bytes, trial->code->size);
	munmap(trial->victim, PAGE);
	/* The removal alone wakes nobody. */
	ioctl(trial->userfault, UFFDIO_WAKE, &range);
	return NULL;
}

static void look_at_signal(int number, siginfo_t *info, void *context)
{
	(void)number;
	if (first_handler && first_handler(info, context))
		return;
	_exit(info->si_code == SEGV_MAPERR && info->si_addr == expected_address ? CHILD_SIGNAL : CHILD_WRONG_SIGNAL);
}

/*
 * The load, behind as many no-operations as the prefetch has prefixes more; then a return. Until it is
 * changed it is valid code of the same size.
 */
static void write_code(struct trial *trial)
{
	static const __u8 load[] = { 0x0f, 0xb6, 0x00 };
	__u8 *at = trial->text + (trial->code->at ? PAGE - trial->code->at : 0);

	trial->instruction = at;
	/* Segment prefixes, which mean nothing to it. */
	memset(at, 0x3e, (size_t)trial->code->size - sizeof(load));
	memcpy(at + trial->code->size - sizeof(load), load, sizeof(load));
	at[trial->code->size] = 0xc3;
}

static void prepare(struct trial *trial)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register area = { .mode = UFFDIO_REGISTER_MODE_MISSING };

	/* Faults of user space alone: the right that everybody has. Before 5.11 that was not known. */
	trial->userfault = (int)syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);
	if (trial->userfault < 0 && errno == EINVAL)
		trial->userfault = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
	if (trial->userfault < 0 || ioctl(trial->userfault, UFFDIO_API, &api))
		fail(trial, STEP_USERFAULTFD);
	trial->victim = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (trial->victim == MAP_FAILED)
		fail(trial, STEP_MEMORY);
	trial->text = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (trial->text == MAP_FAILED)
		fail(trial, STEP_CODE);
	area.range.start = (uintptr_t)trial->victim;
	area.range.len = PAGE;
	if (ioctl(trial->userfault, UFFDIO_REGISTER, &area))
		fail(trial, STEP_REGISTER);
}

/* The operand is where the code finds it: in RAX. */
static void call(const __u8 *code, const __u8 *operand)
{
	unsigned long result = (uintptr_t)operand;

	__asm__ volatile("call *%1" : "+a"(result) : "r"(code) : "memory", "cc");
}

static void be_the_child(struct trial *trial)
{
	struct sigaction action = { .sa_sigaction = look_at_signal, .sa_flags = SA_SIGINFO };
	pthread_t changer;

	prepare(trial);
	write_code(trial);
	expected_address = trial->victim;
	if (sigaction(SIGSEGV, &action, NULL))
		fail(trial, STEP_HANDLER);
	if (pthread_create(&changer, NULL, change_the_code, trial))
		fail(trial, STEP_THREAD);
	call(trial->instruction, trial->victim);
	_exit(CHILD_MENDED);
}

static enum experiment_result result_of(int status, int report, const char **reason)
{
	int why = EIO;

	*reason = NULL;
	if (WIFEXITED(status) && WEXITSTATUS(status) < CHILD_FAILED)
		return (enum experiment_result)WEXITSTATUS(status);
	if (WIFSIGNALED(status))
		return EXPERIMENT_WRONG_SIGNAL;
	*reason = steps[(size_t)(WEXITSTATUS(status) - CHILD_FAILED) % (sizeof(steps) / sizeof(*steps))];
	if (read(report, &why, sizeof(why)) != sizeof(why))
		why = EIO;
	errno = why;
	return EXPERIMENT_FAILED;
}

enum experiment_result experiment_run(const struct experiment_code *code,
	int (*handle_fault)(const void *info, const void *context), const char **reason)
{
	struct trial trial = { .code = code };
	enum experiment_result result;
	int ends[2], status;
	pid_t child;

	*reason = "a process";
	if (pipe2(ends, O_CLOEXEC))
		return EXPERIMENT_FAILED;
	trial.report = ends[1];
	first_handler = handle_fault;
	child = fork();
	if (!child) {
		/* Should it hang, it ends. */
		alarm(20);
		be_the_child(&trial);
	}
	close(ends[1]);
	result = EXPERIMENT_FAILED;
	if (child > 0 && waitpid(child, &status, 0) == child)
		result = result_of(status, ends[0], reason);
	close(ends[0]);
	return result;
}
