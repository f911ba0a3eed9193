/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that make room for a new one: NAME becomes NAME.1, NAME.1 becomes NAME.2, and so on. */
#ifndef KERNKIT_FILE_ROTATION_H
#define KERNKIT_FILE_ROTATION_H

/*
 * Takes the name away from the file in folder, a descriptor, and keeps so many earlier ones; 0: it is removed. Only what has to make
 * room is renamed: where a number is free, what is behind it stays. 0; or a negative errno: the file has
 * its name still, and no earlier one is lost.
 */
int rotation_rename(int folder, const char *name, unsigned int keep);

#endif
