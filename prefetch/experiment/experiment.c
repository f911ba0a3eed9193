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
	{ "prefetcht0", CODE(0x0f, 0x18, 0x08), 0, true, false },
	{ "prefetchnta", CODE(0x0f, 0x18, 0x00), 0, true, false },
	{ "prefetchw", CODE(0x0f, 0x0d, 0x08), 0, true, false },
	{ "prefetch", CODE(0x0f, 0x0d, 0x00), 0, true, false },
	{ "prefetcht0, prefixed", CODE(0x3e, 0x66, 0x0f, 0x18, 0x08), 0, true, false },
	{ "prefetcht0, over two pages", CODE(0x0f, 0x18, 0x08), 2, true, false },
	{ "prefetcht0, behind the end of a file", CODE(0x0f, 0x18, 0x08), 0, true, true },
	{ "a load", CODE(0x0f, 0xb6, 0x00), 0, false, false },
	{ "a load, behind the end of a file", CODE(0x0f, 0xb6, 0x00), 0, false, true },
};

struct trial {
	const struct experiment_code *code;
	int userfault;
	int file; /* an empty one */
	__u8 *victim; /* the page that is missing */
	__u8 *text; /* two pages of code */
	__u8 *instruction; /* in it */
};

static void *change_the_code(void *argument)
{
	struct trial *trial = argument;
	struct pollfd wait = { .fd = trial->userfault, .events = POLLIN };
	struct uffd_msg message;
	struct uffdio_range range = { .start = (uintptr_t)trial->victim, .len = PAGE };

	while (poll(&wait, 1, -1) < 0 || read(trial->userfault, &message, sizeof(message)) != sizeof(message))
		;
	memcpy(trial->instruction, trial->code->bytes, trial->code->size);
	if (trial->code->is_of_file)
		mmap(trial->victim, PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, trial->file, 0);
	else
		munmap(trial->victim, PAGE);
	/* The removal alone wakes nobody. */
	ioctl(trial->userfault, UFFDIO_WAKE, &range);
	return NULL;
}

/* The load, with as many prefixes that mean nothing as make it as long as the other; then a return. */
static void write_code(struct trial *trial)
{
	static const __u8 load[] = { 0x0f, 0xb6, 0x00 };
	__u8 *at = trial->text + (trial->code->at ? PAGE - trial->code->at : 0);

	trial->instruction = at;
	memset(at, 0x3e, (size_t)trial->code->size - sizeof(load));
	memcpy(at + trial->code->size - sizeof(load), load, sizeof(load));
	at[trial->code->size] = 0xc3;
}

/*
 * A page where the kernel puts nothing by itself: once removed, nothing else comes to be there before the thread
 * tries again.
 */
static void *map_apart(void)
{
	static _Atomic uintptr_t count;
#if UINTPTR_MAX > 0xffffffff
	const uintptr_t begin = 0x100000000000;
#else
	const uintptr_t begin = 0x20000000;
#endif
	void *page = MAP_FAILED;

	for (int tries = 0; page == MAP_FAILED && tries < 64; tries++)
		page = mmap((void *)(begin + 16 * PAGE * (count++ % 4096)), PAGE, PROT_READ,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	return page;
}

/* 0 or -1 with errno; *step is what is being done. */
static int prepare(struct trial *trial, const char **step)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register area = { .mode = UFFDIO_REGISTER_MODE_MISSING };

	*step = "userfaultfd";
	/* Faults of user space alone: the right that everybody has. Before 5.11 that was not known. */
	trial->userfault = (int)syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);
	if (trial->userfault < 0 && errno == EINVAL)
		trial->userfault = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
	if (trial->userfault < 0 || ioctl(trial->userfault, UFFDIO_API, &api))
		return -1;
	*step = "memory that is missing";
	trial->victim = map_apart();
	area.range.start = (uintptr_t)trial->victim;
	area.range.len = PAGE;
	if (trial->victim == MAP_FAILED || ioctl(trial->userfault, UFFDIO_REGISTER, &area))
		return -1;
	*step = "a file";
	trial->file = memfd_create("prefetch", MFD_CLOEXEC);
	if (trial->file < 0)
		return -1;
	*step = "memory for code that changes";
	trial->text = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return trial->text == MAP_FAILED ? -1 : 0;
}

/* The operand is where the code finds it: in RAX. */
static void call(const __u8 *code, const __u8 *operand)
{
	unsigned long result = (uintptr_t)operand;

	__asm__ volatile("call *%1" : "+a"(result) : "r"(code) : "memory", "cc");
}

static int cause(struct trial *trial, const void *volatile *address, const char **step)
{
	pthread_t changer;
	int err;

	if (prepare(trial, step))
		return -errno;
	write_code(trial);
	*address = trial->victim;
	*step = "a thread";
	err = pthread_create(&changer, NULL, change_the_code, trial);
	if (err)
		return -err;
	call(trial->instruction, trial->victim);
	pthread_join(changer, NULL);
	return 0;
}

int experiment_cause(const struct experiment_code *code, const void *volatile *address, const char **step)
{
	struct trial trial = { .code = code, .userfault = -1, .file = -1, .victim = MAP_FAILED, .text = MAP_FAILED };
	int err = cause(&trial, address, step);

	if (trial.userfault >= 0)
		close(trial.userfault);
	if (trial.file >= 0)
		close(trial.file);
	if (trial.victim != MAP_FAILED)
		munmap(trial.victim, PAGE);
	if (trial.text != MAP_FAILED)
		munmap(trial.text, 2 * PAGE);
	return err;
}

/* Of the child's: what it tries, where the fault is, and who may handle it. */
static const struct experiment_code *tried;
static const void *volatile expected_address;
static int (*first_handler)(const void *info, const void *context);

static void look_at_signal(int number, siginfo_t *info, void *context)
{
	bool is_right = tried->is_of_file ? number == SIGBUS && info->si_code == BUS_ADRERR :
					    number == SIGSEGV && info->si_code == SEGV_MAPERR;

	if (first_handler && first_handler(info, context))
		return;
	_exit(is_right && info->si_addr == expected_address ? EXPERIMENT_SIGNAL : EXPERIMENT_WRONG_SIGNAL);
}

/* What the child could not do. */
struct failure {
	const char *step; /* the same address in both processes */
	int number;
};

static _Noreturn void be_the_child(const struct experiment_code *code, int report)
{
	struct sigaction action = { .sa_sigaction = look_at_signal, .sa_flags = SA_SIGINFO };
	struct failure failure = { 0 };
	ssize_t size;
	int err;

	/* Should it hang, it ends. */
	alarm(20);
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
	tried = code;
	err = experiment_cause(code, &expected_address, &failure.step);
	if (!err)
		_exit(EXPERIMENT_MENDED);
	failure.number = -err;
	size = write(report, &failure, sizeof(failure));
	(void)size;
	_exit(EXPERIMENT_FAILED);
}

static enum experiment_result result_of(int status, int report, const char **reason)
{
	struct failure failure;

	*reason = NULL;
	if (!WIFEXITED(status))
		return EXPERIMENT_WRONG_SIGNAL;
	if (WEXITSTATUS(status) != EXPERIMENT_FAILED)
		return (enum experiment_result)WEXITSTATUS(status);
	if (read(report, &failure, sizeof(failure)) != sizeof(failure))
		failure = (struct failure){ "a process", EIO };
	*reason = failure.step;
	errno = failure.number;
	return EXPERIMENT_FAILED;
}

enum experiment_result experiment_run(const struct experiment_code *code,
	int (*handle_fault)(const void *info, const void *context), const char **reason)
{
	enum experiment_result result = EXPERIMENT_FAILED;
	int ends[2], status;
	pid_t child;

	*reason = "a process";
	if (pipe2(ends, O_CLOEXEC))
		return EXPERIMENT_FAILED;
	first_handler = handle_fault;
	child = fork();
	if (!child)
		be_the_child(code, ends[1]);
	close(ends[1]);
	if (child > 0 && waitpid(child, &status, 0) == child)
		result = result_of(status, ends[0], reason);
	close(ends[0]);
	return result;
}
