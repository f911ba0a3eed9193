/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When a certificate is valid (RFC 5280 section 4.1.2.5). Nothing here makes a signature good or bad:
 * the kernel looks at no date, and who wants to go by dates asks the trust store to.
 */
#ifndef DIGSIG_TRUST_VALIDITY_H
#define DIGSIG_TRUST_VALIDITY_H

#include <stddef.h>
#include <time.h>
#include <openssl/x509.h>

enum validity_state { VALIDITY_NOW, VALIDITY_NOT_YET, VALIDITY_EXPIRED };

struct certificate_validity {
	time_t not_before, not_after; /* seconds since 1970 */
	enum validity_state state; /* at the moment asked about */
};

#define VALIDITY_TEXT_SIZE 64

/* A date that cannot be read makes it EXPIRED. */
void certificate_validity(
	const X509 *certificate, time_t at, struct certificate_validity *validity);

/* "valid", "not-yet-valid", "expired". A static string. */
const char *validity_state_name(enum validity_state state);

/* "expired on 2026-11-24T00:00:00Z", "not valid before ...", "valid until ...". */
void validity_describe(const struct certificate_validity *validity, char text[VALIDITY_TEXT_SIZE]);

/* Both dates, as in 2026-11-24T00:00:00Z. */
void validity_dates(const struct certificate_validity *validity, char from[32], char to[32]);

/*
 * A certificate's subject as people write it, CN=Build,O="Example, Inc.", to be freed; NULL: no memory.
 * What could be taken for more of the name stands in quotes, in which a quote is doubled; nothing is
 * escaped with a backslash, so that it is escaped once where it is shown. A zero byte becomes '?'.
 */
char *certificate_subject(const X509 *certificate);

#endif
