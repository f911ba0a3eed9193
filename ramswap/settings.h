/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a user wants: ramswap.conf(5). Everything has a default, with which the plan decides by itself. */
#ifndef RAMSWAP_SETTINGS_H
#define RAMSWAP_SETTINGS_H

#include "facts.h"

enum {
	RAMSWAP_EXPRESSION_MAX = 255,
	RAMSWAP_ALGORITHM_TEXT_MAX = 255, /* "zstd(level=3)" */
	RAMSWAP_SOURCES_MAX = 32,
	RAMSWAP_PRIORITY_MOST = 32767, /* of swapon(2) */
};

enum ramswap_use {
	RAMSWAP_USE_AUTO, /* the plan decides */
	RAMSWAP_USE_YES, /* it is used, or the plan is refused */
	RAMSWAP_USE_NO,
	RAMSWAP_USE_SYSTEM_RAM, /* of a dax device: it becomes memory of the kernel, a node of its own */
};

/* [source NAME] */
struct ramswap_source {
	char name[RAMSWAP_NAME_MAX + 1]; /* "pmem0", "namespace0.0", "dax0.0", "ram0" */
	enum ramswap_use use;
};

struct ramswap_settings {
	/* [zram] */
	enum ramswap_use zram;
	char zram_size[RAMSWAP_EXPRESSION_MAX + 1]; /* MiB: ramswap/config/expression.h; "": the plan decides */
	char zram_limit[RAMSWAP_EXPRESSION_MAX + 1]; /* MiB of real memory */
	char algorithm[RAMSWAP_ALGORITHM_TEXT_MAX + 1]; /* with its parameters; "": the plan decides */
	char recompression[RAMSWAP_ALGORITHM_TEXT_MAX + 1]; /* "": the plan decides; "none" */
	char writeback[RAMSWAP_PATH_MAX + 1]; /* a block device that is lost to all else; "": none */
	double idle_after; /* seconds: pages that were not touched for so long are written back; 0: none */
	double recompress_after; /* the same, for recompression */
	__u64 writeback_daily; /* bytes that may be written to that device in 24 hours; 0: no bound */

	/* [source NAME] */
	struct ramswap_source sources[RAMSWAP_SOURCES_MAX];
	size_t source_count;

	/* [policy] */
	bool above_all; /* our devices come before every other swap; true */
	int priority; /* of our last device; -1: above every other */
	bool demotion; /* memory that is far is used by demotion: numa/demotion_enabled; false */
	bool zswap_off; /* zswap is turned off where it would compress twice; true. False: the plan is refused */
	int swappiness; /* -1: the plan decides */
	int page_cluster; /* -1: the plan decides */
	int watermark_scale_factor; /* -1: as it is */
	bool beside_others; /* set up beside zram-generator and zram-tools; false */
};

/* All defaults. */
void ramswap_settings_init(struct ramswap_settings *settings);

#endif
