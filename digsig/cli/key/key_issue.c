// SPDX-License-Identifier: GPL-2.0-or-later
#include "key_issue.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "../../trust/certificate_make.h"
#include "../../trust/key_request.h"
#include "certificate_file.h"
#include "../cli.h"

static int complain_about_request(const char *path, int err)
{
	switch (err) {
	case -EBADMSG:
	case -EFBIG:
		complain("%s: neither a certification request nor a certificate: give PKCS#10 or "
			 "X.509, PEM or DER",
			path);
		return EXIT_UNSUPPORTED;
	case -EPERM:
		complain("%s: the request is not signed by its own key: have it made anew", path);
		return EXIT_UNSUPPORTED;
	case -EKEYREJECTED:
		complain("%s: not a key for signing here: use RSA of 2048 bits or more, or ECDSA",
			path);
		return EXIT_UNSUPPORTED;
	}
	complain("%s: cannot be read: %s", path, strerror(-err));
	return EXIT_ERROR;
}

static int issue(const struct issue_request *request, const struct signer *issuer,
	const struct wanted_certificate *wanted, const char *path)
{
	const struct certificate_request made_of = { .subject = request->subject,
		.subject_name = request->subject ? NULL : wanted->subject,
		.days = request->days,
		.key = wanted->key };
	X509 *certificate = NULL;
	int err = certificate_issue(&made_of, issuer, &certificate);
	int code = certificate_file_finish(
		path, certificate, err, request->subject, request->path);

	if (!code)
		putchar('\n');
	return code;
}

int key_issue(const struct issue_request *request, const struct signer *issuer)
{
	struct wanted_certificate wanted;
	char path[PATH_MAX];
	int code, err;

	if (certificate_file_path(request->directory, request->path, path, sizeof(path)))
		return usage_error("the path is too long");
	if (!request->replace && !access(path, F_OK)) {
		complain("%s: exists already: put the new one into another folder, by --out, or "
			 "use --force to overwrite it",
			path);
		return EXIT_ERROR;
	}
	err = wanted_certificate_read(request->path, &wanted);
	if (err)
		return complain_about_request(request->path, err);
	code = issue(request, issuer, &wanted, path);
	wanted_certificate_free(&wanted);
	return code;
}
