/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of the filter, for each other. */
#ifndef SCCON_SCREEN_FILTER_PARTS_H
#define SCCON_SCREEN_FILTER_PARTS_H

#include "filter.h"

/* To libvterm. */
void filter_give(struct filter *filter, const char *bytes, size_t size);

/* A byte more of the sequence. */
void filter_keep(struct filter *filter, char byte);

/* The last byte of a sequence that begins with ESC [. */
void filter_end_csi(struct filter *filter, char byte);

/* Behind CSI ! p (soft) and ESC c. */
void filter_reset(struct filter *filter, bool is_soft);

#endif
