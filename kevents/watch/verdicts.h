/* SPDX-License-Identifier: GPL-2.0-or-later */
/* DigSig's verdicts on mapped files, where its engine runs and is not locked. */
#ifndef KEVENTS_WATCH_VERDICTS_H
#define KEVENTS_WATCH_VERDICTS_H

#include "../kevents.h"

struct verdicts;

struct verdicts *verdicts_new(void); /* NULL when memory is short */
void verdicts_free(struct verdicts *verdicts);

/* Fills in image->verdict, if the engine has one and the file can still be found. */
void verdicts_fill(struct verdicts *verdicts, int32_t pid, struct kevents_image *image);

/*
 * Lets go of the engine's maps and forgets what it said. To be called after a burst: "digsig lock"
 * refuses as long as somebody has a descriptor of them.
 */
void verdicts_rest(struct verdicts *verdicts);

#endif
