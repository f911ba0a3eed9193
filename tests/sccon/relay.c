// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The system controller of a guest whose other end is outside: carries what the simulated firmware sends to a serial port, and
 * what is typed there to the firmware, until the machine is off.
 *
 *   sccon-relay [--interrupts|--polled] /dev/sccon-fw /dev/ttyS0
 *
 * --polled: no interrupt comes, and after three of those none can be had. The serial port is set raw. The first letter of
 * this program's name becomes "@", so that systemd lets it live to the end.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "sccon/kernel/sccon_fw.h"

/* Bytes on their way from one end to the other. */
struct way {
	int from;
	int to;
	char bytes[4096];
	size_t size;
	size_t done;
};

static int fail(const char *what)
{
	fprintf(stderr, "sccon-relay: %s: %s\n", what, strerror(errno));
	return 1;
}

static int open_raw(const char *name)
{
	int fd = open(name, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct termios settings;

	if (fd < 0 || tcgetattr(fd, &settings))
		return -1;
	cfmakeraw(&settings);
	settings.c_cflag |= CLOCAL;
	return tcsetattr(fd, TCSANOW, &settings) ? -1 : fd;
}

static int is_for_later(ssize_t result)
{
	return result < 0 && (errno == EAGAIN || errno == EINTR);
}

/* What is there is read when all that was read before is written. */
static int carry(struct way *way)
{
	ssize_t count;

	if (way->done == way->size) {
		count = read(way->from, way->bytes, sizeof(way->bytes));
		if (count < 0)
			return is_for_later(count) ? 0 : -1;
		if (!count) {
			errno = EPIPE;
			return -1;
		}
		way->size = (size_t)count;
		way->done = 0;
	}
	count = write(way->to, way->bytes + way->done, way->size - way->done);
	if (count < 0)
		return is_for_later(count) ? 0 : -1;
	way->done += (size_t)count;
	return 0;
}

static void watch(const struct way *way, struct pollfd *from, struct pollfd *to)
{
	if (way->done == way->size)
		from->events |= POLLIN;
	else
		to->events |= POLLOUT;
}

int main(int argc, char **argv)
{
	static struct way out, in;
	struct sccon_fw_faults faults = { .seed = 1 };
	char *name = argv[0];

	if (argc == 4 && (!strcmp(argv[1], "--interrupts") || !strcmp(argv[1], "--polled"))) {
		if (!strcmp(argv[1], "--polled")) {
			faults.lost_interrupts = 1000;
			faults.no_interrupts = 1;
		}
		argv++;
		argc--;
	}
	if (argc != 3)
		return 2;
	out.from = in.to = open(argv[1], O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (out.from < 0 || ioctl(out.from, SCCON_FW_FAULTS, &faults))
		return fail(argv[1]);
	out.to = in.from = open_raw(argv[2]);
	if (out.to < 0)
		return fail(argv[2]);
	name[0] = '@';
	for (;;) {
		struct pollfd ends[2] = { { .fd = out.from }, { .fd = out.to } };

		watch(&out, &ends[0], &ends[1]);
		watch(&in, &ends[1], &ends[0]);
		if (poll(ends, 2, -1) < 0 && errno != EINTR)
			return fail("poll");
		if (carry(&out) || carry(&in))
			return fail("carrying");
	}
}
