/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What specimens say, and where: the word is the operand of an instruction. Who changes it in the
 * file changes code that runs.
 */
#ifndef GUEST_SPEAK_H
#define GUEST_SPEAK_H

#include <sys/syscall.h>

#define LOYAL_WORD "loyalty!"
#define INTRUDER_WORD "INTRUDER"
#define WORD_SIZE 8

/* It needs no other page of the file: one that was cut off takes the relocations with it. */
static inline __attribute__((always_inline)) void say_the_word(void)
{
	char line[WORD_SIZE + 1];
	long call = SYS_write;

	__asm__ volatile("movabs $0x2179746c61796f6c, %%rax\n\t"
		     "mov %%rax, (%0)"
		     :
		     : "r"(line)
		     : "rax", "memory");
	line[WORD_SIZE] = '\n';
	__asm__ volatile("syscall"
		     : "+a"(call)
		     : "D"(1), "S"(line), "d"(sizeof(line))
		     : "rcx", "r11", "memory");
}

#endif
