/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which kinds of keys the running kernel can verify signatures of. */
#ifndef DIGSIG_ENFORCE_KEY_PROBE_H
#define DIGSIG_ENFORCE_KEY_PROBE_H

enum probed_key { PROBED_RSA, PROBED_ECDSA_P256 };

/*
 * Shows the kernel a certificate that is kept for the purpose, in a keyring that is gone with the thread,
 * and asks what it can do with its key. Needs no rights. 1: it verifies; 0: it does not; a negative
 * errno: it could not be found out.
 */
int kernel_verifies(enum probed_key kind);

#endif
