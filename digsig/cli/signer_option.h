/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options --key, --cert and --passphrase-file, and the time that goes with a signature. */
#ifndef DIGSIG_CLI_SIGNER_OPTION_H
#define DIGSIG_CLI_SIGNER_OPTION_H

#include "../trust/signer.h"

/*
 * Loads the key and its certificate; certificate NULL: the key's path with .crt in place of .key;
 * passphrase_file NULL: ask on the terminal. Complains itself; returns an exit code.
 */
int signer_option_load(const char *subcommand, struct signer **signer, const char *key,
	const char *certificate, const char *passphrase_file);

/* The same with a key of a GnuPG user; passphrase_file NULL: gpg-agent asks. */
int signer_option_load_gpg(struct signer **signer, const char *user, const char *certificate,
	const char *passphrase_file);

/* A signer with its certificate alone. Complains itself; returns an exit code. */
int certificate_option_load(struct signer **signer, const char *certificate);

/* Now, or what SOURCE_DATE_EPOCH says. Complains itself; returns an exit code. */
int signing_time_find(__u64 *seconds);

/* A number of decimal digits alone: 0 or -EINVAL. */
int parse_decimal(const char *text, __u64 *number);

#endif
