/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DIGSIG_LIBRARY_REPORT_H
#define DIGSIG_LIBRARY_REPORT_H

#include "../file/verify.h"

struct digsig_report {
	struct file_judgement judgement; /* its signer is NULL: see certificate */
	char reason[256];
	char identity[DIGSIG_IDENTITY_SIZE + 1];
	unsigned char *certificate; /* DER, owned; NULL: not known */
	size_t certificate_size;
};

/* Fills in all that follows from the judgement. -ENOMEM. */
int report_complete(struct digsig_report *report);

#endif
