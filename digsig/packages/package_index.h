/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which package a path is of, asked often by a program that may not grow: dpkg's lists are read once, and once more when they have
 * changed. A file costs 8 bytes, 48 bits of them of the SHA-256 of its path with a secret of the process in front: so a path of no
 * package is taken for one of a package once in a thousand million, and nobody can look for such a path.
 */
#ifndef DIGSIG_PACKAGES_PACKAGE_INDEX_H
#define DIGSIG_PACKAGES_PACKAGE_INDEX_H

enum {
	PACKAGE_INDEX_FILES_MAX = 512 << 10, /* 4 MiB; files beyond have no package */
	PACKAGE_INDEX_PACKAGES_MAX = 32 << 10,
	PACKAGE_NAME_MAX = 128, /* bytes; a longer one, or one with other characters than dpkg allows, is none */
	PACKAGE_INDEX_LOOK_EVERY = 30000, /* milliseconds */
};

struct package_index;

/*
 * Reads nothing yet. root, folder: as of dpkg_open. look_every: milliseconds after which it is looked again whether dpkg's lists have
 * changed. 0; -ENOMEM; -EIO: there is no SHA-256.
 */
int package_index_new(const char *root, const char *folder, unsigned int look_every, struct package_index **index);
void package_index_free(struct package_index *index);

/*
 * The package's name, as its list is called, with letters, digits and "+-.:_~" only; it stays until the next call. NULL: the path is of
 * none, there is no dpkg, or its lists cannot be read. The call that finds the lists changed reads them, which takes a time.
 */
const char *package_index_find(struct package_index *index, const char *path);

#endif
