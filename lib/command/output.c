// SPDX-License-Identifier: GPL-2.0-or-later
#include "output.h"
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "complain.h"

static const char *output_name = "standard output";
static int reason; /* the errno of the first flush that failed */

void output_set_name(const char *name)
{
	output_name = name;
}

/* Where SIGPIPE is ignored it does not end the command. */
static bool reader_is_gone(void)
{
	struct pollfd output = {.fd = STDOUT_FILENO};

	return poll(&output, 1, 0) > 0 && output.revents & POLLERR;
}

int output_flush(void)
{
	errno = 0;
	if (!fflush(stdout) && !ferror(stdout))
		return 0;
	if (!reason)
		reason = errno;
	return reason ? -reason : -EIO;
}

int output_finish(int code, int error)
{
	int err = output_flush();

	if (!err || err == -EPIPE || reader_is_gone())
		return code;
	/*
	 * Where no flush failed, a write in between did, whose errno is gone. What is there is not whole, so a newline
	 * more does no harm, and most likely fails for the same reason.
	 */
	if (!reason && write(STDOUT_FILENO, "\n", 1) < 0)
		reason = errno;
	complain("%s cannot be written: %s", output_name,
		reason ? strerror(reason) : "a write failed");
	return error;
}
