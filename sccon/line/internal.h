/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kinds of lines are made of. */
#ifndef SCCON_LINE_INTERNAL_H
#define SCCON_LINE_INTERNAL_H

#include <netdb.h>
#include <termios.h>
#include "line.h"

struct line {
	const struct line_kind *kind;
	struct line_settings settings;
	const char *address; /* of the target: without "unix:" and the like */
	struct addrinfo *addresses, *next_address; /* of a host */
	int fd;
	bool is_connecting, is_up, was_tried;
	bool has_told; /* line_attend has said what is_up is */
	bool is_breaking, has_termios;
	struct termios termios; /* as the device was before */
	__u64 retry, wait; /* when it is opened again, and how long it was waited for that */
	__u64 connect_end, break_end, came;
	char words[FAILURE_SIZE];
};

struct line_kind {
	const char *name;
	/*
	 * Opens it, without blocking. A descriptor; or a negative errno, with words if there is more to say than that. Sets
	 * is_connecting if it is to be waited for.
	 */
	int (*open)(struct line *line);
	void (*before_close)(struct line *line); /* NULL: nothing */
	int (*set_break)(struct line *line, bool on); /* NULL: it has none */
	int (*set_window)(struct line *line, unsigned int rows, unsigned int columns); /* NULL */
	bool break_ends_itself;
};

extern const struct line_kind line_kind_terminal, line_kind_firmware, line_kind_local, line_kind_host;

/* What is wrong, in words; returns err. */
int line_fail(struct line *line, int err, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
