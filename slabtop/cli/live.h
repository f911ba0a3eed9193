/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SLABTOP_LIVE_H
#define SLABTOP_LIVE_H

#include "view.h"

/* The screen, until it is left: of this machine, or of a recording. An exit code. */
int run_screen(struct source *source, struct view *view);

#endif
