// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Maps memory that can be executed: "anonymous" (writes code there and calls it), "written FILE" (the
 * same in a private mapping of the file), "file FILE", "late FILE" (mapped to be read first, made executable afterwards), or "implied FILE" (mapped to be
 * read, under a personality that makes everything readable executable).
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <unistd.h>
#include "report.h"

static void run_written(int flags, int file)
{
	static const unsigned char code[] = { 0xb8, 42, 0, 0, 0, 0xc3 }; /* mov $42, %eax; ret */
	unsigned char *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
		MAP_PRIVATE | flags, file, 0);
	int (*function)(void);

	if (memory == MAP_FAILED)
		refused("mmap");
	memcpy(memory, code, sizeof(code));
	memcpy(&function, &memory, sizeof(function));
	printf("written code returned %d\n", function());
}

static void map_file(const char *path, const char *how)
{
	int late = !strcmp(how, "late"), implied = !strcmp(how, "implied");
	int file = open(path, O_RDONLY);
	void *memory;

	if (file < 0)
		refused(path);
	if (implied && personality(READ_IMPLIES_EXEC) < 0)
		refused("personality");
	memory = mmap(NULL, 4096, late || implied ? PROT_READ : PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0);
	if (memory == MAP_FAILED)
		refused("mmap");
	if (late && mprotect(memory, 4096, PROT_READ | PROT_EXEC))
		refused("mprotect");
	printf("mapped executable\n");
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "anonymous"))
		run_written(MAP_ANONYMOUS, -1);
	else if (argc == 3 && !strcmp(argv[1], "written"))
		run_written(0, open(argv[2], O_RDONLY));
	else if (argc == 3)
		map_file(argv[2], argv[1]);
	else
		misused("map-exec anonymous | written FILE | file FILE | late FILE | implied FILE");
	return 0;
}
