/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine's end of a console: a serial device or pseudo-terminal, a socket of somebody else (QEMU's -serial unix: and
 * tcp:, ser2net's raw), or the simulator's /dev/sccon-fw. It is opened again after it went away. Nothing here blocks.
 */
#ifndef SCCON_LINE_LINE_H
#define SCCON_LINE_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <linux/types.h>
#include "../protocol/failure.h"

/* The grammar in words, for help and errors. */
#define LINE_RULE "a device, the PATH of a unix socket, HOST:PORT, unix:PATH or tcp:HOST:PORT"

/* Values of serial lines. */
enum line_flow { LINE_FLOW_NONE, LINE_FLOW_RTSCTS, LINE_FLOW_XONXOFF };

enum line_parity { LINE_PARITY_NONE, LINE_PARITY_EVEN, LINE_PARITY_ODD, LINE_PARITY_MARK, LINE_PARITY_SPACE };

enum {
	LINE_SPEED_KEPT = 0,
	LINE_SPEED_USUAL = 115200,
	LINE_DATA_BITS_LEAST = 5,
	LINE_DATA_BITS_USUAL = 8, /* and at most */
	LINE_STOP_BITS_USUAL = 1,
};

struct line_settings {
	const char *target; /* as LINE_RULE; stays */
	unsigned int speed; /* bits a second; LINE_SPEED_KEPT: as the device has it */
	unsigned int data_bits; /* a character */
	unsigned int parity; /* an enum line_parity */
	unsigned int stop_bits; /* 1 or 2 */
	unsigned int flow; /* an enum line_flow */
};

/* As a serial line is set most often, with the target still to come. */
#define LINE_SETTINGS_USUAL                                                                        \
	{ .speed = LINE_SPEED_USUAL, .data_bits = LINE_DATA_BITS_USUAL, .stop_bits = LINE_STOP_BITS_USUAL }

struct line;

/*
 * Looks at the settings, and finds the addresses of a host; opens nothing yet: line_attend does. 0; or a negative errno,
 * with words, safe for a terminal: -EINVAL: not as LINE_RULE, or settings of a serial device for what is none.
 */
int line_new(const struct line_settings *settings, struct line **line, char words[FAILURE_SIZE]);
void line_free(struct line *line); /* NULL: nothing */

enum line_change { LINE_SAME, LINE_CAME, LINE_WENT };

/*
 * Opens it when it is time to, goes on with a connection, ends a break. To be called when line_due has come, and when poll(2)
 * reports something. What has changed since the last call.
 */
enum line_change line_attend(struct line *line, short revents, __u64 now);

/* When line_attend is to be called at the latest, of CLOCK_MONOTONIC in nanoseconds; the largest number: never. */
__u64 line_due(const struct line *line);

bool line_is_up(const struct line *line);
int line_fd(const struct line *line); /* -1: none */
short line_events(const struct line *line, bool reads, bool writes);

/* Bytes; 0: none can be had or taken now. A line that breaks is away from then on, which line_attend says. */
size_t line_read(struct line *line, void *bytes, size_t size, __u64 now);
size_t line_write(struct line *line, const void *bytes, size_t size, __u64 now);

/* A break of a quarter of a second. 0; -EOPNOTSUPP: such a line has none; another negative errno. */
int line_break(struct line *line, __u64 now);

/* The size of the window of who sits here. 0; -EOPNOTSUPP; another negative errno. */
int line_window(struct line *line, unsigned int rows, unsigned int columns);

/* "serial device" and the like, and why it is away, safe for a terminal; "": it is not, or was not tried yet. */
const char *line_kind(const struct line *line);
const char *line_words(const struct line *line);

#endif
