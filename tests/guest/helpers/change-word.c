// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Replaces a word wherever it stands, ended by a zero, in a file or a block device by another that is
 * no longer: change-word FILE OLD NEW.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include "report.h"

int main(int argc, char **argv)
{
	char *image, *at;
	off_t size;
	int file, count = 0;

	if (argc != 4 || strlen(argv[3]) > strlen(argv[2]))
		misused("change-word FILE OLD NEW");
	file = open(argv[1], O_RDWR);
	size = file < 0 ? -1 : lseek(file, 0, SEEK_END);
	if (size < 0)
		refused(argv[1]);
	image = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (image == MAP_FAILED)
		refused("mmap");
	at = image;
	while ((at = memmem(at, (size_t)(image + size - at), argv[2], strlen(argv[2]) + 1))) {
		strcpy(at, argv[3]);
		count++;
	}
	if (!count || msync(image, (size_t)size, MS_SYNC) || fsync(file)) {
		fprintf(stderr, "change-word: %s: %d changed\n", argv[1], count);
		return 1;
	}
	return 0;
}
