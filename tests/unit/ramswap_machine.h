/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facts of a machine, from a line of text, so that a table of cases can be read at a glance. Words with spaces between
 * them, MB being 1024 * 1024 bytes:
 *
 *	ram=MB huge=MB high=MB processors=N release=6.1.0
 *	swap:NAME,MB,PRIORITY[,ours][,rotating][,file=MAJOR:MINOR][,used=MB]
 *	disk:NAME,MB[,sig=WORD][,label=WORD][,holder=NAME][,mounted][,partitions][,id=MAJOR:MINOR][,ours][,readonly]
 *	pmem:..., brd:...          the same; and of pmem node=N
 *	space:BLOCK[,legacy][,alt=WORD][,mode=WORD][,node=N]      a namespace of libnvdimm
 *	zram:N,MB,LIMIT_MB,ALGORITHM[,ours][,backing=PATH][,recompression=WORD][,nowriteback][,canrecompress]
 *	                                  MB 0: not set up
 *	node:N,cpu|far,TIER,DISTANCE      DISTANCE: from node 0
 *	dax:NAME,MB,DRIVER,NODE[,ours]
 *	range:legacy|pmem|soft|crash,MB
 *	zswap=on|off swappiness=N page-cluster=N demotion=N hibernate image=MB resume=MAJOR:MINOR crash=MB crash-loaded
 *	container crash-kernel read-only no-zram no-kmem no-pmem brd-module 32-bit others=N group-swap=MB
 *	waited=SECONDS command=WORD
 *
 * A processor, page size 4096, kernel 7.2.13, zram that can be loaded, swappiness 60, page-cluster 3, demotion 0,
 * no zswap, no hibernation, no pressure file; unless the words say otherwise.
 */
#ifndef TEST_RAMSWAP_MACHINE_H
#define TEST_RAMSWAP_MACHINE_H

#include "ramswap/ramswap.h"

#define MB (1ULL << 20)

/* Aborts with a message if a word is none. To be freed with machine_free. */
struct ramswap_facts *machine_make(const char *text);
void machine_free(struct ramswap_facts *facts);

/* As if the plan had been carried out: swap is on, tunings are set, dax devices are memory. */
void machine_apply(struct ramswap_facts *facts, const struct ramswap_plan *plan);

#endif
