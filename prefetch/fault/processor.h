/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which processor this is. */
#ifndef PREFETCH_FAULT_PROCESSOR_H
#define PREFETCH_FAULT_PROCESSOR_H

struct processor {
	char vendor[13];
	unsigned int family, model; /* as displayed: the extended parts are added */
};

/* The one that this runs on. */
void processor_read(struct processor *processor);

#endif
