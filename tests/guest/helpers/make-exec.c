// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes a file that was mapped to be read executable afterwards: make-exec HOW FILE.
 *
 *   late FILE     by mprotect(2)
 *   pkey FILE     by pkey_mprotect(2)
 *   shared FILE   the mapping is a shared one
 *   write FILE    writable at the same time
 *   implied FILE  under a personality in which "to be read" means "to be executed"
 *   span FILE     in one call with a mapping before it, of this program's own file, which is signed
 *   memfd FILE    from a copy in a memfd, sealed
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>
#include "report.h"

#define PAGE 4096

static int copy_to_memfd(int file)
{
	int memory = memfd_create("copy", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	struct stat status;

	if (memory < 0 || fstat(file, &status))
		refused("memfd_create");
	if (sendfile(memory, file, NULL, (size_t)status.st_size) != status.st_size)
		refused("sendfile");
	if (fcntl(memory, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW))
		refused("F_ADD_SEALS");
	return memory;
}

static void *map(int file, int flags, void *at)
{
	void *memory = mmap(at, PAGE, PROT_READ, flags | (at ? MAP_FIXED : 0), file, 0);

	if (memory == MAP_FAILED)
		refused("mmap");
	return memory;
}

int main(int argc, char **argv)
{
	const char *how = argc == 3 ? argv[1] : "";
	int protection = PROT_READ | PROT_EXEC, flags = MAP_PRIVATE, file, err;
	size_t size = PAGE;
	char *memory;

	if (argc != 3)
		misused("make-exec late|pkey|shared|write|implied|span|memfd FILE");
	file = open(argv[2], O_RDONLY);
	if (file < 0)
		refused(argv[2]);
	if (!strcmp(how, "memfd"))
		file = copy_to_memfd(file);
	if (!strcmp(how, "shared"))
		flags = MAP_SHARED;
	if (!strcmp(how, "write"))
		protection |= PROT_WRITE;
	if (!strcmp(how, "span")) {
		int own = open("/proc/self/exe", O_RDONLY);

		size = 2 * PAGE;
		memory = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (own < 0 || memory == MAP_FAILED)
			refused("mmap");
		map(own, flags, memory);
		map(file, flags, memory + PAGE);
	} else {
		memory = map(file, flags, NULL);
	}
	if (!strcmp(how, "implied")) {
		if (personality(READ_IMPLIES_EXEC) < 0)
			refused("personality");
		protection = PROT_READ;
	}
	err = strcmp(how, "pkey") ? mprotect(memory, size, protection) :
				    pkey_mprotect(memory, size, protection, -1);
	if (err)
		refused("mprotect");
	printf("mapped executable\n");
	return 0;
}
