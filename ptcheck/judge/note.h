/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A judgement in the making: what was read, and the checks that were made of it. */
#ifndef PTCHECK_NOTE_H
#define PTCHECK_NOTE_H

#include "view.h"

struct judgement {
	struct view view;
	struct ptcheck_result *result; /* NULL: its checks are not noted */
};

/* Notes a check of a reading and its outcome; what it found goes into detail as by printf(3). Returns passed. */
bool note(struct judgement *judgement, enum ptcheck_kind kind, const char *name, bool passed, __u64 offset,
	const char *format, ...) __attribute__((format(printf, 6, 7)));

/* The same of a check whose bytes are not there. */
void note_not_read(struct judgement *judgement, enum ptcheck_kind kind, const char *name, __u64 offset);

#endif
