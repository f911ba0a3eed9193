/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The page of a library that holds its function speak(). The function begins where the page begins
 * and needs no other page, so that a program can map that page by itself and call it.
 */
#ifndef GUEST_CODE_PAGE_H
#define GUEST_CODE_PAGE_H

#include <sys/mman.h>
#include <unistd.h>
#include "report.h"
#include "speak.h"

#define CODE_PAGE_SIZE 4096

/* Where a word stands in a file; the test is wrong if it is not there. */
static inline off_t find_word(int file, const char *word, size_t size)
{
	static char content[4 << 20];
	ssize_t got = pread(file, content, sizeof(content), 0);
	char *found = got < 0 ? NULL : memmem(content, (size_t)got, word, size);

	if (!found)
		misused("... FILE: with the word in it");
	return found - content;
}

/* The page around the word, mapped as code; or MAP_FAILED. */
static inline void *map_code_page(int file, off_t word)
{
	return mmap(NULL, CODE_PAGE_SIZE, PROT_READ | PROT_EXEC, MAP_PRIVATE, file,
		word & -CODE_PAGE_SIZE);
}

static inline void call_code_page(void *page)
{
	void (*speak)(void);

	memcpy(&speak, &page, sizeof(speak));
	speak();
}

#endif
