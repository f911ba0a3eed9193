/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who else sets up zram on a machine. */
#ifndef RAMSWAP_FACTS_OTHERS_H
#define RAMSWAP_FACTS_OTHERS_H

/*
 * Who does so at each start: bits of enum ramswap_other. The configuration of a program that was removed does not
 * count.
 */
unsigned int facts_find_others(int root);

#endif
