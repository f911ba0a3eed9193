// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What others do with block devices, while ramswap is at work: busybox knows no priority of swap, and no claim.
 *
 *	device on PRIORITY DEVICE      swap on, with that priority
 *	device hold DEVICE             claims it, says "held", and waits for the end of its input
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/swap.h>
#include <unistd.h>

static int hold(const char *device)
{
	char byte;

	if (open(device, O_RDONLY | O_EXCL) < 0) {
		perror(device);
		return 1;
	}
	puts("held");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "hold"))
		return hold(argv[2]);
	if (argc != 4 || strcmp(argv[1], "on")) {
		fputs("usage: device on PRIORITY DEVICE | device hold DEVICE\n", stderr);
		return 2;
	}
	if (swapon(argv[3], SWAP_FLAG_PREFER | atoi(argv[2]))) {
		perror(argv[3]);
		return 1;
	}
	return 0;
}
