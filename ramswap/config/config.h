/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /etc/ramswap.conf and its drop-ins, ramswap.conf(5): INI, read with libinih. As systemd has it: of files of one name
 * in /etc/ramswap.conf.d, /run/ramswap.conf.d and /usr/lib/ramswap.conf.d the first counts; they are taken in the order of their names,
 * after the file itself; a later line replaces an earlier one.
 */
#ifndef RAMSWAP_CONFIG_H
#define RAMSWAP_CONFIG_H

#include "../ramswap.h"

#define CONFIG_FILE "/etc/ramswap.conf"
#define CONFIG_SIZE_MAX (64 * 1024) /* of one file */

/*
 * path: that file alone; NULL: all that there are below root, which may be none. 0 and *settings; or a negative errno,
 * and *problem with file and line.
 */
int config_load(int root, const char *path, struct ramswap_settings *settings, struct ramswap_problem *problem);

/* One file's text, over what *settings has. */
int config_parse(const char *name, const char *text, size_t size, struct ramswap_settings *settings,
	struct ramswap_problem *problem);

/* ramswap.conf with what is no default, to be freed; NULL: memory is short. */
char *config_print(const struct ramswap_settings *settings);

#endif
