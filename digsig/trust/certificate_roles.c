// SPDX-License-Identifier: GPL-2.0-or-later
#include "certificate_roles.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "chain.h"
#include "validity.h"

struct authorities {
	STACK_OF(X509) *anchors, *intermediates; /* borrowed certificates */
};

static void leave_out(struct certificate_roles *one, const char *why)
{
	one->roles = ROLE_LEFT_OUT;
	snprintf(one->why, sizeof(one->why), "%s", why);
}

static void leave_out_if_expired(struct certificate_roles *one, time_t now)
{
	struct certificate_validity validity;
	char text[VALIDITY_TEXT_SIZE];

	certificate_validity(one->certificate, now, &validity);
	if (validity.state == VALIDITY_NOW)
		return;
	validity_describe(&validity, text);
	leave_out(one, text);
}

/*
 * Whether another CA of the store is named as its issuer, be it left out itself: what that one did not
 * issue is not an anchor of its own.
 */
static bool has_superior(const struct store_roles *all, X509 *authority)
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
	const struct store_roles *all, struct authorities *authorities, bool *is_any)
{
	*is_any = false;
	for (size_t i = 0; i < all->count; i++) {
		const struct certificate_roles *one = &all->certificates[i];
		X509 *certificate = one->certificate;
		bool is_anchor;

		if (!certificate_is_authority(certificate))
			continue;
		*is_any = true;
		if (one->roles & ROLE_LEFT_OUT)
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

static void find_roles(
	struct certificate_roles *one, const struct authorities *authorities, bool is_any)
{
	X509 *certificate = one->certificate;

	if (is_any && !is_among(authorities->anchors, certificate) &&
		!certificate_is_self_signed(certificate)) {
		if (!certificate_is_issued(certificate, authorities->anchors,
			    authorities->intermediates, one->why, sizeof(one->why))) {
			one->roles = ROLE_LEFT_OUT;
			return;
		}
		one->roles |= ROLE_ISSUED;
	}
	if (certificate_is_authority(certificate))
		one->roles |= ROLE_AUTHORITY;
	if (certificate_signs_code(certificate))
		one->roles |= ROLE_SIGNER;
}

static int find_all_roles(struct store_roles *all)
{
	struct authorities authorities = { sk_X509_new_null(), sk_X509_new_null() };
	bool is_any = false;
	int err = authorities.anchors && authorities.intermediates
		? find_authorities(all, &authorities, &is_any)
		: -ENOMEM;

	for (size_t i = 0; !err && i < all->count; i++)
		if (!(all->certificates[i].roles & ROLE_LEFT_OUT))
			find_roles(&all->certificates[i], &authorities, is_any);
	sk_X509_free(authorities.anchors);
	sk_X509_free(authorities.intermediates);
	return err;
}

int certificate_roles_find(
	STACK_OF(X509) *certificates, bool refuses_expired, struct store_roles *all)
{
	size_t count = (size_t)sk_X509_num(certificates);
	time_t now = time(NULL);
	int err;

	*all = (struct store_roles){ calloc(count + 1, sizeof(*all->certificates)), count };
	if (!all->certificates)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		all->certificates[i].certificate = sk_X509_value(certificates, (int)i);
		if (refuses_expired)
			leave_out_if_expired(&all->certificates[i], now);
	}
	err = find_all_roles(all);
	if (err)
		certificate_roles_free(all);
	return err;
}

void certificate_roles_free(struct store_roles *all)
{
	free(all->certificates);
	*all = (struct store_roles){ 0 };
}
