// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Gives itself out as another program, by prctl(PR_SET_MM_EXE_FILE), and then writes its own code:
 * /lib64/ld-linux-x86-64.so.2 name-program PROGRAM. Started so, the program that it counts as is the
 * loader; the kernel renames a process only once nothing of that is mapped, so it is unmapped. What
 * comes after that may use nothing of the loader's.
 */
#include <fcntl.h>
#include <linux/prctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "report.h"

struct range {
	unsigned long start, size;
};

static void say(const char *text)
{
	syscall(SYS_write, 1, text, strlen(text));
}

static void give_up(const char *what)
{
	long denied = errno == EPERM || errno == EACCES;

	syscall(SYS_write, 2, what, strlen(what));
	say(denied ? ": EPERM or EACCES\n" : ": another error\n");
	syscall(SYS_exit_group, EXIT_REFUSED);
}

static size_t loader_ranges(struct range ranges[16])
{
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned long start, end;
	char line[512];
	size_t count = 0;

	while (maps && count < 16 && fgets(line, sizeof(line), maps))
		if (strstr(line, "/ld-linux") && sscanf(line, "%lx-%lx", &start, &end) == 2)
			ranges[count++] = (struct range){ start, end - start };
	fclose(maps);
	return count;
}

int main(int argc, char **argv)
{
	static const unsigned char code[] = { 0xb8, 42, 0, 0, 0, 0xc3 }; /* mov $42, %eax; ret */
	struct range ranges[16];
	size_t count = loader_ranges(ranges);
	int program = argc == 2 ? open(argv[1], O_RDONLY) : -1;
	unsigned char *page;
	int (*function)(void);

	if (program < 0)
		refused("program");
	for (size_t i = 0; i < count; i++)
		syscall(SYS_munmap, ranges[i].start, ranges[i].size);
	if (syscall(SYS_prctl, PR_SET_MM, PR_SET_MM_EXE_FILE, program, 0, 0))
		give_up("prctl");
	page = (unsigned char *)syscall(SYS_mmap, NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		give_up("mmap");
	for (size_t i = 0; i < sizeof(code); i++)
		page[i] = code[i];
	*(void **)&function = page;
	if (function() == 42)
		say("INTRUDER ran\n");
	syscall(SYS_exit_group, 0);
	return 0;
}
