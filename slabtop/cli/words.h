/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Figures and names as people read them. */
#ifndef SLABTOP_WORDS_H
#define SLABTOP_WORDS_H

#include <stddef.h>

/* 0 of 0 is 0. */
double percentage(double part, double whole);

/* Bytes as size_print has them, with a sign; nothing is "0". */
void print_signed(char *text, size_t size, double bytes);

/* Seconds as "90 s", "12 min", "3.5 h". */
void print_duration(char *text, size_t size, double seconds);

/* A name in printable ASCII: what else is in it as \xNN. Cut to size. */
void print_name(char *text, size_t size, const char *name);

#endif
