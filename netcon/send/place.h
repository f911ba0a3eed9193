/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where sending goes on after a restart: a sequence number of a boot, and the file that keeps it. */
#ifndef KERNKIT_NETCON_SEND_PLACE_H
#define KERNKIT_NETCON_SEND_PLACE_H

#include <stddef.h>
#include <linux/types.h>

enum { BOOT_ID_SIZE = 36 }; /* "01234567-89ab-cdef-0123-456789abcdef" */

struct place {
	char boot_id[BOOT_ID_SIZE + 1];
	__u64 next; /* all records below it have been sent */
};

/* The running boot's id. 0 or a negative errno. */
int boot_id_read(char boot_id[BOOT_ID_SIZE + 1]);

/* The bytes of a file that place_write wrote: 0; -EBADMSG: they are not that, in any detail. */
int place_parse(const char *bytes, size_t size, struct place *place);

/* 0; -ENOENT: there is no file; -EBADMSG: what is there is not one; another negative errno. */
int place_read(const char *path, struct place *place);

/* Writes the file as a whole, and makes its folder if that alone is missing. 0 or a negative errno. */
int place_write(const char *path, const struct place *place);

/*
 * A thread that writes the file, at most once a second: a disk that does not answer is what the kernel has
 * messages about, and must not hold them up.
 */
struct place_keeper;

/* path stays the caller's, and has to stay. 0 or a negative errno. */
int place_keeper_start(const char *path, struct place_keeper **keeper);

/* This is the place now. It does not wait for the disk. */
void place_keeper_put(struct place_keeper *keeper, const struct place *place);

/* What became of the last write: 0 or a negative errno. */
int place_keeper_error(struct place_keeper *keeper);

/*
 * Writes the last place and frees the keeper; keeper may be NULL. What became of that write: 0 or a negative
 * errno; -ETIMEDOUT: the disk did not answer for some seconds. The thread is then left behind.
 */
int place_keeper_stop(struct place_keeper *keeper);

#endif
