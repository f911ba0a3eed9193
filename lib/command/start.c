// SPDX-License-Identifier: GPL-2.0-or-later
#include "start.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static void do_nothing(int number)
{
	(void)number;
}

/* A handler and not SIG_IGN, which exec(2) would hand on. */
static void catch_file_size_limit(void)
{
	const struct sigaction action = { .sa_handler = do_nothing, .sa_flags = SA_RESTART };
	struct sigaction old;

	if (!sigaction(SIGXFSZ, NULL, &old) && old.sa_handler == SIG_DFL)
		sigaction(SIGXFSZ, &action, NULL);
}

void command_start(void)
{
	/* open(2) takes the lowest free descriptor: this one. */
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			(void)!open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
	catch_file_size_limit();
}
