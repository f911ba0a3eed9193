// SPDX-License-Identifier: GPL-2.0-or-later
/* Stands in for systemd: prints what services send to NOTIFY_SOCKET, a line each. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "report.h"

int main(int argc, char **argv)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char message[4096];
	ssize_t size;
	int fd;

	if (argc != 2 || strlen(argv[1]) >= sizeof(address.sun_path))
		misused("notify-listen SOCKET");
	strcpy(address.sun_path, argv[1]);
	unlink(argv[1]);
	fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)))
		refused("bind");
	while ((size = recv(fd, message, sizeof(message) - 1, 0)) > 0) {
		message[size] = 0;
		puts(message);
		fflush(stdout);
	}
	return 0;
}
