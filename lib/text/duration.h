/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text to a length of time. */
#ifndef KERNKIT_DURATION_H
#define KERNKIT_DURATION_H

/* The longest: 366 days, in seconds. */
#define DURATION_MAX (366 * 86400.0)

/* The grammar in words, for help and errors. */
#define DURATION_RULE "seconds, or a number and ms, s, m, h or d"

/*
 * All of text: a number with or without a fraction, and directly behind it a unit: ms, s, m or min, h, d;
 * none: seconds. "0.5", "500ms", "10s", "1.5h". Above 0, at most DURATION_MAX.
 *
 * 0 and *seconds; or -EINVAL: text is not that; -ERANGE: it is 0 or too long. *seconds then stays as it was.
 */
int duration_parse(const char *text, double *seconds);

#endif
