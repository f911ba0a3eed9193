// SPDX-License-Identifier: GPL-2.0-or-later
/* Puts the signature block of one file in the place of another's: swap-block FROM TO. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../../../digsig/format/block.h"
#include "report.h"

/* Returns the size of the block, having read it into block. */
static unsigned int read_block(const char *path, unsigned char *block, off_t *content_size)
{
	struct digsig_footer footer;
	struct stat status;
	int file = open(path, O_RDONLY);

	if (file < 0 || fstat(file, &status) ||
		pread(file, &footer, sizeof(footer), status.st_size - (off_t)sizeof(footer)) !=
			sizeof(footer) ||
		memcmp(footer.magic, DIGSIG_FOOTER_MAGIC, DIGSIG_MAGIC_SIZE)) {
		fprintf(stderr, "swap-block: %s: not signed\n", path);
		exit(2);
	}
	*content_size = status.st_size - (off_t)footer.block_size;
	if (pread(file, block, footer.block_size, *content_size) != (ssize_t)footer.block_size)
		refused(path);
	close(file);
	return footer.block_size;
}

int main(int argc, char **argv)
{
	static unsigned char block[DIGSIG_BLOCK_MAX], replaced[DIGSIG_BLOCK_MAX];
	off_t content_size, ignored;
	unsigned int size;
	int file;

	if (argc != 3)
		misused("swap-block FROM TO");
	size = read_block(argv[1], block, &ignored);
	read_block(argv[2], replaced, &content_size);
	file = open(argv[2], O_WRONLY);
	if (file < 0 || ftruncate(file, content_size) ||
		pwrite(file, block, size, content_size) != (ssize_t)size)
		refused(argv[2]);
	return 0;
}
