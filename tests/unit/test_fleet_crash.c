// SPDX-License-Identifier: GPL-2.0-or-later
/* A process that takes a set is killed at each system call that changes something. */
#include "fleet_spool.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "digsig/fleet/sequences.h"

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

/* Whether the child was killed, before the call of that number. */
static bool take_and_die(struct host *host, unsigned int count)
{
	pid_t child = fork();
	int status;

	if (!child) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		_exit(host_take(host) == 1 ? 0 : 1);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(ptrace(PTRACE_SETOPTIONS, child, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL), 0);
	ptrace(PTRACE_SYSCALL, child, 0, 0);
	return kill_at(child, count);
}

static __u64 remembered(const struct host *host)
{
	struct fleet_sequences sequences;
	struct fleet_problem problem;
	const struct fleet_sequence *entry;
	char path[PATH_MAX + 16];
	__u64 sequence;

	snprintf(path, sizeof(path), "%s/" FLEET_SEQUENCES, host->store);
	assert_int_equal(fleet_sequences_read(path, &sequences, &problem), 0);
	entry = fleet_sequences_find(&sequences, FLEET_GROUP, "web");
	sequence = entry ? entry->sequence : 0;
	fleet_sequences_free(&sequences);
	return sequence;
}

static void restore(const struct host *host, const char *copy)
{
	char command[3 * PATH_MAX + 64];

	snprintf(command, sizeof(command), "rm -rf '%s' && cp -a '%s' '%s'", host->store, copy, host->store);
	assert_int_equal(system(command), 0);
}

/* As digsigd would: it reads what there is, and takes what is ready. */
static void start_again(struct host *host)
{
	host_free(host);
	host->has_current =
		!fleet_store_read(host->store, &host->machine, &host->current, NULL, &host->refusal);
	assert_in_range(host_take(host), 0, 1);
}

/* before: the sequence that the store had; 0: none. */
static void die_at_each(struct host *host, __u64 before)
{
	char copy[PATH_MAX + 8], command[3 * PATH_MAX + 64];
	unsigned int count = 0;
	__u64 sequence;

	snprintf(copy, sizeof(copy), "%s.copy", host->store);
	snprintf(command, sizeof(command), "cp -a '%s' '%s'", host->store, copy);
	assert_int_equal(system(command), 0);
	while (take_and_die(host, count)) {
		int err = host_reads(host, &sequence);

		/* The one before, or the new one, whole. */
		if (err == -ENOENT)
			assert_int_equal(before, 0);
		else
			assert_int_equal(err, 0);
		if (!err)
			assert_true(sequence == before || sequence == 2);
		/* And a number that is never smaller than what is there. */
		assert_true(remembered(host) >= (err ? 0 : sequence));
		assert_true(remembered(host) >= before);
		start_again(host);
		assert_int_equal(host_reads(host, &sequence), 0);
		assert_int_equal(sequence, 2);
		assert_int_equal(remembered(host), 2);
		restore(host, copy);
		host_free(host);
		host->has_current = before &&
			!fleet_store_read(host->store, &host->machine, &host->current, NULL, &host->refusal);
		count++;
	}
	/* Else it was not killed where something happens. */
	assert_true(count > 20);
	assert_int_equal(host_reads(host, &sequence), 0);
	assert_int_equal(sequence, 2);
	host_free(host);
}

static void the_first_set(void **state)
{
	struct host host;

	(void)state;
	host_new(&host, "first");
	spool_whole(&host, 2);
	die_at_each(&host, 0);
}

static void the_next_set(void **state)
{
	struct host host;

	(void)state;
	host_new(&host, "next");
	spool_whole(&host, 1);
	assert_int_equal(host_take(&host), 1);
	spool_whole(&host, 2);
	die_at_each(&host, 1);
}

static int tear_down(void **state)
{
	fleet_signers_free();
	return scratch_tear_down(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_set),
		cmocka_unit_test(the_next_set),
	};

	return cmocka_run_group_tests_name("fleet-crash", tests, NULL, tear_down);
}
