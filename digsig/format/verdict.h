/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a file turned out to be. The kernel program and the commands give the same answers, so
 * they share this list. The numbers stand in the engine's events and never change meaning.
 */
#ifndef DIGSIG_FORMAT_VERDICT_H
#define DIGSIG_FORMAT_VERDICT_H

enum digsig_verdict {
	DIGSIG_VERDICT_NONE = 0,	/* not judged yet */
	DIGSIG_VERDICT_OK = 1,		/* every byte is what a trusted key signed */
	DIGSIG_VERDICT_UNSIGNED = 2,	/* the file ends without a signature block */
	DIGSIG_VERDICT_MALFORMED = 3,	/* a block is there, and breaks a rule of the format */
	DIGSIG_VERDICT_BADSIG = 4,	/* the CMS signature does not fit the manifest */
	DIGSIG_VERDICT_UNKNOWNKEY = 5,	/* signed, by a key that is not in the trust */
	DIGSIG_VERDICT_TAMPERED = 6,	/* the manifest is genuine, the file is not what it states */
	DIGSIG_VERDICT_REVOKED = 7,	/* once trusted, since taken back */
	DIGSIG_VERDICT_ROLLBACK = 8,	/* older than a build of the same identity already seen */
	DIGSIG_VERDICT_UNSTABLE = 9,	/* the bytes can change after they were checked */
	DIGSIG_VERDICT_FAULT = 10,	/* the check itself could not be carried out */
};

#define DIGSIG_VERDICT_COUNT 11

#endif
