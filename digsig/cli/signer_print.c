// SPDX-License-Identifier: GPL-2.0-or-later
#include "signer_print.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "../../lib/text/json.h"
#include "../../lib/text/text.h"
#include "../trust/validity.h"

void json_add_signer(struct json_object *object, const X509 *signer)
{
	char *subject = certificate_subject(signer), from[32], to[32];
	struct certificate_validity validity;

	certificate_validity(signer, time(NULL), &validity);
	validity_dates(&validity, from, to);
	json_add_text(object, "signer", subject ? subject : "?");
	json_add_string(object, "signer_valid_from", from);
	json_add_string(object, "signer_valid_to", to);
	json_add_string(object, "signer_validity", validity_state_name(validity.state));
	json_add_flag(object, "signer_expired", validity.state == VALIDITY_EXPIRED);
	free(subject);
}

void print_signer(const X509 *signer, __u64 signing_time)
{
	static const char *const states[] = {
		[VALIDITY_NOW] = "",
		[VALIDITY_NOT_YET] = ": not yet; no kernel looks at that",
		[VALIDITY_EXPIRED] = ": expired; no kernel looks at that",
	};
	char *subject = certificate_subject(signer), from[32], to[32];
	struct certificate_validity validity;

	certificate_validity(signer, time(NULL), &validity);
	validity_dates(&validity, from, to);
	fputs("  signer:    ", stdout);
	print_safely(stdout, subject ? subject : "?");
	printf("\n  valid:     %s to %s%s\n", from, to, states[validity.state]);
	certificate_validity(signer, (time_t)signing_time, &validity);
	if (validity.state != VALIDITY_NOW)
		puts("             by the signer's clock it was signed outside of that time");
	free(subject);
}
