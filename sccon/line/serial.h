/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a serial line transmits, as termios(3) has it: pure. */
#ifndef SCCON_LINE_SERIAL_H
#define SCCON_LINE_SERIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>
#include "line.h"

enum { SERIAL_WORDS_SIZE = 64 };

/* Whether it is eight data bits, no parity, one stop bit and no flow control, as every line that is no serial device has it. */
bool serial_is_plain(const struct line_settings *settings);

/*
 * Raw bytes with these settings, out of what the device has. 0; or -EINVAL: no usual speed, or data or stop bits that no serial line
 * has.
 */
int serial_apply(const struct line_settings *settings, struct termios *attributes);

/*
 * tcsetattr(3) tells nothing if a device has taken a part only. What of the settings it does not have, for people: "7 data
 * bits"; NULL: nothing. The speed is not looked at: many devices that are not serial have one of their own.
 */
const char *serial_refused(const struct line_settings *settings, const struct termios *has, char words[SERIAL_WORDS_SIZE]);

#endif
