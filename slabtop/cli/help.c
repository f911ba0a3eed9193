// SPDX-License-Identifier: GPL-2.0-or-later
#include "help.h"
#include <stddef.h>

const char *const help_screen[] = {
	" Sort by        a active  b objs/slab",
	"  c cache size  l slabs   n name",
	"  o objects     s size    u use",
	"  v active slabs          p pages/slab",
	"  g growth/s    t grown since start",
	"  r reverse",
	" Show  A names of merged caches  m nodes",
	"  w all, reclaimable, unreclaimable",
	"  f filter (regex)   / search, Tab next",
	"  e units   x growth columns first",
	" Move  arrows, PgUp, PgDn, Home, End",
	" Time  Space refresh   z pause   d delay",
	"  0 growth counts from now",
	"  replay: < > step   [ ] ten   + - speed",
	" h help   q quit        any key: back",
	NULL,
};
