// SPDX-License-Identifier: GPL-2.0-or-later
#include "trust_option.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../trust/chain.h"
#include "../trust/validity.h"
#include "cli.h"

int trust_option_add(struct trust_store **store, const char *path)
{
	const char *bad_file = path;
	char text[2 * PATH_MAX];
	int err = 0;

	if (!*store)
		err = trust_store_new(store);
	if (!err)
		err = trust_store_add(*store, path, &bad_file);
	if (!err)
		return EXIT_OK;
	trust_store_describe(path, bad_file, err, text, sizeof(text));
	complain("%s", text);
	return EXIT_ERROR;
}

int trust_option_take(void *store, char *path)
{
	return trust_option_add(store, path);
}

const struct option_word expiry_words[] = {
	{ "warn", CONFIG_EXPIRY_WARN },
	{ "ignore", CONFIG_EXPIRY_IGNORE },
	{ "refuse", CONFIG_EXPIRY_REFUSE },
	{ 0 },
};

static void complain_about(const X509 *certificate, const char *text)
{
	char *subject = certificate_subject(certificate);

	complain("%s: %s", subject ? subject : "a certificate", text);
	free(subject);
}

static void complain_about_left_out(const struct trust_store *store)
{
	const X509 *certificate;
	const char *why;

	for (size_t i = 0; (certificate = trust_store_left_out(store, i, &why)); i++) {
		char text[256];

		snprintf(text, sizeof(text), "left out of the trust: %s", why);
		complain_about(certificate, text);
	}
}

static void complain_if_expired(const X509 *certificate)
{
	struct certificate_validity validity;
	char text[VALIDITY_TEXT_SIZE + 64], when[VALIDITY_TEXT_SIZE];

	certificate_validity(certificate, time(NULL), &validity);
	if (validity.state == VALIDITY_NOW)
		return;
	validity_describe(&validity, when);
	snprintf(text, sizeof(text), "%s, and trusted all the same: see --expiry", when);
	complain_about(certificate, text);
}

int trust_option_settle(struct trust_store *store, unsigned int expiry, bool quiet)
{
	size_t count;

	if (!store)
		return EXIT_OK;
	if (trust_store_refuse_expired(store, expiry == CONFIG_EXPIRY_REFUSE)) {
		complain("%s", strerror(ENOMEM));
		return EXIT_ERROR;
	}
	count = trust_store_count(store);
	if (quiet)
		return EXIT_OK;
	complain_about_left_out(store);
	for (size_t i = 0; expiry == CONFIG_EXPIRY_WARN && i < count; i++)
		complain_if_expired(trust_store_certificate(store, i));
	for (size_t i = 0; expiry == CONFIG_EXPIRY_WARN && trust_store_authority(store, i); i++)
		if (!certificate_signs_code(trust_store_authority(store, i)))
			complain_if_expired(trust_store_authority(store, i));
	if (!count)
		complain("no certificate in the trust may vouch for code%s",
			trust_store_authority(store, 0)
				? ": add those that its CA issued to signers"
				: "");
	return EXIT_OK;
}

int open_to_judge(const char *path, int *code)
{
	/* O_NONBLOCK: a FIFO must not hang the command. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (fd < 0 || fstat(fd, &st)) {
		complain("%s: cannot be opened: %s", path, strerror(errno));
		*code = EXIT_ERROR;
	} else if (S_ISDIR(st.st_mode)) {
		complain("%s: a directory: name the files in it", path);
		*code = EXIT_UNSUPPORTED;
	} else if (!S_ISREG(st.st_mode)) {
		complain("%s: not a regular file: name files, not devices", path);
		*code = EXIT_UNSUPPORTED;
	} else {
		return fd;
	}
	if (fd >= 0)
		close(fd);
	return -1;
}
