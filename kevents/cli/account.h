/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The account of a watch, judged for --strict. */
#ifndef KEVENTS_ACCOUNT_H
#define KEVENTS_ACCOUNT_H

#include "../kevents.h"

/* Complains of what is incomplete and of what was not counted. 0, or EXIT_LOST: also of what was lost. */
int account_check(const struct kevents_sums *sums);

#endif
