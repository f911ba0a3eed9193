/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each certificate of a trust store may do, once all of them are known: see store.h. */
#ifndef DIGSIG_TRUST_CERTIFICATE_ROLES_H
#define DIGSIG_TRUST_CERTIFICATE_ROLES_H

#include <stdbool.h>
#include <stddef.h>
#include <openssl/x509.h>

enum {
	ROLE_SIGNER = 1, /* its key may vouch for code */
	ROLE_AUTHORITY = 2, /* and for certificates */
	ROLE_ISSUED = 4, /* because a CA in the store issued it */
	ROLE_LEFT_OUT = 8, /* neither: see why */
};

struct certificate_roles {
	X509 *certificate; /* the store's */
	unsigned int roles;
	char why[128];
};

struct store_roles {
	struct certificate_roles *certificates; /* owned; in the order of the store */
	size_t count;
};

/* 0 with *all to be freed; -ENOMEM. */
int certificate_roles_find(
	STACK_OF(X509) *certificates, bool refuses_expired, struct store_roles *all);
/* Frees the array; the certificates are the store's. */
void certificate_roles_free(struct store_roles *all);

#endif
