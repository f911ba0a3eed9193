// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Maps a page of code to be read, says that everything readable is executable, has
 * remap_file_pages(2) make that mapping anew, and calls it: remap FILE. FILE has the intruder's
 * word, and can be written: the call knows no other shared mappings.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/personality.h>
#include "code-page.h"

/* The mapping is there, and is not executable. */
static void on_fault(int signal)
{
	static const char line[] = "remap: EACCES\n";

	(void)signal;
	_exit(write(2, line, sizeof(line) - 1) < 0 ? 1 : EXIT_REFUSED);
}

int main(int argc, char **argv)
{
	int file = argc == 2 ? open(argv[1], O_RDWR | O_CLOEXEC) : -1;
	off_t word;
	char *page;

	if (file < 0)
		misused("remap FILE");
	word = find_word(file, INTRUDER_WORD, WORD_SIZE) & -CODE_PAGE_SIZE;
	page = mmap(NULL, CODE_PAGE_SIZE, PROT_READ, MAP_SHARED, file, word);
	if (page == MAP_FAILED)
		refused("mmap");
	if (personality(READ_IMPLIES_EXEC) < 0)
		refused("personality");
	if (remap_file_pages(page, CODE_PAGE_SIZE, 0, (size_t)(word / CODE_PAGE_SIZE), 0))
		refused("remap_file_pages");
	signal(SIGSEGV, on_fault);
	call_code_page(page);
	return 0;
}
