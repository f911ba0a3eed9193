// SPDX-License-Identifier: GPL-2.0-or-later
#include "pages.h"
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "fail.h"

int measure_pages_get(struct measure_pages *pages, size_t room, struct ramswap_problem *problem)
{
	*pages = (struct measure_pages){ .page_size = (size_t)sysconf(_SC_PAGESIZE), .room = room };
	pages->bytes = mmap(NULL, room * pages->page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (pages->bytes == MAP_FAILED) {
		pages->bytes = NULL;
		return measure_fail(problem, -ENOMEM, "memory is short");
	}
	madvise(pages->bytes, room * pages->page_size, MADV_DONTDUMP);
	madvise(pages->bytes, room * pages->page_size, MADV_DONTFORK);
	/* Where a limit forbids it, pages may reach the swap that they could be in anyway. */
	mlock(pages->bytes, room * pages->page_size);
	return 0;
}

void measure_pages_clear(struct measure_pages *pages)
{
	if (!pages->bytes)
		return;
	explicit_bzero(pages->bytes, pages->room * pages->page_size);
	munmap(pages->bytes, pages->room * pages->page_size);
	*pages = (struct measure_pages){ 0 };
}
