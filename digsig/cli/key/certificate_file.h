/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A certificate that is made of a file, in a file beside it. */
#ifndef DIGSIG_CLI_CERTIFICATE_FILE_H
#define DIGSIG_CLI_CERTIFICATE_FILE_H

#include <stddef.h>
#include <openssl/x509.h>

/* Of FOLDER/NAME.SUFFIX it is DIRECTORY/NAME.crt. -ENAMETOOLONG. */
int certificate_file_path(const char *directory, const char *of, char *path, size_t size);

/*
 * Writes the certificate that was made for the key in the file key, in PEM form, at once or not at all,
 * frees it, and prints path; or says why none was made: err, with that subject. Returns an exit code.
 */
int certificate_file_finish(
	const char *path, X509 *certificate, int err, const char *subject, const char *key);

#endif
