/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A certificate for a key that GnuPG has, or of which it knows the public half. */
#ifndef DIGSIG_TRUST_GPG_CERTIFICATE_H
#define DIGSIG_TRUST_GPG_CERTIFICATE_H

#include "gpg.h"

/*
 * Self-signed by gpg-agent if that has the secret key. Otherwise by a key that is thrown away, under
 * a name of its own: nobody verifies that signature, but the kernel would refuse a certificate that
 * claims to be self-signed and is not. passphrase NULL: gpg-agent asks. 0 with *made to be freed,
 * and *is_self_signed; -EINVAL: the subject; -EIO; and the errors of gpg_sign_digest.
 */
int gpg_certificate_make(const struct gpg_key *key, const char *subject, int days,
	const char *passphrase, X509 **made, bool *is_self_signed);

#endif
