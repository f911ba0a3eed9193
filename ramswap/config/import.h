/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What zram-generator and zram-tools were told, as settings of ramswap. zram-generator.conf(5): the main file, the
 * first of those in /run/systemd, /etc/systemd, /usr/local/lib/systemd and /usr/lib/systemd, and then the fragments
 * in zram-generator.conf.d of the same folders; systemd.zram of the kernel's command line. zram-tools:
 * /etc/default/zramswap, or, where its unit is enabled without that file, its defaults.
 */
#ifndef RAMSWAP_CONFIG_IMPORT_H
#define RAMSWAP_CONFIG_IMPORT_H

#include "../ramswap.h"

enum { IMPORT_NOTES_MAX = 256, IMPORT_DEVICES_MAX = 32 };

/* A key that has no counterpart here, or another meaning: to be shown to the user. */
struct import_note {
	char text[512]; /* "/etc/systemd/zram-generator.conf:7: fs-type = ext4: ramswap makes no file systems" */
};

struct imported {
	unsigned int others; /* bits of enum ramswap_other: whose configuration was found */
	struct ramswap_settings settings;
	struct import_note *notes;
	size_t note_count;
};

/* Which of them have files of a configuration below root, without reading them: bits of enum ramswap_other. */
unsigned int import_find(int root);

/*
 * facts: memory, command line, and who else sets up zram (RAMSWAP_READ_OTHERS). 0, to be freed with import_free;
 * -ENOENT: there is none; another negative errno and what was wrong. zram-generator's counts if there are both. The
 * settings are such that config_parse takes what config_print makes of them.
 */
int import_read(int root, const struct ramswap_facts *facts, struct imported *imported, struct ramswap_problem *problem);
void import_free(struct imported *imported);

#endif
