/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The machine that a command is about: --root DIR, or the one that it runs on. */
#ifndef RAMSWAP_CLI_ROOT_H
#define RAMSWAP_CLI_ROOT_H

#include "../ramswap.h"

/* The option: field is a const char * of the structure, NULL without it. */
#define ROOT_OPTION(structure, field)                                                                                  \
	{ OPTION_VALUE, 0, "root", "DIR", "the machine whose files are below this folder",                             \
		OPTION_FIELD(structure, field), .offer = OFFER_FOLDERS }

/* A descriptor; or -1, having complained. */
int root_open(const char *path);

/* The facts below an open root, to be freed; or NULL, having complained. parts: RAMSWAP_READ_*. */
struct ramswap_facts *root_read(int root, unsigned int parts);

#endif
