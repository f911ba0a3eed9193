/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an old signature by bsign is worth today: something to look at. No answer given here lets
 * anything run: the hash is SHA-1, and the section can be moved about.
 */
#ifndef DIGSIG_FILE_LEGACY_H
#define DIGSIG_FILE_LEGACY_H

#include "../elf/bsign.h"

enum legacy_state {
	LEGACY_NONE, /* no section of bsign's */
	LEGACY_CHANGED, /* the SHA-1 is not the file's */
	LEGACY_HASHED, /* it is, and nobody signed it */
	LEGACY_UNCHECKED, /* it is; the OpenPGP signature was not checked */
	LEGACY_BAD, /* gpgv says that the signature is not good, or not by a key of the keyring */
	LEGACY_GOOD, /* gpgv says that it is good */
};

struct legacy_finding {
	enum legacy_state state;
	struct bsign_section section; /* unless NONE */
};

/*
 * Judges the regular file fd. keyring: what gpgv(1) takes as one; NULL: the signature is left
 * unchecked. 0 with *finding; -ENOPKG: gpgv could not be run; or a negative errno of reading.
 */
int legacy_judge(int fd, const char *keyring, struct legacy_finding *finding);

/* A static string that fits behind "legacy: ". */
const char *legacy_meaning(enum legacy_state state);

#endif
