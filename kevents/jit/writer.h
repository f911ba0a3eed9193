/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a process can still write to a file. */
#ifndef KEVENTS_JIT_WRITER_H
#define KEVENTS_JIT_WRITER_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Whether the process has the file of descriptor file, whose last name is name, open for writing.
 * false also where that cannot be seen: its descriptors are shown to its user and to root.
 */
bool process_holds_for_writing(int32_t pid, int file, const char *name);

#endif
