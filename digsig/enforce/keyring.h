/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The trusted certificates inside the kernel: a keyring that nobody can add to once it is made. */
#ifndef DIGSIG_ENFORCE_KEYRING_H
#define DIGSIG_ENFORCE_KEYRING_H

#include <stdint.h>
#include "../trust/store.h"

/*
 * Makes the keyring, fills it with the store's certificates, closes it for good and anchors it in
 * root's user keyring. Returns its serial number, or a negative errno; *refused, if not NULL, is
 * then the index of the certificate that the kernel would not take, or -1.
 */
int32_t keyring_create(const struct trust_store *trust, int *refused);

/* Lets go of the keyring; it dies with its last user. */
void keyring_drop(int32_t serial);

/* How many certificates are in it, or a negative errno. */
int keyring_count(int32_t serial);

#endif
