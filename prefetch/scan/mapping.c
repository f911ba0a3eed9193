// SPDX-License-Identifier: GPL-2.0-or-later
#include "mapping.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* This thread's, for the handler. */
static __thread const struct mapping *current;
static __thread volatile sig_atomic_t is_gone;
static uintptr_t page_size;

/* Puts a page of zeros where there is none any more. */
static void fill_in(int number, siginfo_t *info, void *context)
{
	uintptr_t address = (uintptr_t)info->si_addr & ~(page_size - 1);

	(void)context;
	if (current && info->si_code > 0 && address >= (uintptr_t)current->bytes &&
		address < (uintptr_t)current->bytes + current->size &&
		mmap((void *)address, page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) !=
			MAP_FAILED) {
		is_gone = 1;
		return;
	}
	/* It comes again at once, and ends the program. */
	signal(number, SIG_DFL);
}

static void install(void)
{
	struct sigaction action = { .sa_sigaction = fill_in, .sa_flags = SA_SIGINFO };

	page_size = (uintptr_t)sysconf(_SC_PAGESIZE);
	sigaction(SIGBUS, &action, NULL);
}

int mapping_open(struct mapping *mapping, int fd)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct stat status;
	void *bytes;

	pthread_once(&once, install);
	if (fstat(fd, &status))
		return -errno;
	if (!S_ISREG(status.st_mode) || !status.st_size)
		return 1;
	/* Writable and private: libelf may put headers of another byte order right in their place. */
	bytes = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		return -errno;
	mapping->bytes = bytes;
	mapping->size = (size_t)status.st_size;
	is_gone = 0;
	current = mapping;
	return 0;
}

bool mapping_close(struct mapping *mapping)
{
	current = NULL;
	munmap(mapping->bytes, mapping->size);
	return is_gone;
}
