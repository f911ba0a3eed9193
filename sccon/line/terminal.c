// SPDX-License-Identifier: GPL-2.0-or-later
/* Serial devices and pseudo-terminals. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "internal.h"

static int set_attributes(struct line *line, int fd)
{
	const struct line_settings *settings = &line->settings;
	struct termios attributes;

	if (tcgetattr(fd, &attributes))
		return -errno;
	if (!line->has_termios)
		line->termios = attributes;
	line->has_termios = true;
	cfmakeraw(&attributes);
	attributes.c_cflag |= CREAD | CLOCAL;
	attributes.c_cflag &= (tcflag_t) ~(CRTSCTS | CSTOPB | HUPCL);
	attributes.c_iflag &= (tcflag_t) ~(IXON | IXOFF | IXANY);
	if (settings->flow == LINE_FLOW_HARDWARE)
		attributes.c_cflag |= CRTSCTS;
	if (settings->flow == LINE_FLOW_SOFTWARE)
		attributes.c_iflag |= IXON | IXOFF;
	attributes.c_cc[VMIN] = 1;
	attributes.c_cc[VTIME] = 0;
	if (settings->speed && cfsetspeed(&attributes, settings->speed))
		return -errno;
	return tcsetattr(fd, TCSANOW, &attributes) ? -errno : 0;
}

static int open_terminal(struct line *line)
{
	int fd = open(line->address, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC), err = 0;

	if (fd < 0)
		return -errno;
	if (!isatty(fd))
		err = line_fail(line, -ENOTTY, "%s: no terminal", line->address);
	/* As picocom and others do: two readers would get a part each. */
	else if (flock(fd, LOCK_EX | LOCK_NB))
		err = line_fail(line, -errno, "%s: another program uses it: see fuser %s", line->address, line->address);
	if (!err)
		err = set_attributes(line, fd);
	if (!err)
		return fd;
	close(fd);
	return err;
}

static void restore(struct line *line)
{
	if (line->has_termios)
		tcsetattr(line->fd, TCSANOW, &line->termios);
	line->has_termios = false;
}

static int set_break(struct line *line, bool on)
{
	return ioctl(line->fd, on ? TIOCSBRK : TIOCCBRK) ? -errno : 0;
}

static int set_window(struct line *line, unsigned int rows, unsigned int columns)
{
	const struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns };

	return ioctl(line->fd, TIOCSWINSZ, &size) ? -errno : 0;
}

const struct line_kind line_kind_terminal = {
	.name = "terminal",
	.open = open_terminal,
	.before_close = restore,
	.set_break = set_break,
	.set_window = set_window,
};
