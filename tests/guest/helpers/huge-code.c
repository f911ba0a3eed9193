// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Executes a program from a memfd of huge pages, or runs code that it wrote into huge pages:
 * huge-code program FILE | memory | file. "file" maps a memfd, "memory" no file at all.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "report.h"

#define HUGE_PAGE (2UL << 20)

extern char **environ;

static void *map(int protection, int flags, int file)
{
	void *memory = mmap(NULL, HUGE_PAGE, protection, flags, file, 0);

	if (memory == MAP_FAILED)
		refused("mmap");
	return memory;
}

static int new_file(void)
{
	int file = memfd_create("huge", MFD_CLOEXEC | MFD_HUGETLB);

	if (file < 0 || ftruncate(file, HUGE_PAGE))
		refused("memfd_create");
	return file;
}

static void execute(const char *path)
{
	int source = open(path, O_RDONLY), file = new_file();
	char *arguments[] = {(char *)(unsigned long)path, NULL};
	void *memory = map(PROT_READ | PROT_WRITE, MAP_SHARED, file);
	struct stat status;

	if (source < 0 || fstat(source, &status) ||
		read(source, memory, (size_t)status.st_size) != status.st_size)
		refused(path);
	munmap(memory, HUGE_PAGE);
	execveat(file, "", arguments, environ, AT_EMPTY_PATH);
	refused("execveat");
}

static void run_written(int flags, int file)
{
	static const unsigned char code[] = {0xb8, 42, 0, 0, 0, 0xc3}; /* mov $42, %eax; ret */
	void *memory = map(PROT_READ | PROT_WRITE, flags, file);
	int (*function)(void);

	memcpy(memory, code, sizeof(code));
	if (mprotect(memory, HUGE_PAGE, PROT_READ | PROT_EXEC))
		refused("mprotect");
	munmap(map(PROT_READ | PROT_EXEC, flags, file), HUGE_PAGE);
	memcpy(&function, &memory, sizeof(function));
	printf("INTRUDER returned %d\n", function());
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "program"))
		execute(argv[2]);
	else if (argc == 2 && !strcmp(argv[1], "memory"))
		run_written(MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1);
	else if (argc == 2 && !strcmp(argv[1], "file"))
		run_written(MAP_SHARED, new_file());
	else
		misused("huge-code program FILE | memory | file");
	return 0;
}
