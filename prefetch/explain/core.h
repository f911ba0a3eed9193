/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fault that a core file was written for. */
#ifndef PREFETCH_EXPLAIN_CORE_H
#define PREFETCH_EXPLAIN_CORE_H

#include "record.h"

enum { CORE_MESSAGE_MAX = 256 };

/*
 * Reads the core file that is open as fd, which must be one that can be read at any place, into record: the
 * first thread's registers and signal, and the instruction, from the core or, where it was not written, from the
 * file that was mapped there. A core that was cut off is read as far as it goes.
 *
 * 0, or a negative errno, and message says what is wrong: -EINVAL: it is no core file of x86.
 */
int core_read(struct record *record, int fd, char message[CORE_MESSAGE_MAX]);

#endif
