/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers of records as words. Static strings. */
#ifndef KEVENTS_CLI_WORDS_H
#define KEVENTS_CLI_WORDS_H

#include "../kevents.h"

/* "0", "3", "SIGSEGV", "SIGSEGV+" with a core dump, "?" if it is not known. */
void describe_exit(const struct kevents_exit *exit, char *text, size_t size);
/* "r-xp"; text has room for 5. */
void describe_protection(const struct kevents_image *image, char *text);
/* DigSig's: "ok", "unsigned", "tampered"; "?" for another number. */
const char *describe_verdict(uint32_t verdict);
/* The names of the numbers in records; "?" for another number. Static strings. */
const char *kernel_kind_name(uint32_t kind);
const char *cgroup_action_name(uint32_t action);
const char *loss_name(uint32_t why);
/* The reason as a clause; "it is not known why" for another number. */
const char *loss_meaning(uint32_t why);

#endif
