/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A text with a CMS signature behind it: in PEM, about all that stands before the line "-----BEGIN CMS-----". Texts are
 * strings: a NUL byte ends them.
 */
#ifndef DIGSIG_TRUST_SIGNED_TEXT_H
#define DIGSIG_TRUST_SIGNED_TEXT_H

#include "../format/verdict.h"
#include "signer.h"
#include "store.h"

#define SIGNED_TEXT_MARK "-----BEGIN CMS-----"

/*
 * Where the signature begins; NULL: there is none. Only a mark at the beginning of a line counts, and there must be no other.
 * What it is about has this - text bytes.
 */
const char *signed_text_find(const char *text);

/*
 * What the signature, as signed_text_find returned it, is worth for size bytes of content: as cms_verify_content says.
 * *signer, if given, is then the certificate for OK and BADSIG, owned by the store, else NULL.
 */
enum digsig_verdict signed_text_verify(
	const char *signature, const char *content, size_t size, const struct trust_store *store, X509 **signer);

/*
 * The content, which must end with a newline, with its signature behind it: a string, to be freed. -EINVAL: it ends otherwise, or
 * has a mark already; -ENOMEM; the errors of cms_sign_content.
 */
int signed_text_sign(const char *content, const struct signer *signer, char **text);

#endif
