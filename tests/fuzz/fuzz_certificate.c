// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Certificates and certification requests as they come from anywhere: into a trust with a CA, and to
 * that CA.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "digsig/trust/chain.h"
#include "digsig/trust/key_request.h"
#include "digsig/trust/store.h"
#include "digsig/trust/validity.h"
#include "fuzz_certificate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Each certificate has exactly one fate, and a reason if it is left out. */
static void look_at(const struct trust_store *store)
{
	const char *why;
	X509 *certificate;

	for (size_t i = 0; i < trust_store_count(store); i++) {
		struct certificate_validity validity;
		char text[VALIDITY_TEXT_SIZE], from[32], to[32], *subject;

		certificate = trust_store_certificate(store, i);
		if (!certificate || !certificate_signs_code(certificate))
			abort();
		certificate_validity(certificate, time(NULL), &validity);
		validity_describe(&validity, text);
		validity_dates(&validity, from, to);
		subject = certificate_subject(certificate);
		free(subject);
	}
	for (size_t i = 0; (certificate = trust_store_authority(store, i)); i++)
		if (!certificate_is_authority(certificate))
			abort();
	for (size_t i = 0; (certificate = trust_store_left_out(store, i, &why)); i++)
		if (!*why)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wanted_certificate wanted;
	struct trust_store *store;

	if (trust_store_new(&store))
		return 0;
	/* One is enough to have a CA there: what is fuzzed is then asked who issued it. */
	if (trust_store_add(store, FUZZ_AUTHORITY, NULL))
		abort();
	trust_store_add_bytes(store, data, size);
	look_at(store);
	if (!trust_store_refuse_expired(store, true))
		look_at(store);
	trust_store_free(store);
	if (!wanted_certificate_parse(data, size, &wanted))
		wanted_certificate_free(&wanted);
	return 0;
}
