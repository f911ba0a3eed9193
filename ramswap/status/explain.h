/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The figures of a status in sentences: what each one is, where the kernel has it, and the sum. */
#ifndef RAMSWAP_STATUS_EXPLAIN_H
#define RAMSWAP_STATUS_EXPLAIN_H

#include "status.h"

struct status_sentence {
	const struct status_device *device; /* that it is about; NULL: all swaps together */
	const char *figure; /* for programs: "stored", "used" */
	char text[512];
};

struct status_sentences {
	struct status_sentence *list;
	size_t count;
};

/* 0, to be freed with status_sentences_free before the status is; -ENOMEM. */
int status_explain(const struct ramswap_facts *facts, const struct ramswap_status *status,
	struct status_sentences *sentences);
void status_sentences_free(struct status_sentences *sentences);

#endif
