// SPDX-License-Identifier: GPL-2.0-or-later
#include "keyring.h"
#include <errno.h>
#include <keyutils.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/crypto.h>
#include "../../lib/text/text.h"
#include "../kernel/engine.h"
#include "../trust/signer.h"

/* Read and search, for possessor and owner; nobody writes, links or changes attributes. */
#define CLOSED                                                                                     \
	(KEY_POS_VIEW | KEY_POS_READ | KEY_POS_SEARCH | KEY_USR_VIEW | KEY_USR_READ |               \
		KEY_USR_SEARCH)

/* The key that the kernel made of it, or a negative errno. */
static key_serial_t add_certificate(X509 *certificate, key_serial_t keyring)
{
	unsigned char *der = NULL;
	int size = i2d_X509(certificate, &der);
	key_serial_t key;

	if (size < 0)
		return -EBADMSG;
	key = add_key("asymmetric", NULL, der, (size_t)size, keyring);
	if (key < 0)
		key = -errno;
	OPENSSL_free(der);
	return key;
}

static key_serial_t new_keyring(const char *name)
{
	key_serial_t keyring = add_key("keyring", name, NULL, 0, KEY_SPEC_PROCESS_KEYRING);

	return keyring < 0 ? -errno : keyring;
}

/* The CAs' own keyring: what is in the engine's may sign code. */
static key_serial_t gather_authorities(const struct trust_store *trust, X509 **refused)
{
	key_serial_t keyring = new_keyring("digsig-authorities");
	X509 *authority;

	for (size_t i = 0; keyring >= 0 && (authority = trust_store_authority(trust, i)); i++) {
		key_serial_t key = add_certificate(authority, keyring);

		if (key >= 0)
			continue;
		*refused = authority;
		keyctl_unlink(keyring, KEY_SPEC_PROCESS_KEYRING);
		keyring = key;
	}
	return keyring;
}

/* A keyring into which the kernel lets only what one of the CAs signed. */
static key_serial_t new_issued_keyring(key_serial_t authorities)
{
	key_serial_t keyring = new_keyring("digsig-issued");
	char restriction[64];
	int err;

	if (keyring < 0)
		return keyring;
	snprintf(restriction, sizeof(restriction), "key_or_keyring:%d", authorities);
	if (!keyctl_restrict_keyring(keyring, "asymmetric", restriction))
		return keyring;
	err = -errno;
	keyctl_unlink(keyring, KEY_SPEC_PROCESS_KEYRING);
	return err;
}

static int fill(key_serial_t keyring, key_serial_t issued, const struct trust_store *trust,
	X509 **refused)
{
	size_t count = trust_store_count(trust);

	for (size_t i = 0; i < count; i++) {
		X509 *certificate = trust_store_certificate(trust, i);
		bool is_issued = trust_store_is_issued(trust, i);
		key_serial_t key = add_certificate(certificate, is_issued ? issued : keyring);

		if (key >= 0 && is_issued && keyctl_link(key, keyring))
			key = -errno;
		if (key < 0) {
			*refused = certificate;
			return key;
		}
	}
	return 0;
}

/* The two keyrings beside the engine's are gone afterwards; the keys that were linked stay. */
static int fill_checked(key_serial_t keyring, const struct trust_store *trust, X509 **refused)
{
	key_serial_t authorities, issued;
	int err;

	if (!trust_store_authority(trust, 0))
		return fill(keyring, -1, trust, refused);
	authorities = gather_authorities(trust, refused);
	if (authorities < 0)
		return authorities;
	issued = new_issued_keyring(authorities);
	err = issued < 0 ? issued : fill(keyring, issued, trust, refused);
	if (issued >= 0)
		keyctl_unlink(issued, KEY_SPEC_PROCESS_KEYRING);
	keyctl_unlink(authorities, KEY_SPEC_PROCESS_KEYRING);
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
int32_t keyring_create(const struct trust_store *trust, X509 **refused)
{
	key_serial_t keyring;
	int err;

	*refused = NULL;
	keyring = new_keyring(DIGSIG_KEYRING_NAME);
	if (keyring < 0)
		return keyring;
	err = fill_checked(keyring, trust, refused);
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

/* What the kernel calls it: "SUBJECT: KEY-IDENTIFIER", the latter in hexadecimal digits. */
static bool is_key_of(const char *description, X509 *certificate)
{
	char hex[2 * DIGSIG_KEY_ID_SIZE + 1];
	size_t length = strlen(description);
	__u8 key_id[DIGSIG_KEY_ID_SIZE];

	if (certificate_key_id(certificate, key_id) || length < sizeof(hex) - 1)
		return false;
	print_hex(hex, key_id, sizeof(key_id));
	return !strcmp(description + length - (sizeof(hex) - 1), hex);
}

/* The index in the store, or its count. */
static size_t find_key(key_serial_t key, const struct trust_store *trust)
{
	size_t count = trust_store_count(trust), i = 0;
	char *description;

	if (keyctl_describe_alloc(key, &description) < 0)
		return count;
	while (i < count && !is_key_of(description, trust_store_certificate(trust, i)))
		i++;
	free(description);
	return i;
}

int keyring_differs(int32_t serial, const struct trust_store *trust)
{
	size_t count = trust_store_count(trust), found = 0;
	key_serial_t *keys;
	long bytes = keyctl_read_alloc(serial, (void **)&keys);
	int differs = 0;

	if (bytes < 0)
		return -errno;
	for (size_t i = 0; i < (size_t)bytes / sizeof(*keys); i++) {
		if (find_key(keys[i], trust) == count)
			differs |= KEYRING_EXCEEDS;
		else
			found++;
	}
	free(keys);
	return found < count ? differs | (int)KEYRING_LACKS : differs;
}
