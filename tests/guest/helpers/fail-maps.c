// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Asks very often for a file to be mapped as code, in a way that fails after the kernel has asked
 * whether it may be, and then has a command run while it lives on: fail-maps HOW COUNT FILE
 * COMMAND...
 *
 *   limit     the process may have no more memory
 *   there     something is mapped in that place, and shall not be replaced
 *   noexec    the file is on a file system without code
 *   program   the file is executed, and is no program
 *   killed    a process waits for its own lock on mappings, and is killed
 *
 * It fails itself if one of them succeeds.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "report.h"

#define PAGE 4096UL
#define MUCH (1UL << 30)

static void *place;

static void map(int file, int flags)
{
	if (mmap(place, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE | flags, file, 0) != MAP_FAILED)
		misused("fail-maps: a mapping did not fail");
}

/* Memory of zeros, which costs nothing but the time to walk it. */
static void *hold_lock(void *memory)
{
	for (int protection = PROT_NONE;; protection ^= PROT_READ)
		mprotect(memory, MUCH, protection);
	return NULL;
}

/* Maps all the time, and is killed after some milliseconds: mostly while it waits for the lock. */
static void be_killed(int file, void *memory, int round)
{
	pid_t child = fork();
	pthread_t holder;

	if (child == 0) {
		if (pthread_create(&holder, NULL, hold_lock, memory))
			refused("pthread_create");
		for (;;)
			munmap(mmap(NULL, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0), PAGE);
	}
	usleep(20000 + round * 997 % 10000);
	kill(child, SIGKILL);
	if (child < 0 || waitpid(child, NULL, 0) < 0)
		refused("fork");
}

static void *zeros(void)
{
	void *memory =
		mmap(NULL, MUCH, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (memory == MAP_FAILED || madvise(memory, MUCH, MADV_NOHUGEPAGE) ||
		madvise(memory, MUCH, MADV_POPULATE_READ))
		refused("memory");
	return memory;
}

static void execute(const char *path)
{
	char *nothing[] = {NULL};

	execve(path, nothing, nothing);
	if (errno != ENOEXEC)
		refused("execve");
}

static void limit_memory(rlim_t most)
{
	struct rlimit limit = {most, RLIM_INFINITY};

	if (setrlimit(RLIMIT_AS, &limit))
		refused("setrlimit");
}

static int run(char **command)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		execvp(command[0], command);
		refused(command[0]);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0)
		refused("fork");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
	const char *how = argc > 4 ? argv[1] : "";
	int file = argc > 4 ? open(argv[3], O_RDONLY | O_CLOEXEC) : -1, flags = 0;
	bool is_limited = !strcmp(how, "limit"), is_program = !strcmp(how, "program");
	void *memory = NULL;

	if (file < 0)
		misused("fail-maps limit|there|noexec|program|killed COUNT FILE COMMAND...");
	if (!strcmp(how, "there")) {
		flags = MAP_FIXED_NOREPLACE;
		place = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	} else if (!strcmp(how, "killed")) {
		memory = zeros();
	}
	if (is_limited)
		limit_memory(PAGE);
	for (int i = 0; i < atoi(argv[2]); i++) {
		if (memory)
			be_killed(file, memory, i);
		else if (is_program)
			execute(argv[3]);
		else
			map(file, flags);
	}
	if (is_limited)
		limit_memory(RLIM_INFINITY);
	return run(argv + 4);
}
