/* SPDX-License-Identifier: GPL-2.0-or-later */
/* digsig key issue: a CA's certificate for a key that is elsewhere. */
#ifndef DIGSIG_CLI_KEY_ISSUE_H
#define DIGSIG_CLI_KEY_ISSUE_H

#include <stdbool.h>
#include "../../trust/signer.h"

struct issue_request {
	const char *path, *directory;
	const char *subject; /* NULL: as it is in the file */
	int days;
	bool replace;
};

/* Complains itself; returns an exit code. */
int key_issue(const struct issue_request *request, const struct signer *issuer);

#endif
