/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dpkg's lists of the files of packages, read as files: dpkg is not run. Paths are given as they are on the disk: merged /usr and
 * diversions are heeded.
 */
#ifndef DIGSIG_PACKAGES_DPKG_H
#define DIGSIG_PACKAGES_DPKG_H

#include <limits.h>

enum {
	DPKG_PATH_MAX = PATH_MAX, /* bytes with the NUL; a longer line is passed over, and so is one with a NUL in it */
	DPKG_PATH_ROOM = DPKG_PATH_MAX + 256, /* of a path on the disk */
	DPKG_LIST_MAX = 16 << 20, /* bytes; a larger list is passed over */
	DPKG_DIVERSIONS_MAX = 4096, /* those behind are passed over */
};

struct dpkg;

/*
 * root: "/", or a folder that stands for it, of which links like /bin are read. folder: /var/lib/dpkg, or another one, of which the
 * diversions are read; it need not be there. 0; -ENOMEM.
 */
int dpkg_open(const char *root, const char *folder, struct dpkg **dpkg);
void dpkg_close(struct dpkg *dpkg);

/* Where the path of a package is on the disk: path itself, a text of dpkg's, or buffer, which has room for DPKG_PATH_ROOM. */
const char *dpkg_place(const struct dpkg *dpkg, const char *path, const char *package, char *buffer);

/* package: as the list is called, "libc6:amd64"; path: on the disk. Anything but 0 ends the visit. */
typedef int dpkg_visitor(void *closure, const char *path, const char *package);

/*
 * All lines that are paths, list by list; folders are among them. A list that cannot be read, or is no regular file, is passed over. 0;
 * what the visitor returned; a negative errno: -ENOENT: there is no dpkg here.
 */
int dpkg_visit(const struct dpkg *dpkg, dpkg_visitor *visit, void *closure);

#endif
