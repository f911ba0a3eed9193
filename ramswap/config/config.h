/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /etc/ramswap.conf and its drop-ins, ramswap.conf(5): INI, read with libinih. As systemd has it: of files of one
 * name in /etc/ramswap.conf.d, /run/ramswap.conf.d and /usr/lib/ramswap.conf.d the first counts; they are taken in
 * the order of their names, after the file itself; a later line replaces an earlier one, and an empty value brings
 * the default back. A file that is a link to /dev/null does not count, and hides those of its name.
 */
#ifndef RAMSWAP_CONFIG_H
#define RAMSWAP_CONFIG_H

#include "../ramswap.h"

#define CONFIG_FILE "/etc/ramswap.conf"
#define CONFIG_SIZE_MAX (64 * 1024) /* of one file */

/*
 * path: that file alone; NULL: all that there are below root, which may be none. 0 and *settings; or a negative errno,
 * and *problem with file and line. A file that everybody may write is an error.
 */
int config_load(int root, const char *path, struct ramswap_settings *settings, struct ramswap_problem *problem);

/* Whether there is such a file below root, however wrong: 1, 0; or a negative errno. */
int config_exists(int root);

/* One file's text, over what *settings has: all of it, or, with an error, nothing. */
int config_parse(const char *name, const char *text, size_t size, struct ramswap_settings *settings,
	struct ramswap_problem *problem);

/*
 * ramswap.conf with what is no default, to be freed; NULL: memory is short. Of settings that config_parse gave, it is
 * a text that config_parse gives the same for.
 */
char *config_print(const struct ramswap_settings *settings);

#endif
