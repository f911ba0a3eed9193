// SPDX-License-Identifier: GPL-2.0-or-later
/* Serial devices and pseudo-terminals. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "internal.h"
#include "serial.h"

static int set_attributes(struct line *line, int fd)
{
	struct termios attributes, has;
	char words[SERIAL_WORDS_SIZE];
	int err;

	if (tcgetattr(fd, &attributes))
		return -errno;
	if (!line->has_termios)
		line->termios = attributes;
	line->has_termios = true;
	err = serial_apply(&line->settings, &attributes);
	if (err)
		return err;
	if (tcsetattr(fd, TCSANOW, &attributes) || tcgetattr(fd, &has))
		return -errno;
	if (!serial_refused(&line->settings, &has, words))
		return 0;
	tcsetattr(fd, TCSANOW, &line->termios);
	return line_fail(line, -EINVAL, "%s: this device does not take %s", line->address, words);
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
