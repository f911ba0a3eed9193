/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many times as long as on a stock kernel is waited: $patience, 1 if not told. */
#ifndef TESTS_SCCON_PATIENCE_H
#define TESTS_SCCON_PATIENCE_H

#include <stdlib.h>

static inline unsigned int patience(void)
{
	const char *text = getenv("patience");
	unsigned long times = text ? strtoul(text, NULL, 10) : 1;

	return times >= 1 && times <= 100 ? (unsigned int)times : 1;
}

#endif
