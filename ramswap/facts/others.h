/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who else sets up zram on a machine. */
#ifndef RAMSWAP_FACTS_OTHERS_H
#define RAMSWAP_FACTS_OTHERS_H

/* Bits of enum ramswap_other. */
unsigned int facts_find_others(int root);

#endif
