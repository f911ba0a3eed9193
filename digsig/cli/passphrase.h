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
 * The passphrase_source of trust/signer.h; context is the path of a file (const char *), NULL to
 * ask on the terminal.
 */
int passphrase_obtain(char *buffer, int size, void *context);

#endif
