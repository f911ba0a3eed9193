// SPDX-License-Identifier: GPL-2.0-or-later
#include "killed.h"
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static bool changes_something(const struct __ptrace_syscall_info *info)
{
	switch (info->entry.nr) {
#ifdef SYS_mkdir
	case SYS_mkdir:
	case SYS_rmdir:
	case SYS_rename:
	case SYS_unlink:
	case SYS_symlink:
	case SYS_link:
#endif
	case SYS_mkdirat:
	case SYS_renameat:
	case SYS_renameat2:
	case SYS_unlinkat:
	case SYS_symlinkat:
	case SYS_linkat:
	case SYS_write:
	case SYS_fsync:
	case SYS_fchmod:
	case SYS_ftruncate:
		return true;
	case SYS_openat:
		return info->entry.args[2] & O_CREAT;
	}
	return false;
}

/* Lets the child run until it has made so many of these calls, and kills it before the next; false: it ended before. */
static bool kill_at(pid_t child, unsigned int count)
{
	bool is_entry = true;
	int status;

	while (waitpid(child, &status, 0) == child && !WIFEXITED(status) && !WIFSIGNALED(status)) {
		struct __ptrace_syscall_info info = { 0 };

		if (WSTOPSIG(status) == (SIGTRAP | 0x80)) {
			ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof(info), &info);
			is_entry = info.op == PTRACE_SYSCALL_INFO_ENTRY;
			if (is_entry && changes_something(&info) && !count--) {
				kill(child, SIGKILL);
				waitpid(child, &status, 0);
				return true;
			}
		}
		ptrace(PTRACE_SYSCALL, child, 0, 0);
	}
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	return false;
}

bool killed_before(unsigned int count, int (*act)(void *closure), void *closure)
{
	pid_t child = fork();
	int status;

	if (!child) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		_exit(act(closure) ? 1 : 0);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(ptrace(PTRACE_SETOPTIONS, child, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL), 0);
	ptrace(PTRACE_SYSCALL, child, 0, 0);
	return kill_at(child, count);
}
