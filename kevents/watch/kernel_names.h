/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which functions and types the running kernel's BTF names. */
#ifndef KEVENTS_WATCH_KERNEL_NAMES_H
#define KEVENTS_WATCH_KERNEL_NAMES_H

#include <stddef.h>
#include <stdint.h>

struct kernel_name {
	const char *name;
	uint32_t kind; /* BTF_KIND_... */
	uint32_t id;   /* the answer: its number in the BTF; 0: it is not there */
};

/*
 * Looks for all of them at once. It reads the file once and keeps nothing, where libbpf would hold two
 * copies of it for a while. 0; -ENOENT: there is no BTF; -EBADMSG, read(2)'s errors.
 */
int kernel_names_find(struct kernel_name *names, size_t count);

/* The same of bytes that are those of such a file. */
int kernel_names_find_in(
	struct kernel_name *names, size_t count, const uint8_t *bytes, size_t size);

#endif
