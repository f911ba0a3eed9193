/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The symbols of the files that were asked for last, at most so many bytes of them. */
#ifndef KEVENTS_MAPS_SYMBOL_CACHE_H
#define KEVENTS_MAPS_SYMBOL_CACHE_H

#include <stddef.h>
#include <stdint.h>
#include "subjects.h"

struct symbol_cache;

/* Makes an empty one, to be freed with symbol_cache_free. 0 or -ENOMEM. */
int symbol_cache_new(struct symbol_cache **cache);
/* Frees it and the symbols of every file. NULL is nothing. */
void symbol_cache_free(struct symbol_cache *cache);
/* Bytes, the kernel's symbols included. */
size_t symbol_cache_memory(const struct symbol_cache *cache);

/*
 * The function at an offset in an image that process pid has or had mapped; NULL: *why_not says why
 * not, in words. Where the process is gone, the file is looked for in this process's root.
 * A name stays until the next call.
 */
const char *symbol_cache_find(struct symbol_cache *cache, const struct subject *image, int32_t pid,
	uint64_t offset, uint64_t *distance, const char **why_not);

/* The same for an address in this machine's kernel. */
const char *symbol_cache_find_kernel(
	struct symbol_cache *cache, uint64_t address, uint64_t *distance, const char **why_not);

/* Modules came or went. */
void symbol_cache_forget_kernel(struct symbol_cache *cache);

#endif
