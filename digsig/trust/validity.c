// SPDX-License-Identifier: GPL-2.0-or-later
#include "validity.h"
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/text.h"

static bool read_time(const ASN1_TIME *from, time_t *seconds)
{
	struct tm parts;

	if (ASN1_TIME_to_tm(from, &parts) != 1)
		return false;
	*seconds = timegm(&parts);
	return true;
}

void certificate_validity(const X509 *certificate, time_t at, struct certificate_validity *validity)
{
	*validity = (struct certificate_validity){ .state = VALIDITY_EXPIRED };
	if (!read_time(X509_get0_notBefore(certificate), &validity->not_before) ||
		!read_time(X509_get0_notAfter(certificate), &validity->not_after))
		return;
	if (at < validity->not_before)
		validity->state = VALIDITY_NOT_YET;
	else if (at <= validity->not_after)
		validity->state = VALIDITY_NOW;
}

const char *validity_state_name(enum validity_state state)
{
	static const char *const names[] = {
		[VALIDITY_NOW] = "valid",
		[VALIDITY_NOT_YET] = "not-yet-valid",
		[VALIDITY_EXPIRED] = "expired",
	};

	return names[state];
}

/* Before 1970 there is nothing that print_time could say. */
static void print(char *text, time_t time)
{
	print_time(text, time < 0 ? 0 : (__u64)time);
}

void validity_dates(const struct certificate_validity *validity, char from[32], char to[32])
{
	print(from, validity->not_before);
	print(to, validity->not_after);
}

void validity_describe(const struct certificate_validity *validity, char text[VALIDITY_TEXT_SIZE])
{
	char when[32];

	print(when, validity->state == VALIDITY_NOT_YET ? validity->not_before : validity->not_after);
	snprintf(text, VALIDITY_TEXT_SIZE, "%s %s",
		validity->state == VALIDITY_NOW           ? "valid until"
			: validity->state == VALIDITY_NOT_YET ? "not valid before"
							      : "expired on",
		when);
}

/* OpenSSL has a backslash before each quote and each backslash of a value, and before nothing else. */
static char *without_backslashes(const char *text, size_t size)
{
	char *subject = malloc(size + 1), *out = subject;

	for (size_t i = 0; subject && i < size; i++) {
		bool is_escape = text[i] == '\\' && i + 1 < size;
		char next = is_escape ? text[++i] : text[i];

		*out++ = next ? next : '?';
		if (is_escape && next == '"')
			*out++ = '"';
	}
	if (subject)
		*out = '\0';
	return subject;
}

char *certificate_subject(const X509 *certificate)
{
	const unsigned long flags = XN_FLAG_SEP_COMMA_PLUS | XN_FLAG_FN_SN | XN_FLAG_DUMP_UNKNOWN_FIELDS |
		ASN1_STRFLGS_ESC_2253 | ASN1_STRFLGS_ESC_QUOTE | ASN1_STRFLGS_UTF8_CONVERT |
		ASN1_STRFLGS_DUMP_UNKNOWN | ASN1_STRFLGS_DUMP_DER;
	BIO *bio = BIO_new(BIO_s_mem());
	char *subject = NULL, *text;
	long size;

	if (bio && X509_NAME_print_ex(
			   bio, X509_get_subject_name(certificate), 0, flags) >= 0) {
		size = BIO_get_mem_data(bio, &text);
		subject = without_backslashes(text, (size_t)size);
	}
	BIO_free(bio);
	return subject;
}
