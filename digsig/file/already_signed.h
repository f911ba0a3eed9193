/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a file need not be signed, because it is already, in the way that is wanted. */
#ifndef DIGSIG_FILE_ALREADY_SIGNED_H
#define DIGSIG_FILE_ALREADY_SIGNED_H

#include "../trust/store.h"
#include "sign.h"

enum already_signed {
	FILE_IS_UNSIGNED,
	FILE_IS_ALREADY_SIGNED, /* file_sign would do the same again, but for the time */
	FILE_IS_SIGNED_OTHERWISE, /* signed by another key, or with other options */
	FILE_IS_TAMPERED, /* its bytes are not those that were signed, by whichever key */
};

/*
 * Judges fd, and compares key, identity, epoch and flags with what the options say; the signing
 * time too if compares_time. own has the signer's certificate and no other. Returns 0 with
 * *found, or a negative errno: it cannot be read.
 */
int already_signed_find(int fd, const struct sign_options *options, const struct trust_store *own,
	bool compares_time, enum already_signed *found);

/*
 * Whether target, a file that is already signed, is what signing source would give: by the bytes. 1, 0,
 * or a negative errno.
 */
int file_is_made_of(int target, int source, const struct sign_options *options);

#endif
