// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Opens a file of an overlayfs to be read, has it copied up by writing other content over it, and
 * calls the code that the first descriptor maps: overlay-swap FILE CONTENT. That descriptor maps
 * the lower file as it was, and reads the upper one.
 */
#include <fcntl.h>
#include "code-page.h"

static char content[4 << 20];

int main(int argc, char **argv)
{
	int before, source, file;
	ssize_t size;
	void *page;
	off_t word;

	if (argc != 3)
		misused("overlay-swap FILE CONTENT");
	before = open(argv[1], O_RDONLY);
	source = open(argv[2], O_RDONLY);
	if (before < 0 || source < 0)
		refused(argv[1]);
	word = find_word(before, INTRUDER_WORD, WORD_SIZE);
	size = read(source, content, sizeof(content));
	file = open(argv[1], O_RDWR);
	if (size <= 0 || file < 0 || pwrite(file, content, (size_t)size, 0) != size || close(file))
		refused(argv[1]);
	page = map_code_page(before, word);
	if (page == MAP_FAILED)
		refused("mmap");
	call_code_page(page);
	return 0;
}
