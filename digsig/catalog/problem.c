// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "../format/inspect.h"
#include "set.h"

static const char *explain_verdict(enum digsig_verdict verdict)
{
	switch (verdict) {
	case DIGSIG_VERDICT_BADSIG:
		return "the signature does not fit: the catalog was changed";
	case DIGSIG_VERDICT_UNKNOWNKEY:
		return "the key that signed it is not in the trust";
	case DIGSIG_VERDICT_MALFORMED:
		return "its CMS is not one that a catalog may hold";
	default:
		return digsig_verdict_meaning(verdict);
	}
}

enum digsig_verdict catalog_describe(
	int err, const struct catalog_problem *problem, char *text, size_t size)
{
	switch (err) {
	case -EKEYREJECTED:
		snprintf(text, size, "%s: %s", digsig_verdict_name(problem->verdict),
			explain_verdict(problem->verdict));
		return problem->verdict;
	case -EBADMSG:
		if (problem->defect == DIGSIG_CATALOG_NAMES_DIGEST) {
			snprintf(text, size, "tampered: %s: get it anew",
				catalog_defect_meaning(problem->defect));
			return DIGSIG_VERDICT_TAMPERED;
		}
		snprintf(text, size, "malformed: %s: get it anew",
			catalog_defect_meaning(problem->defect));
		return DIGSIG_VERDICT_MALFORMED;
	case -ENODATA:
		snprintf(text, size,
			"no catalog in this folder: put *" CATALOG_SUFFIX " there");
		break;
	case -EINVAL:
		snprintf(text, size, "not a regular file: name catalogs");
		break;
	default:
		snprintf(text, size, "cannot be read: %s", strerror(-err));
	}
	return DIGSIG_VERDICT_NONE;
}
