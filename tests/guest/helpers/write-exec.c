// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writes code into its own memory and runs it: write-exec HOW [FILE].
 *
 *   both          anonymous memory, writable and executable at once
 *   after         anonymous memory, executable after it was written
 *   pkey          the same by pkey_mprotect(2)
 *   empty         anonymous memory that nobody can write, filled in by userfaultfd(2)
 *   common        shared anonymous memory
 *   shm           shared memory of System V, attached twice: to be written, and to be executed
 *   stack         the stack
 *   implied       memory that is executable because it can be read: a personality
 *   heap          as implied, on the heap: brk(2)
 *   private FILE  a private mapping of the file, executable after it was written
 *   text FILE     the same, having been executable before
 *   fork FILE     the same, written by the parent of the process that makes it executable
 *   file FILE     a private mapping of the file, writable and executable at once
 *   faults FILE   an executable private mapping of the file, filled in the same way; FILE must be
 *                 on a tmpfs
 */
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "report.h"

#define PAGE 4096
#define READ_WRITE (PROT_READ | PROT_WRITE)
#define READ_EXEC (PROT_READ | PROT_EXEC)

static const unsigned char code[] = { 0xb8, 42, 0, 0, 0, 0xc3 }; /* mov $42, %eax; ret */

static void run(void *memory)
{
	int (*function)(void);

	memcpy(&function, &memory, sizeof(function));
	printf("INTRUDER returned %d\n", function());
}

static void *map(int protection, int flags, int file)
{
	void *memory = mmap(NULL, PAGE, protection, flags | (file < 0 ? MAP_ANONYMOUS : 0), file, 0);

	if (memory == MAP_FAILED)
		refused("mmap");
	return memory;
}

static void protect(void *memory, int protection)
{
	if (mprotect(memory, PAGE, protection))
		refused("mprotect");
}

static void *write_after(void *memory)
{
	memcpy(memory, code, sizeof(code));
	protect(memory, READ_EXEC);
	return memory;
}

static void *with_pkey(void)
{
	void *memory = map(READ_WRITE, MAP_PRIVATE, -1);

	memcpy(memory, code, sizeof(code));
	if (pkey_mprotect(memory, PAGE, READ_EXEC, -1))
		refused("pkey_mprotect");
	return memory;
}

/* A page that is missing in memory becomes one with the code. */
static void *fill_in(void *memory)
{
	static unsigned char page[PAGE];
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	struct uffdio_copy copy = { .src = (unsigned long)page, .len = PAGE };
	int faults = (int)syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);

	if (faults < 0 || ioctl(faults, UFFDIO_API, &api))
		refused("userfaultfd");
	range.range.start = copy.dst = (unsigned long)memory;
	range.range.len = PAGE;
	memcpy(page, code, sizeof(code));
	if (ioctl(faults, UFFDIO_REGISTER, &range))
		refused("UFFDIO_REGISTER");
	if (ioctl(faults, UFFDIO_COPY, &copy))
		refused("UFFDIO_COPY");
	return memory;
}

static void *attached_twice(void)
{
	int id = shmget(IPC_PRIVATE, PAGE, IPC_CREAT | 0700);
	void *writable = id < 0 ? (void *)-1 : shmat(id, NULL, 0), *executable;

	if (writable == (void *)-1)
		refused("shmat");
	memcpy(writable, code, sizeof(code));
	executable = shmat(id, NULL, SHM_RDONLY | SHM_EXEC);
	shmctl(id, IPC_RMID, NULL);
	if (executable == (void *)-1)
		refused("shmat SHM_EXEC");
	return executable;
}

static void *on_stack(void)
{
	static unsigned char *page;
	unsigned char room[3 * PAGE];

	page = (unsigned char *)(((unsigned long)room + PAGE) & ~(unsigned long)(PAGE - 1));
	memcpy(page, code, sizeof(code));
	if (mprotect(page, PAGE, READ_WRITE | PROT_EXEC))
		refused("mprotect");
	run(page);
	exit(0);
}

static void *implied(int on_heap)
{
	void *memory;

	if (personality(READ_IMPLIES_EXEC) < 0)
		refused("personality");
	memory = on_heap ? sbrk(2 * PAGE) : map(READ_WRITE, MAP_PRIVATE, -1);
	if (memory == (void *)-1)
		refused("brk");
	return memcpy(memory, code, sizeof(code));
}

static void *after_text(int file)
{
	void *memory = map(READ_EXEC, MAP_PRIVATE, file);

	protect(memory, READ_WRITE);
	return write_after(memory);
}

static void *after_fork(int file)
{
	void *memory = map(READ_WRITE, MAP_PRIVATE, file);
	int status;
	pid_t child;

	memcpy(memory, code, sizeof(code));
	child = fork();
	if (child == 0) {
		protect(memory, READ_EXEC);
		return memory;
	}
	if (child < 0 || waitpid(child, &status, 0) < 0)
		refused("fork");
	exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

static void *prepare(const char *how, int file)
{
	if (!strcmp(how, "both"))
		return memcpy(map(READ_WRITE | PROT_EXEC, MAP_PRIVATE, -1), code, sizeof(code));
	if (!strcmp(how, "after"))
		return write_after(map(READ_WRITE, MAP_PRIVATE, -1));
	if (!strcmp(how, "pkey"))
		return with_pkey();
	if (!strcmp(how, "empty"))
		return fill_in(map(READ_EXEC, MAP_PRIVATE, -1));
	if (!strcmp(how, "common"))
		return write_after(map(READ_WRITE, MAP_SHARED, -1));
	if (!strcmp(how, "shm"))
		return attached_twice();
	if (!strcmp(how, "stack"))
		return on_stack();
	if (!strcmp(how, "implied"))
		return implied(0);
	if (!strcmp(how, "heap"))
		return implied(1);
	if (file < 0)
		return NULL;
	if (!strcmp(how, "private"))
		return write_after(map(READ_WRITE, MAP_PRIVATE, file));
	if (!strcmp(how, "text"))
		return after_text(file);
	if (!strcmp(how, "fork"))
		return after_fork(file);
	if (!strcmp(how, "file"))
		return memcpy(map(READ_WRITE | PROT_EXEC, MAP_PRIVATE, file), code, sizeof(code));
	if (!strcmp(how, "faults"))
		return fill_in(map(READ_EXEC, MAP_PRIVATE, file));
	return NULL;
}

int main(int argc, char **argv)
{
	int file = argc == 3 ? open(argv[2], O_RDONLY) : -1;
	void *memory;

	if (argc == 3 && file < 0)
		refused(argv[2]);
	memory = argc < 2 ? NULL : prepare(argv[1], file);
	if (!memory)
		misused("write-exec HOW [FILE]");
	run(memory);
	return 0;
}
