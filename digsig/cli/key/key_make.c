// SPDX-License-Identifier: GPL-2.0-or-later
#include "key_make.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include "../../../lib/text/text.h"
#include "../cli.h"

static int complain_about_failure(const struct key_request *request, int err)
{
	const char *path = request->key_path;

	if (err == -EEXIST)
		complain("%s: there is a key or certificate of this name already: use --force to "
			 "overwrite it, which makes all that it signed unverifiable",
			path);
	else if (err == -EINVAL)
		complain("%s: not a subject: write it like \"CN=Build, O=Example\"",
			request->subject);
	else if (err == -EIO)
		complain("%s: OpenSSL could not make the key", path);
	else if (err == -EKEYREJECTED || err == -ECANCELED || err == -ENODEV || err == -EBADMSG)
		complain("%s: the certificate is not signed: %s", path,
			signing_error_meaning(-err));
	else
		complain("%s: cannot be written: %s", path, strerror(-err));
	if (err == -EKEYREJECTED || err == -ECANCELED)
		return EXIT_BAD_PASSPHRASE;
	return err == -EINVAL ? EXIT_USAGE : EXIT_ERROR;
}

/* Which file goes where: the one must not get to where the other belongs. */
static void print_made(const struct key_request *request)
{
	print_safely(stdout, request->key_path);
	printf(": the private key, %s: %s\n",
		request->passphrase ? "encrypted"
				    : "not encrypted (--passphrase-file encrypts one)",
		request->is_authority ? "it goes into a safe" : "it stays with who signs");
	print_safely(stdout, request->certificate_path);
	printf(": its certificate: %s\n",
		request->issuer ? "it goes to the hosts, into what they trust, with its CA's"
				: "it goes to the hosts, into what they trust (--trust)");
}

int key_make(const char *name, const char *directory, struct key_request *request)
{
	char key_path[PATH_MAX], certificate_path[PATH_MAX];
	int err;

	if (snprintf(key_path, sizeof(key_path), "%s/%s.key", directory, name) >=
			(int)sizeof(key_path) ||
		snprintf(certificate_path, sizeof(certificate_path), "%s/%s.crt", directory,
			name) >= (int)sizeof(certificate_path)) {
		complain("%s: the path is too long: choose a shorter one", name);
		return EXIT_USAGE;
	}
	/* Without "=", and thus taken as a common name whatever else is in it. */
	if (!request->subject)
		request->subject = name;
	request->key_path = key_path;
	request->certificate_path = certificate_path;
	err = key_new(request);
	if (err)
		return complain_about_failure(request, err);
	print_made(request);
	return EXIT_OK;
}
