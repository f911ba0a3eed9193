// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What refreshes of a program on a terminal cost: starts each COMMAND on a pseudo terminal of its
 * own, presses the space bar of each in turn, and prints processor time a refresh, from the
 * scheduler's account, and the peak of resident memory.
 *
 *	refresh ROUNDS COMMAND...
 *
 * Each COMMAND is a program without arguments, or "read": nothing but reading /proc/slabinfo each
 * time, which is what no program can do without.
 */
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

struct program {
	const char *command;
	pid_t pid;
	int fd;
	double before;
};

/* What it prints until it has been quiet for so many milliseconds. */
static void drain(const struct program *program, int quiet)
{
	struct pollfd wait = { .fd = program->fd, .events = POLLIN };
	char text[65536];

	while (poll(&wait, 1, quiet) > 0 && read(program->fd, text, sizeof(text)) > 0)
		;
}

static double microseconds(const struct program *program)
{
	char path[64];
	unsigned long long time = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/schedstat", (int)program->pid);
	file = fopen(path, "r");
	if (!file || fscanf(file, "%llu", &time) != 1) {
		fprintf(stderr, "refresh: %s has ended\n", program->command);
		exit(1);
	}
	fclose(file);
	return (double)time / 1000;
}

static void read_only(void)
{
	static char text[1 << 16];
	int fd = open("/proc/slabinfo", O_RDONLY);
	char key;

	while (read(STDIN_FILENO, &key, 1) == 1) {
		lseek(fd, 0, SEEK_SET);
		while (read(fd, text, sizeof(text)) > 0)
			;
	}
	_exit(fd < 0);
}

/* Keys come one by one, and not back. */
static void make_raw(void)
{
	struct termios mode;

	tcgetattr(STDIN_FILENO, &mode);
	cfmakeraw(&mode);
	tcsetattr(STDIN_FILENO, TCSANOW, &mode);
}

static void start(struct program *program)
{
	struct winsize size = { .ws_row = 24, .ws_col = 80 };

	program->pid = forkpty(&program->fd, NULL, NULL, &size);
	if (program->pid < 0) {
		perror("refresh");
		exit(1);
	}
	if (!program->pid) {
		if (!strcmp(program->command, "read")) {
			make_raw();
			read_only();
		}
		setenv("TERM", "xterm", 1);
		execlp(program->command, program->command, NULL);
		_exit(127);
	}
	drain(program, 700);
	program->before = microseconds(program);
}

static void print_memory(const struct program *program)
{
	char path[64], line[256];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)program->pid);
	file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, "VmHWM:", 6))
			printf("%s", line + 6 + strspn(line + 6, " \t"));
	if (file)
		fclose(file);
}

int main(int argc, char **argv)
{
	struct program programs[8] = { 0 };
	int rounds = argc > 2 ? atoi(argv[1]) : 0, count = argc - 2;

	if (rounds < 1 || count > 8) {
		fprintf(stderr, "usage: refresh ROUNDS COMMAND...\n");
		return 2;
	}
	for (int i = 0; i < count; i++) {
		programs[i].command = argv[2 + i];
		start(&programs[i]);
	}
	for (int round = 0; round < rounds; round++) {
		for (int i = 0; i < count; i++) {
			if (write(programs[i].fd, " ", 1) != 1)
				return 1;
			drain(&programs[i], 20);
		}
	}
	for (int i = 0; i < count; i++) {
		printf("%s %.0f us ", programs[i].command,
			(microseconds(&programs[i]) - programs[i].before) / rounds);
		print_memory(&programs[i]);
		kill(programs[i].pid, SIGTERM);
		waitpid(programs[i].pid, NULL, 0);
	}
	return 0;
}
