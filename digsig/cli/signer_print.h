/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A signer's certificate, explained: whose it is, and when it is valid. */
#ifndef DIGSIG_CLI_SIGNER_PRINT_H
#define DIGSIG_CLI_SIGNER_PRINT_H

#include <linux/types.h>
#include <openssl/x509.h>

struct json_object;

/* Members signer, signer_valid_from, signer_valid_to, signer_validity and signer_expired. */
void json_add_signer(struct json_object *object, const X509 *signer);

/* Lines "signer:" and "valid:" on stdout; and one about a signing time outside of that, if it is. */
void print_signer(const X509 *signer, __u64 signing_time);

#endif
