/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The name of a log in its folder, to which numbers are added. */
#ifndef SCCON_TRANSCRIPT_PLACE_H
#define SCCON_TRANSCRIPT_PLACE_H

/* 0 and the name, to be freed; -ENAMETOOLONG: a number has no room behind it; -ENOMEM: *name is NULL. */
int place_name(const char *path, char **name);

#endif
