/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DIGSIG_LIBRARY_TRUST_H
#define DIGSIG_LIBRARY_TRUST_H

#include "../revocation/revocation.h"
#include "../trust/store.h"

struct digsig_trust {
	struct trust_store *store;
	struct revocations revoked;
};

#endif
