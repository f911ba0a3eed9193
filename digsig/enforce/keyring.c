// SPDX-License-Identifier: GPL-2.0-or-later
#include "keyring.h"
#include <errno.h>
#include <keyutils.h>
#include <openssl/crypto.h>
#include "../kernel/engine.h"

/* Read and search, for possessor and owner; nobody writes, links or changes attributes. */
#define CLOSED                                                                                     \
	(KEY_POS_VIEW | KEY_POS_READ | KEY_POS_SEARCH | KEY_USR_VIEW | KEY_USR_READ |               \
		KEY_USR_SEARCH)

static int add_certificate(X509 *certificate, key_serial_t keyring)
{
	unsigned char *der = NULL;
	int size = i2d_X509(certificate, &der), err = 0;

	if (size < 0)
		return -EBADMSG;
	if (add_key("asymmetric", NULL, der, (size_t)size, keyring) < 0)
		err = -errno;
	OPENSSL_free(der);
	return err;
}

static int fill(key_serial_t keyring, const struct trust_store *trust, int *refused)
{
	size_t count = trust_store_count(trust);
	int err = 0;

	for (size_t i = 0; !err && i < count; i++) {
		err = add_certificate(trust_store_certificate(trust, i), keyring);
		if (err && refused)
			*refused = (int)i;
	}
	return err;
}

/* It lives on in the user's keyring, once it is complete; CLOSED, it cannot be linked any more. */
static int publish(key_serial_t keyring)
{
	if (keyctl_restrict_keyring(keyring, NULL, NULL) ||
		keyctl_link(keyring, KEY_SPEC_USER_KEYRING) || keyctl_setperm(keyring, CLOSED))
		return -errno;
	return 0;
}

/*
 * It is made in the process's keyring: only who possesses a new keyring may write to it, and what is
 * in the user's keyring is not possessed where the session does not link that, as in a service of
 * systemd's.
 */
int32_t keyring_create(const struct trust_store *trust, int *refused)
{
	key_serial_t keyring;
	int err;

	if (refused)
		*refused = -1;
	keyring = add_key("keyring", DIGSIG_KEYRING_NAME, NULL, 0, KEY_SPEC_PROCESS_KEYRING);
	if (keyring < 0)
		return -errno;
	err = fill(keyring, trust, refused);
	if (!err)
		err = publish(keyring);
	keyctl_unlink(keyring, KEY_SPEC_PROCESS_KEYRING);
	if (!err)
		return keyring;
	keyring_drop(keyring);
	return err;
}

void keyring_drop(int32_t serial)
{
	keyctl_unlink(serial, KEY_SPEC_USER_KEYRING);
}

int keyring_count(int32_t serial)
{
	long bytes = keyctl_read(serial, NULL, 0);

	return bytes < 0 ? -errno : (int)((size_t)bytes / sizeof(key_serial_t));
}
