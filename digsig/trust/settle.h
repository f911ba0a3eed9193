/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each certificate of a trust store may do, once all of them are known: see store.h. */
#ifndef DIGSIG_TRUST_SETTLE_H
#define DIGSIG_TRUST_SETTLE_H

#include <stdbool.h>
#include <stddef.h>
#include <openssl/x509.h>

enum {
	SETTLED_SIGNER = 1, /* its key may vouch for code */
	SETTLED_AUTHORITY = 2, /* and for certificates */
	SETTLED_ISSUED = 4, /* because a CA in the store issued it */
	SETTLED_LEFT_OUT = 8, /* neither: see why */
};

struct settled_certificate {
	X509 *certificate; /* the store's */
	unsigned int roles;
	char why[128];
};

struct settlement {
	struct settled_certificate *certificates; /* owned; in the order of the store */
	size_t count;
};

/* 0 with *settled to be freed; -ENOMEM. */
int settlement_make(
	STACK_OF(X509) *certificates, bool refuses_expired, struct settlement *settled);
void settlement_free(struct settlement *settled);

#endif
