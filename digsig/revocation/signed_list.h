/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A list of revocations that somebody else made: lines as revocation.h has them, one of them
 * "sequence N", N counting up from list to list; behind them, in PEM, a CMS signature of a trusted
 * key about all that stands before its first line.
 */
#ifndef DIGSIG_REVOCATION_SIGNED_LIST_H
#define DIGSIG_REVOCATION_SIGNED_LIST_H

#include "../trust/store.h"
#include "list_file.h"

/*
 * Reads it into *list, which is empty after an error. -EKEYREJECTED: *verdict says what is wrong with
 * the signature; other negative errno: it is no such list, or could not be read; see *problem.
 */
int signed_list_read(const char *path, const struct trust_store *store, struct revocations *list,
	enum digsig_verdict *verdict, struct revocation_problem *problem);

/*
 * Reads a file of revocations of either kind: one with a CMS in it is a signed list, and has to be a
 * good one; another is read as the machine's store is, and one that is not there is empty.
 * *verdict is then NONE. Errors as above.
 */
int revocation_file_read(const char *path, const struct trust_store *store,
	struct revocations *list, enum digsig_verdict *verdict, struct revocation_problem *problem);

#endif
