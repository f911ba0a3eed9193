/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The folders of a set in the store. */
#ifndef DIGSIG_FLEET_FOLDER_H
#define DIGSIG_FLEET_FOLDER_H

/* "FOLDER/NAME"; path has room for PATH_MAX. 0; -ENAMETOOLONG. */
int fleet_path(char *path, const char *folder, const char *name);

/* Makes the store, unless it is there, and in it the folder of a set, empty, with the folders of blobs. For root alone. */
int fleet_folder_make(const char *store, const char *folder);

/* Syncs the names in it. 0 or a negative errno. */
int fleet_folder_sync(const char *folder);

/* Removes it, as far as it is a set. One that is not there is fine. */
void fleet_folder_remove(const char *folder);

#endif
