/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A signer whose key is in a PKCS#11 token: a smart card, an HSM, SoftHSM. p11-kit finds the module
 * and the token; the token signs, the key never leaves it.
 */
#ifndef DIGSIG_TRUST_TOKEN_H
#define DIGSIG_TRUST_TOKEN_H

#include <stdbool.h>
#include "signer.h"

/* Whether a key is named by a PKCS#11 URI (RFC 7512) and not by a path. */
bool token_is_named(const char *key);

/*
 * Opens the one private key that the URI names and logs in: with the URI's pin-value, else what
 * passphrase gives; a reader with a keypad of its own is left to ask. certificate_path NULL: the
 * certificate on the token that has the key's id. Whether key and certificate belong together shows
 * at the first signature. Otherwise as signer_load.
 */
int token_signer_load(struct signer **signer, const char *uri, const char *certificate_path,
	passphrase_source passphrase, void *context, enum signer_problem *problem);

#endif
