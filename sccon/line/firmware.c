// SPDX-License-Identifier: GPL-2.0-or-later
/* The system controller's end of the kernel module's simulator. */
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include "../kernel/sccon_fw.h"
#include "internal.h"

static int open_firmware(struct line *line)
{
	int fd = open(line->address, O_RDWR | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0 && errno == EBUSY)
		return line_fail(line, -EBUSY, "%s: another program has it open", line->address);
	return fd < 0 ? -errno : fd;
}

static int set_break(struct line *line, bool on)
{
	if (!on)
		return 0;
	return ioctl(line->fd, SCCON_FW_BREAK) ? -errno : 0;
}

static int set_window(struct line *line, unsigned int rows, unsigned int columns)
{
	const struct sccon_fw_window window = { .rows = (__u16)rows, .columns = (__u16)columns };

	return ioctl(line->fd, SCCON_FW_WINDOW, &window) ? -errno : 0;
}

const struct line_kind line_kind_firmware = {
	.name = "simulated firmware",
	.open = open_firmware,
	.set_break = set_break,
	.set_window = set_window,
	.break_ends_itself = true,
};
