/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The proof that no record fell out on its way: what was made is what was handed on, or lost. */
#ifndef KEVENTS_WATCH_SUMS_H
#define KEVENTS_WATCH_SUMS_H

#include "../kevents.h"
#include "source.h"

/* To be called with each record that is handed on. */
void count_delivered(struct kevents_sums *sums, const struct kevents_record *record);

/* Adds what a source made and missed; once a source, when nothing more is recorded. */
void add_source(struct kevents_sums *sums, const struct source_sums *source);

/* Whether every record that was made is accounted for: see struct kevents_sums. */
bool sums_agree(const struct kevents_sums *sums);

#endif
