/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the pages of a sample come from. */
#ifndef RAMSWAP_MEASURE_SAMPLE_H
#define RAMSWAP_MEASURE_SAMPLE_H

#include <sys/types.h>
#include "pages.h"

/*
 * Fills pages, up to its room, with pages of running programs that swap could take: anonymous, in memory, and mapped
 * by one process alone. Which ones, chance decides: parts of all mappings are looked at in a random order, and of the
 * pages that are found each is as likely as any other to be in the sample (reservoir sampling). Nothing is changed,
 * and nothing is fetched: a page that is swapped out, was never touched, or belongs to a file or a device, is not
 * read; nor is anything of a process that has locked memory.
 *
 * process: of that one alone; 0: of all that this process may look at but itself. seconds: when to stop; what is
 * found until then is the sample. 0, and pages->count may be below the room; or a negative errno, and what was wrong:
 * -ENODATA: there is no such page.
 */
int measure_sample_take(struct measure_pages *pages, pid_t process, double seconds, struct ramswap_problem *problem);

/*
 * Fills pages with pages of a file: all whole pages of it, or, where there are more than room, as many in equal
 * distances. 0; or a negative errno, and what was wrong: -EINVAL: it is no file, or shorter than a page.
 */
int measure_corpus_read(const char *path, struct measure_pages *pages, struct ramswap_problem *problem);

#endif
