/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any instruction in words, for people: by Zydis. */
#ifndef PREFETCH_CLI_INSTRUCTION_H
#define PREFETCH_CLI_INSTRUCTION_H

#include <stddef.h>
#include <linux/types.h>

/* As assemblers of AT&T's kind write it; "" if the bytes are none, or cut off. mode: PREFETCH_16, 32 or 64. */
void print_instruction(char *text, size_t size, const __u8 *bytes, size_t count, unsigned int mode, __u64 address);

#endif
