/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The trusted certificates inside the kernel: a keyring that nobody can add to once it is made. */
#ifndef DIGSIG_ENFORCE_KEYRING_H
#define DIGSIG_ENFORCE_KEYRING_H

#include <stdint.h>
#include "../trust/store.h"

/*
 * Makes the keyring, fills it with the store's certificates, closes it for good and anchors it in
 * root's user keyring. What a CA issued comes in by a keyring of its own, into which the kernel lets
 * only what one of the store's CAs signed: "key_or_keyring" of keyctl_restrict_keyring(3). The CAs do
 * not get in. Returns its serial number, or a negative errno; *refused is then the certificate, the
 * store's, that the kernel would not take, or NULL.
 */
int32_t keyring_create(const struct trust_store *trust, X509 **refused);

/* Lets go of the keyring; it dies with its last user. */
void keyring_drop(int32_t serial);

/* How many certificates are in it, or a negative errno. */
int keyring_count(int32_t serial);

/* How a keyring differs from what a start with a store would put there. */
#define KEYRING_LACKS 1u /* a certificate of the store is not in it */
#define KEYRING_EXCEEDS 2u /* it has one that is not in the store */

/* Of both: 0: it does not differ; or a negative errno. Keys are told apart by their identifiers. */
int keyring_differs(int32_t serial, const struct trust_store *trust);

#endif
