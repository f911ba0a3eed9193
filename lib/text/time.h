/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text to time: the reverse of print_time, in text.h. One form alone is taken, from 1970 to 9999, UTC. */
#ifndef KERNKIT_TEXT_TIME_H
#define KERNKIT_TEXT_TIME_H

#include <stdbool.h>
#include <linux/types.h>

/* "2026-01-31T12:00:00" at *text, which then is what follows it. False: there is none, and both stay as they were. */
bool time_read(const char **text, __u64 *seconds);

/* All of text: "2026-01-31T12:00:00Z". */
bool time_parse(const char *text, __u64 *seconds);

#endif
