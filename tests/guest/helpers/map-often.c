// SPDX-License-Identifier: GPL-2.0-or-later
/* Maps a file as code, again and again: map-often COUNT FILE. An event each, and no process. */
#include <fcntl.h>
#include <sys/mman.h>
#include "report.h"

int main(int argc, char **argv)
{
	int count = argc == 3 ? atoi(argv[1]) : 0;
	int file = argc == 3 ? open(argv[2], O_RDONLY) : -1;

	if (count < 1)
		misused("map-often COUNT FILE");
	if (file < 0)
		refused(argv[2]);
	for (int i = 0; i < count; i++) {
		void *memory = mmap(NULL, 1, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0);

		if (memory == MAP_FAILED)
			refused("mmap");
		munmap(memory, 1);
	}
	return 0;
}
