// SPDX-License-Identifier: GPL-2.0-or-later
#include "supervisor.h"
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../fault/fault.h"
#include "../fault/registers.h"

/* A thread that had a fault at a prefetch. */
struct thread {
	pid_t id;
	struct fault_repeats repeats;
};

struct supervisor {
	const struct supervisor_report *report;
	struct thread *threads;
	size_t count, room;
	__u64 mended;
};

/* NULL: memory is short. */
static struct thread *thread_of(struct supervisor *supervisor, pid_t id)
{
	struct thread *thread;

	for (size_t i = 0; i < supervisor->count; i++)
		if (supervisor->threads[i].id == id)
			return &supervisor->threads[i];
	if (supervisor->count == supervisor->room) {
		size_t room = supervisor->room ? 2 * supervisor->room : 8;
		struct thread *threads = reallocarray(supervisor->threads, room, sizeof(*threads));

		if (!threads)
			return NULL;
		supervisor->threads = threads;
		supervisor->room = room;
	}
	thread = &supervisor->threads[supervisor->count++];
	memset(thread, 0, sizeof(*thread));
	thread->id = id;
	return thread;
}

static void forget_thread(struct supervisor *supervisor, pid_t id)
{
	for (size_t i = 0; i < supervisor->count; i++)
		if (supervisor->threads[i].id == id) {
			supervisor->threads[i] = supervisor->threads[--supervisor->count];
			return;
		}
}

/* How many bytes at the address could be read. Word by word, so that what is behind the end of a page does not matter. */
static size_t read_code(pid_t id, __u64 address, __u8 bytes[PREFETCH_LENGTH_MAX])
{
	const size_t size = sizeof(long);
	__u64 at = address & ~(__u64)(size - 1);
	size_t used = 0;

	for (; used < PREFETCH_LENGTH_MAX; at += size) {
		size_t skipped = at < address ? (size_t)(address - at) : 0, part = size - skipped;
		long word;

		errno = 0;
		word = ptrace(PTRACE_PEEKTEXT, id, (void *)(unsigned long)at, NULL);
		if (errno)
			break;
		if (part > PREFETCH_LENGTH_MAX - used)
			part = PREFETCH_LENGTH_MAX - used;
		memcpy(bytes + used, (const char *)&word + skipped, part);
		used += part;
	}
	return used;
}

/* Whether the signal that the thread is about to get is that of a page fault: and of which. */
static bool read_fault(pid_t id, struct page_fault *fault)
{
	__u8 registers[REGISTERS_SIZE_MAX];
	struct iovec vector = { registers, sizeof(registers) };
	siginfo_t info;

	if (ptrace(PTRACE_GETSIGINFO, id, NULL, &info) || !fault_is_of_page(info.si_signo, info.si_code) ||
		ptrace(PTRACE_GETREGSET, id, (void *)NT_PRSTATUS, &vector))
		return false;
	fault->address = (unsigned long)info.si_addr;
	return registers_read(fault, registers, vector.iov_len);
}

/* The signal that the thread is to get: 0 if its fault is mended. */
static int signal_after_fault(struct supervisor *supervisor, pid_t id, int number)
{
	const struct supervisor_report *report = supervisor->report;
	struct page_fault fault;
	struct prefetch prefetch;
	struct thread *thread;
	__u8 bytes[PREFETCH_LENGTH_MAX];
	size_t size;

	if (!read_fault(id, &fault))
		return number;
	size = read_code(id, fault.registers.ip, bytes);
	if (!fault_is_of_prefetch(&fault, bytes, size, &prefetch))
		return number;
	thread = thread_of(supervisor, id);
	if (!thread || !fault_may_repeat(&thread->repeats, &fault)) {
		if (report && report->given_up)
			report->given_up(id, &prefetch, fault.registers.ip, fault.address);
		return number;
	}
	supervisor->mended++;
	if (report && report->mended)
		report->mended(id, &prefetch, fault.registers.ip, fault.address);
	return 0;
}

static bool stops_a_process(int number)
{
	return number == SIGSTOP || number == SIGTSTP || number == SIGTTIN || number == SIGTTOU;
}

/* One that has stopped goes on. */
static void resume(struct supervisor *supervisor, pid_t id, int status)
{
	int number = WSTOPSIG(status), event = status >> 16;

	/* Stopped by job control: it stays so, and SIGCONT is noticed. */
	if (event == PTRACE_EVENT_STOP && stops_a_process(number)) {
		ptrace(PTRACE_LISTEN, id, NULL, NULL);
		return;
	}
	if (event)
		number = 0;
	else if (number == SIGSEGV || number == SIGBUS)
		number = signal_after_fault(supervisor, id, number);
	ptrace(PTRACE_CONT, id, NULL, (void *)(long)number);
}

static void supervise(struct supervisor *supervisor)
{
	for (;;) {
		int status;
		pid_t id = waitpid(-1, &status, __WALL);

		if (id < 0 && errno == EINTR)
			continue;
		if (id < 0)
			break;
		if (WIFSTOPPED(status))
			resume(supervisor, id, status);
		else
			forget_thread(supervisor, id);
	}
	if (supervisor->report && supervisor->report->ended)
		supervisor->report->ended(supervisor->mended);
}

/* Nothing of the program's: no terminal, no folder, no pipe whose reader would wait for its end. */
static void let_go(int answer, bool keeps_stderr)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	setsid();
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	if (chdir("/"))
		return;
	dup2(null, 0);
	dup2(null, 1);
	if (!keeps_stderr)
		dup2(null, 2);
	dup2(answer, 3);
	close_range(4, ~0U, 0);
	prctl(PR_SET_NAME, "prefetch-run");
}

static _Noreturn void be_the_supervisor(pid_t program, int answer, const struct supervisor_report *report)
{
	const unsigned long wanted = PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE;
	struct supervisor supervisor = { .report = report };
	int err;

	let_go(answer, report);
	err = ptrace(PTRACE_SEIZE, program, NULL, (void *)wanted) ? errno : 0;
	if (write(3, &err, sizeof(err)) == sizeof(err) && !err) {
		close(3);
		supervise(&supervisor);
	}
	_exit(0);
}

int supervise_this_process(const struct supervisor_report *report)
{
	int answer[2], err = 0, status;
	pid_t program = getpid(), between;

	if (pipe2(answer, O_CLOEXEC))
		return -errno;
	/* Where Yama lets only ancestors trace. */
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
	/* Without a signal at its end, which the program would get if it has SIGCHLD blocked. */
	between = (pid_t)syscall(SYS_clone, 0UL, NULL, NULL, NULL, 0UL);
	if (!between) {
		pid_t supervisor = fork();

		if (!supervisor)
			be_the_supervisor(program, answer[1], report);
		if (supervisor < 0) {
			err = errno;
			status = (int)write(answer[1], &err, sizeof(err));
		}
		_exit(0);
	}
	if (between < 0)
		err = errno;
	close(answer[1]);
	while (between > 0 && waitpid(between, &status, __WALL) < 0 && errno == EINTR)
		;
	/* It ends without a word if it was killed. */
	if (!err && read(answer[0], &err, sizeof(err)) != sizeof(err))
		err = ESRCH;
	close(answer[0]);
	prctl(PR_SET_PTRACER, 0, 0, 0, 0);
	return -err;
}
