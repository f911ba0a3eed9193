// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a terminal does, tried with ttySC0, whose other end reads nothing meanwhile: says what is wrong.
 *
 *   sccon-terminal DEVICE
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/serial.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static int failures;

static void expect(const char *what, bool is_right)
{
	if (is_right)
		return;
	printf("# %s (%s)\n", what, strerror(errno));
	failures++;
}

/* Writes until it would block: returns how much. */
static size_t fill(int fd)
{
	char bytes[4096];
	size_t all = 0;
	ssize_t size;

	memset(bytes, 'x', sizeof(bytes));
	while ((size = write(fd, bytes, sizeof(bytes))) > 0 && all < 64 << 20)
		all += (size_t)size;
	expect("O_NONBLOCK: a full terminal says EAGAIN", size < 0 && errno == EAGAIN);
	return all;
}

static int waiting(int fd)
{
	int bytes = -1;

	expect("TIOCOUTQ", !ioctl(fd, TIOCOUTQ, &bytes));
	return bytes;
}

static void try_queues(int fd)
{
	struct pollfd poller = { .fd = fd, .events = POLLIN | POLLOUT };

	fill(fd);
	expect("TIOCOUTQ of a full one", waiting(fd) > 0);
	expect("poll: no room, no input", poll(&poller, 1, 100) == 0);
	expect("tcflush", !tcflush(fd, TCOFLUSH));
	expect("it empties the queue", waiting(fd) == 0);
	expect("poll: room", poll(&poller, 1, 1000) == 1 && poller.revents == POLLOUT);
	expect("tcdrain", !tcdrain(fd));
}

static void try_flow(int fd)
{
	expect("tcdrain", !tcdrain(fd));
	expect("tcflow off", !tcflow(fd, TCOOFF));
	expect("stopped: it may be written to", write(fd, "stopped", 7) == 7);
	usleep(300000);
	expect("and nothing goes out", waiting(fd) == 7);
	expect("tcflow on", !tcflow(fd, TCOON));
	expect("it goes out", !tcdrain(fd) && waiting(fd) == 0);
}

static void try_settings(int fd)
{
	struct serial_icounter_struct counts;
	struct winsize window = { .ws_row = 7, .ws_col = 77 };
	struct termios before, after;
	int lines = 0;

	expect("tcgetattr", !tcgetattr(fd, &before));
	after = before;
	cfsetspeed(&after, B9600);
	after.c_lflag ^= ECHO;
	expect("tcsetattr", !tcsetattr(fd, TCSADRAIN, &after) && !tcgetattr(fd, &after));
	expect("the speed is what it is", cfgetospeed(&after) == B115200);
	expect("echo is another", (after.c_lflag ^ before.c_lflag) == ECHO);
	expect("and back", !tcsetattr(fd, TCSANOW, &before));
	expect("modem lines", !ioctl(fd, TIOCMGET, &lines) && lines == (TIOCM_CAR | TIOCM_RNG | TIOCM_DSR | TIOCM_CTS));
	expect("TIOCMSET is accepted", !ioctl(fd, TIOCMSET, &lines));
	expect("TIOCGICOUNT", !ioctl(fd, TIOCGICOUNT, &counts) && counts.tx > 0);
	expect("TIOCSWINSZ", !ioctl(fd, TIOCSWINSZ, &window) && !ioctl(fd, TIOCGWINSZ, &window) && window.ws_col == 77);
	expect("tcsendbreak", !tcsendbreak(fd, 0));
}

static void try_hangup(int fd, const char *device)
{
	char byte;
	int again;

	/* TIOCVHANGUP is for the administrator: it hangs up this very terminal. */
	expect("hangup", !ioctl(fd, TIOCVHANGUP));
	expect("who reads is told of the end", read(fd, &byte, 1) == 0);
	expect("who writes is refused", write(fd, "x", 1) < 0 && errno == EIO);
	again = open(device, O_RDWR | O_NOCTTY | O_NONBLOCK);
	expect("it can be opened again", again >= 0);
	expect("and written to", write(again, "x", 1) == 1);
	close(again);
}

int main(int argc, char **argv)
{
	int fd = open(argc > 1 ? argv[1] : "/dev/ttySC0", O_RDWR | O_NOCTTY | O_NONBLOCK);

	expect("open", fd >= 0);
	try_settings(fd);
	try_flow(fd);
	try_queues(fd);
	try_hangup(fd, argv[1]);
	close(fd);
	return failures > 0;
}
