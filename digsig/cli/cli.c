// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli.h"

const char command_name[] = "digsig";

int verdict_exit_code(enum digsig_verdict verdict)
{
	switch (verdict) {
	case DIGSIG_VERDICT_OK:
		return EXIT_OK;
	case DIGSIG_VERDICT_UNSIGNED:
		return EXIT_UNSIGNED;
	case DIGSIG_VERDICT_TAMPERED:
		return EXIT_TAMPERED;
	case DIGSIG_VERDICT_BADSIG:
	case DIGSIG_VERDICT_UNKNOWNKEY:
	case DIGSIG_VERDICT_REVOKED:
	case DIGSIG_VERDICT_ROLLBACK:
		return EXIT_BAD_SIGNATURE;
	case DIGSIG_VERDICT_MALFORMED:
		return EXIT_UNSUPPORTED;
	case DIGSIG_VERDICT_NONE:
	case DIGSIG_VERDICT_UNSTABLE:
	case DIGSIG_VERDICT_FAULT:
		break;
	}
	return EXIT_ERROR;
}
