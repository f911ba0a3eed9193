/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What zram-generator and zram-tools were told, as settings of ramswap. */
#ifndef RAMSWAP_CONFIG_IMPORT_H
#define RAMSWAP_CONFIG_IMPORT_H

#include "../ramswap.h"

/* A key that has no counterpart here, or another meaning: to be shown to the user. */
struct import_note {
	char text[512]; /* "/etc/systemd/zram-generator.conf:7: fs-type: ramswap makes no file systems" */
};

struct imported {
	unsigned int others; /* bits of enum ramswap_other: whose configuration was found */
	struct ramswap_settings settings;
	struct import_note *notes;
	size_t note_count;
};

/* Which of them have a configuration below root, without reading it: bits of enum ramswap_other. */
unsigned int import_find(int root);

/* 0, to be freed with import_free; -ENOENT: there is none; another negative errno and what was wrong. */
int import_read(int root, const struct ramswap_facts *facts, struct imported *imported, struct ramswap_problem *problem);
void import_free(struct imported *imported);

#endif
