/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options --key, --gpg, --cert and --passphrase-file, and the time that goes with a signature. */
#ifndef DIGSIG_CLI_SIGNER_OPTION_H
#define DIGSIG_CLI_SIGNER_OPTION_H

#include "../../lib/command/options.h"
#include "../trust/signer.h"

/* Who signs, as the command line says. */
struct signer_options {
	const char *key; /* --key, a file or a PKCS#11 URI; or */
	const char *user; /* --gpg: a user whose key gpg-agent has */
	const char *certificate; /* --cert; NULL: the key's path with .crt in place of .key */
	const char *passphrase_file; /* NULL: ask on the terminal; gpg-agent asks */
	const char *passphrase_option; /* which gives that file; NULL: --passphrase-file */
};

/* --key, --cert, --gpg and --passphrase-file, for a group of options: a struct signer_options. */
extern const struct command_option signer_option_table[];

/* Whether that can be meant. Complains itself; returns an exit code. */
int signer_option_check(const struct signer_options *options);

/*
 * Loads a signer of code. Warns if every user may read the file of the key, and if the certificate is
 * expired, not valid yet, or about to expire, and goes on: whoever verifies decides. Complains itself;
 * returns an exit code.
 */
int signer_option_load(const struct signer_options *options, struct signer **signer);

/*
 * Loads a CA, to issue certificates: one that is not valid now is refused. Complains itself; returns
 * an exit code.
 */
int issuer_option_load(const struct signer_options *options, struct signer **signer);

/* A signer of code with its certificate alone; as signer_option_load. Complains itself; returns an exit code. */
int certificate_option_load(struct signer **signer, const char *certificate);

/* For the option --identity: the field is a const char *. Complains itself; returns an exit code. */
int identity_option_take(void *field, char *identity);

/* Now, or what SOURCE_DATE_EPOCH says. Complains itself; returns an exit code. */
int signing_time_find(__u64 *seconds);

#endif
