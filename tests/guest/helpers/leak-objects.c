// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Takes kernel objects and does not give them back: leak-objects files|keys RATE, so many a second,
 * for two minutes at most.
 */
#include <fcntl.h>
#include <linux/keyctl.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include "report.h"

enum { TICKS_A_SECOND = 20, SECONDS_MAX = 120 };

static void take_file(unsigned int number)
{
	(void)number;
	if (open("/dev/null", O_RDONLY) < 0)
		refused("open");
}

static void take_key(unsigned int number)
{
	char name[32];

	snprintf(name, sizeof(name), "leaked-%u", number);
	if (syscall(SYS_add_key, "user", name, "x", 1, KEY_SPEC_PROCESS_KEYRING) < 0)
		refused("add_key");
}

int main(int argc, char **argv)
{
	const struct timespec tick = { .tv_nsec = 1000000000 / TICKS_A_SECOND };
	struct rlimit files = { 1000000, 1000000 };
	unsigned int rate, number = 0;
	bool keys;

	if (argc != 3)
		misused("leak-objects files|keys RATE");
	keys = !strcmp(argv[1], "keys");
	rate = (unsigned int)atoi(argv[2]);
	if (setrlimit(RLIMIT_NOFILE, &files))
		refused("setrlimit");
	for (unsigned int i = 0; i < SECONDS_MAX * TICKS_A_SECOND; i++) {
		for (unsigned int j = 0; j < rate / TICKS_A_SECOND; j++)
			(keys ? take_key : take_file)(number++);
		nanosleep(&tick, NULL);
	}
	return 0;
}
