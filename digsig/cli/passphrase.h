/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a key's passphrase comes from: a file, or the terminal. */
#ifndef DIGSIG_CLI_PASSPHRASE_H
#define DIGSIG_CLI_PASSPHRASE_H

/*
 * Reads the first line of a file, without its newline, into text of size bytes. Returns its
 * length, or a negative errno; -ENODATA: the line is empty; -E2BIG: it is longer than size - 1.
 */
int passphrase_read_file(const char *path, char *text, int size);

/*
 * Asks on the terminal, twice, for a passphrase to encrypt a new key with. Returns its length, 0 if
 * none is wanted, or a negative errno; -EINVAL: the two are not the same.
 */
int passphrase_choose(char *text, int size);

struct passphrase_origin {
	const char *file; /* NULL: the terminal is asked */
	int error; /* why there was none, a negative errno; 0: there was one, or nobody asked */
};

/* The passphrase_source of trust/signer.h; context is a struct passphrase_origin. */
int passphrase_obtain(char *buffer, int size, void *context);

#endif
