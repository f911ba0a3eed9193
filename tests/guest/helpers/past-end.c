// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs code that lies behind a file's end, where no hash of the file looks:
 *
 *   past-end tail FILE           puts it into the rest of FILE's last page, by a shared mapping
 *   past-end grown FILE BELOW    appends it to BELOW, the file below FILE, which is on an overlayfs
 *
 * and then maps FILE's page with it as code, by a descriptor that reads.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "report.h"

#define PAGE 4096

static const unsigned char code[] = { 0xb8, 42, 0, 0, 0, 0xc3 }; /* mov $42, %eax; ret */

static void *map_page(int file, off_t at, int protection, int flags)
{
	void *page = mmap(NULL, PAGE, protection, flags, file, at & -PAGE);

	if (page == MAP_FAILED)
		refused("mmap");
	return page;
}

static void fill_tail(const char *path, off_t at)
{
	int file = open(path, O_RDWR);
	unsigned char *page;

	if (file < 0)
		refused(path);
	page = map_page(file, at, PROT_READ | PROT_WRITE, MAP_SHARED);
	memcpy(page + at % PAGE, code, sizeof(code));
	munmap(page, PAGE);
	close(file);
}

/* Returns where the code is. */
static off_t append(const char *path, off_t size)
{
	off_t at = (size + PAGE - 1) & -PAGE;
	int file = open(path, O_WRONLY);

	if (file < 0)
		refused(path);
	if (pwrite(file, code, sizeof(code), at) != sizeof(code))
		refused("write");
	close(file);
	return at;
}

int main(int argc, char **argv)
{
	int file = argc >= 3 ? open(argv[2], O_RDONLY) : -1;
	unsigned char *page, *begin;
	int (*function)(void);
	struct stat status;
	off_t at;

	if (argc < 3)
		misused("past-end tail FILE | grown FILE BELOW");
	if (file < 0 || fstat(file, &status))
		refused(argv[2]);
	at = status.st_size;
	if (!strcmp(argv[1], "tail") && argc == 3 && at % PAGE && at % PAGE < PAGE - 64)
		fill_tail(argv[2], at);
	else if (!strcmp(argv[1], "grown") && argc == 4)
		at = append(argv[3], at);
	else
		misused("past-end tail FILE | grown FILE BELOW; FILE's last page has room");
	page = map_page(file, at, PROT_READ | PROT_EXEC, MAP_PRIVATE);
	begin = page + at % PAGE;
	memcpy(&function, &begin, sizeof(function));
	printf("INTRUDER: %d\n", function());
	return 0;
}
