/* SPDX-License-Identifier: GPL-2.0-or-later */
/* digsig key import: an OpenPGP public key becomes a certificate. */
#ifndef DIGSIG_CLI_KEY_IMPORT_H
#define DIGSIG_CLI_KEY_IMPORT_H

#include <stdbool.h>

struct import_request {
	const char *path, *directory;
	const char *subject; /* NULL: the key's user id */
	int days;
	const char *passphrase; /* NULL: gpg-agent asks */
	bool replace;
};

/* Complains itself; returns an exit code. */
int key_import(const struct import_request *request);

#endif
