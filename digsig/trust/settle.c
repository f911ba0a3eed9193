// SPDX-License-Identifier: GPL-2.0-or-later
#include "settle.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "chain.h"
#include "validity.h"

struct authorities {
	STACK_OF(X509) *anchors, *intermediates; /* borrowed certificates */
};

static void leave_out(struct settled_certificate *settled, const char *why)
{
	settled->roles = SETTLED_LEFT_OUT;
	snprintf(settled->why, sizeof(settled->why), "%s", why);
}

static void leave_out_if_expired(struct settled_certificate *settled, time_t now)
{
	struct certificate_validity validity;
	char text[VALIDITY_TEXT_SIZE];

	certificate_validity(settled->certificate, now, &validity);
	if (validity.state == VALIDITY_NOW)
		return;
	validity_describe(&validity, text);
	leave_out(settled, text);
}

/*
 * Whether another CA of the store is named as its issuer, be it left out itself: what that one did not
 * issue is not an anchor of its own.
 */
static bool has_superior(const struct settlement *all, X509 *authority)
{
	const X509_NAME *issuer = X509_get_issuer_name(authority);

	for (size_t i = 0; i < all->count; i++) {
		X509 *other = all->certificates[i].certificate;

		if (other != authority && certificate_is_authority(other) &&
			!X509_NAME_cmp(X509_get_subject_name(other), issuer))
			return true;
	}
	return false;
}

/* Sets is_any, if there is a CA at all. */
static int find_authorities(
	const struct settlement *all, struct authorities *authorities, bool *is_any)
{
	*is_any = false;
	for (size_t i = 0; i < all->count; i++) {
		const struct settled_certificate *settled = &all->certificates[i];
		X509 *certificate = settled->certificate;
		bool is_anchor;

		if (!certificate_is_authority(certificate))
			continue;
		*is_any = true;
		if (settled->roles & SETTLED_LEFT_OUT)
			continue;
		is_anchor = certificate_is_self_signed(certificate) ||
			!has_superior(all, certificate);
		if (sk_X509_push(is_anchor ? authorities->anchors : authorities->intermediates,
			    certificate) <= 0)
			return -ENOMEM;
	}
	return 0;
}

static bool is_among(STACK_OF(X509) *certificates, const X509 *certificate)
{
	for (int i = 0; i < sk_X509_num(certificates); i++)
		if (sk_X509_value(certificates, i) == certificate)
			return true;
	return false;
}

static void settle_one(
	struct settled_certificate *settled, const struct authorities *authorities, bool is_any)
{
	X509 *certificate = settled->certificate;

	if (is_any && !is_among(authorities->anchors, certificate) &&
		!certificate_is_self_signed(certificate)) {
		if (!certificate_is_issued(certificate, authorities->anchors,
			    authorities->intermediates, settled->why, sizeof(settled->why))) {
			settled->roles = SETTLED_LEFT_OUT;
			return;
		}
		settled->roles |= SETTLED_ISSUED;
	}
	if (certificate_is_authority(certificate))
		settled->roles |= SETTLED_AUTHORITY;
	if (certificate_signs_code(certificate))
		settled->roles |= SETTLED_SIGNER;
}

static int settle_all(struct settlement *settled)
{
	struct authorities authorities = { sk_X509_new_null(), sk_X509_new_null() };
	bool is_any = false;
	int err = authorities.anchors && authorities.intermediates
		? find_authorities(settled, &authorities, &is_any)
		: -ENOMEM;

	for (size_t i = 0; !err && i < settled->count; i++)
		if (!(settled->certificates[i].roles & SETTLED_LEFT_OUT))
			settle_one(&settled->certificates[i], &authorities, is_any);
	sk_X509_free(authorities.anchors);
	sk_X509_free(authorities.intermediates);
	return err;
}

int settlement_make(
	STACK_OF(X509) *certificates, bool refuses_expired, struct settlement *settled)
{
	size_t count = (size_t)sk_X509_num(certificates);
	time_t now = time(NULL);
	int err;

	*settled = (struct settlement){ calloc(count + 1, sizeof(*settled->certificates)), count };
	if (!settled->certificates)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		settled->certificates[i].certificate = sk_X509_value(certificates, (int)i);
		if (refuses_expired)
			leave_out_if_expired(&settled->certificates[i], now);
	}
	err = settle_all(settled);
	if (err)
		settlement_free(settled);
	return err;
}

void settlement_free(struct settlement *settled)
{
	free(settled->certificates);
	*settled = (struct settlement){ 0 };
}
