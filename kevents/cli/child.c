// SPDX-License-Identifier: GPL-2.0-or-later
#include "child.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "cli.h"

static void wait_and_run(char **command, int gate)
{
	char byte;
	int err;

	while (read(gate, &byte, 1) < 0 && errno == EINTR)
		;
	close(gate);
	signal(SIGINT, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	execvp(command[0], command);
	err = errno;
	complain("%s: %s", command[0], strerror(err));
	_exit(err == ENOENT ? 127 : 126);
}

int child_start(char **command, struct child *child)
{
	int gate[2], err;

	if (pipe(gate))
		return -errno;
	child->pid = fork();
	if (child->pid < 0) {
		err = -errno;
		child->pid = 0;
		close(gate[0]);
		close(gate[1]);
		return err;
	}
	if (!child->pid) {
		close(gate[1]);
		wait_and_run(command, gate[0]);
	}
	close(gate[0]);
	child->gate = gate[1];
	return 0;
}

void child_release(struct child *child)
{
	if (child->pid)
		close(child->gate);
}

void child_cancel(struct child *child)
{
	if (!child->pid)
		return;
	kill(child->pid, SIGKILL);
	close(child->gate);
	waitpid(child->pid, NULL, 0);
	child->pid = 0;
}

bool child_has_ended(struct child *child)
{
	int status;

	if (!child->pid || waitpid(child->pid, &status, WNOHANG) != child->pid)
		return false;
	child->pid = 0;
	child->code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	return true;
}
