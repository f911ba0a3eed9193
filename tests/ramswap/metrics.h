/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A reader of Prometheus' text format that shares nothing with the writer, and is as strict as "promtool check metrics". */
#ifndef TESTS_RAMSWAP_METRICS_H
#define TESTS_RAMSWAP_METRICS_H

#include <stdbool.h>
#include <stddef.h>

/* Whether text is good; if not, problem says why. samples: how many there are. */
bool metrics_are_good(const char *text, size_t *samples, char problem[512]);

#endif
