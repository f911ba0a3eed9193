/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The place of a log: a folder, and a name in it, to which numbers are added. */
#ifndef SCCON_TRANSCRIPT_PLACE_H
#define SCCON_TRANSCRIPT_PLACE_H

/* A descriptor of the folder that path is in; or a negative errno. */
int place_folder(const char *path);

/* 0 and the name, to be freed; -ENAMETOOLONG: a number has no room behind it; -ENOMEM: *name is NULL. */
int place_name(const char *path, char **name);

#endif
