// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Processes that open, write to, read, set, hang up and close the terminal, while the module is removed and loaded and
 * the system controller misbehaves: who comes too late gets an error, and nothing else happens.
 *
 *   sccon-race DEVICE MODULE SECONDS SEED
 *
 * Prints how often what was done. Fails if something was never done, or an error is none that may be.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "patience.h"
#include "sccon/kernel/sccon_fw.h"

#define USERS 5

/* How long a user may be in one call, in seconds, before it is stuck, on a stock kernel. */
#define STUCK_AFTER 60

static const char *device;
static const char *module;
static uint64_t state;
static time_t end;

/* Of all processes. */
static struct counts {
	atomic_ulong opened, written, read, set, flushed, hung_up, loaded, removed, controlled, strange;
} *counts;

static uint32_t draw(uint32_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 11) % below;
}

static time_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec;
}

/* In the second half of each second one user alone goes on: then the module can be removed, now and then. */
static bool is_calm(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_nsec > 500000000;
}

/* The module is not there, or going; the terminal was hung up, or is full. */
static void judge(const char *what, int result)
{
	static const int allowed[] = { ENOENT, ENODEV, ENXIO, EIO, EAGAIN, EBUSY, EINTR, EEXIST, ENOTTY };

	if (result >= 0)
		return;
	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++)
		if (errno == allowed[i])
			return;
	printf("# %s: %s\n", what, strerror(errno));
	counts->strange++;
}

static void count(const char *what, atomic_ulong *counter, int result)
{
	judge(what, result);
	if (result >= 0)
		(*counter)++;
}

static void set(int fd)
{
	struct termios settings;

	if (tcgetattr(fd, &settings))
		return;
	settings.c_lflag ^= draw(2) ? ICANON : ECHO;
	settings.c_iflag ^= draw(2) ? IXON : ICRNL;
	settings.c_cflag ^= draw(4) ? 0 : HUPCL;
	/* Without a wait for what is still to be sent, which may take long. */
	count("tcsetattr", &counts->set, tcsetattr(fd, TCSANOW, &settings));
}

static void act(int fd)
{
	char bytes[3000];

	memset(bytes, 'r', sizeof(bytes));
	switch (draw(8)) {
	case 0:
	case 1:
	case 2:
		count("write", &counts->written, (int)write(fd, bytes, 1 + draw(draw(8) ? 200 : sizeof(bytes))));
		break;
	case 3:
		count("read", &counts->read, (int)read(fd, bytes, sizeof(bytes)));
		break;
	case 4:
	case 5:
		set(fd);
		break;
	case 6:
		count("tcflush", &counts->flushed, tcflush(fd, (int)draw(3)));
		break;
	case 7:
		if (draw(4))
			judge("tcflow", tcflow(fd, draw(2) ? TCOOFF : TCOON));
		else
			count("hangup", &counts->hung_up, ioctl(fd, TIOCVHANGUP));
		break;
	}
}

static void use(unsigned int number)
{
	while (now() < end) {
		int fd;

		if (number && is_calm()) {
			usleep(1000);
			continue;
		}
		fd = open(device, O_RDWR | O_NOCTTY | O_NONBLOCK);

		count("open", &counts->opened, fd);
		if (fd < 0) {
			usleep(1000);
			continue;
		}
		for (uint32_t left = draw(12); left; left--)
			act(fd);
		close(fd);
		if (!draw(4) || is_calm())
			usleep(draw(20000));
	}
}

static void control(unsigned int number)
{
	char bytes[4096];

	(void)number;
	/* It types what it has read. */
	memset(bytes, 't', sizeof(bytes));
	while (now() < end) {
		struct sccon_fw_faults faults = { .seed = draw(UINT32_MAX), .short_writes = draw(1000),
			.refusals = draw(50), .errors = draw(50), .overstated = draw(100), .lost_interrupts = draw(300),
			.spurious = draw(2) ? draw(5000) : 0 };
		int fd = open("/dev/sccon-fw", O_RDWR | O_NONBLOCK);

		judge("controller", fd);
		if (fd < 0) {
			usleep(1000);
			continue;
		}
		judge("faults", ioctl(fd, SCCON_FW_FAULTS, &faults));
		for (uint32_t left = draw(30); left; left--) {
			judge("controller reads", (int)read(fd, bytes, sizeof(bytes)));
			judge("controller types", (int)write(fd, bytes, draw(300)));
			if (!draw(8))
				judge("break", ioctl(fd, SCCON_FW_BREAK));
			usleep(1000);
		}
		close(fd);
		counts->controlled++;
		usleep(draw(30000));
	}
}

static void load(int fd)
{
	int result = (int)syscall(SYS_finit_module, fd, "transport=sal replay=0 ring=64 sysrq=0", 0);

	if (result < 0 && errno == EEXIST)
		return;
	count("insmod", &counts->loaded, result);
}

static void replace(unsigned int number)
{
	int fd = open(module, O_RDONLY);

	(void)number;
	if (fd < 0) {
		judge(module, -1);
		counts->strange++;
		return;
	}
	while (now() < end) {
		/* EAGAIN and EBUSY: it is in use. */
		int result = (int)syscall(SYS_delete_module, "sccon", O_NONBLOCK);

		if (result >= 0 || errno != EWOULDBLOCK)
			count("rmmod", &counts->removed, result);
		load(fd);
		usleep(draw(3000));
	}
	load(fd);
}

static void start(void (*what)(unsigned int number), unsigned int number, uint64_t seed)
{
	if (fork())
		return;
	state = (seed + number) * 0x9e3779b97f4a7c15 | 1;
	alarm((unsigned int)(end - now()) + STUCK_AFTER * patience());
	what(number);
	fflush(stdout);
	_exit(0);
}

/* Waits for all: how many did not come to their end. */
static int wait_for_all(void)
{
	int status, stuck = 0;

	while (wait(&status) > 0)
		stuck += !WIFEXITED(status) || WEXITSTATUS(status);
	return stuck;
}

int main(int argc, char **argv)
{
	uint64_t seed;
	int stuck;

	if (argc != 5)
		return 2;
	device = argv[1];
	module = argv[2];
	end = now() + strtol(argv[3], NULL, 10);
	seed = strtoull(argv[4], NULL, 10);
	counts = mmap(NULL, sizeof(*counts), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (counts == MAP_FAILED)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (unsigned int i = 0; i < USERS; i++)
		start(use, i, seed);
	start(control, USERS, seed);
	start(replace, USERS + 1, seed);
	stuck = wait_for_all();
	printf("# opened %lu written %lu read %lu set %lu flushed %lu hung up %lu loaded %lu removed %lu controlled %lu, "
	       "strange errors %lu, stuck %d\n", counts->opened, counts->written, counts->read, counts->set, counts->flushed,
		counts->hung_up, counts->loaded, counts->removed, counts->controlled, counts->strange, stuck);
	return counts->strange || stuck || !counts->opened || !counts->written || !counts->hung_up || !counts->removed ||
		!counts->controlled;
}
