// SPDX-License-Identifier: GPL-2.0-or-later
#include "screen_terminal.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include "../../lib/command/complain.h"
#include "../../lib/text/text.h"

volatile sig_atomic_t terminal_end, terminal_resized, terminal_continued;

static volatile sig_atomic_t is_raw, is_printing;
static struct termios before;
static sigset_t ends;

/*
 * The machine's programs may have left these: the alternate screen, attributes, the cursor, the keypad, pasting, mice, the focus,
 * insertion, no wrapping, line feeds that return, character sets; and, which move the cursor, rows counted from a region.
 */
static const char usual_modes[] =
	"\033[?1047l\033[0m\033[?25h\033[?1l\033>\033[?2004l\033[?1000l\033[?1002l\033[?1003l\033[?1004l\033[?1006l\033[4l\033[20l\033[?7h"
	"\0337\033[?6l\033[r\0338\033(B\017";

static void note(int number)
{
	int error = errno;

	if (number == SIGWINCH)
		terminal_resized = 1;
	else if (number == SIGCONT)
		terminal_continued = 1;
	else
		terminal_end = number;
	if (terminal_end && is_printing) {
		/* The terminal may take nothing for ever. */
		if (is_raw)
			tcsetattr(STDIN_FILENO, TCSANOW, &before);
		signal(number, SIG_DFL);
		raise(number);
	}
	errno = error;
}

void terminal_signals(sigset_t *mask)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGWINCH, SIGCONT };
	struct sigaction action = { .sa_handler = note };

	sigemptyset(&ends);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		sigaddset(&ends, numbers[i]);
	sigprocmask(SIG_BLOCK, &ends, mask);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		sigdelset(mask, numbers[i]);
		sigaction(numbers[i], &action, NULL);
	}
	signal(SIGPIPE, SIG_IGN);
}

bool terminal_raw(void)
{
	struct termios raw;

	if (!is_raw && tcgetattr(STDIN_FILENO, &before))
		return false;
	raw = before;
	cfmakeraw(&raw);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	is_raw = true;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
	return true;
}

void terminal_restore(bool is_last)
{
	if (!is_raw)
		return;
	if (is_last && isatty(STDOUT_FILENO))
		terminal_write(STDOUT_FILENO, usual_modes, sizeof(usual_modes) - 1);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
	is_raw = false;
}

int terminal_write(int fd, const void *bytes, size_t size)
{
	int err = 0;

	is_printing = true;
	sigprocmask(SIG_UNBLOCK, &ends, NULL);
	while (size && !err) {
		ssize_t count = write(fd, bytes, size);

		if (count >= 0) {
			bytes = (const char *)bytes + count;
			size -= (size_t)count;
		} else if (errno != EINTR) {
			err = -errno;
		}
	}
	sigprocmask(SIG_BLOCK, &ends, NULL);
	is_printing = false;
	return err;
}

void terminal_say(const char *format, ...)
{
	char words[1024], line[1200];
	va_list arguments;
	int length;

	va_start(arguments, format);
	print_safe_message(words, sizeof(words), -ENOMEM, format, arguments);
	va_end(arguments);
	if (is_raw && isatty(STDERR_FILENO))
		length = snprintf(line, sizeof(line), "\r\n[%s: %s]\r\n", command_name, words);
	else
		length = snprintf(line, sizeof(line), "%s: %s\n", command_name, words);
	terminal_write(STDERR_FILENO, line, (size_t)length);
}

struct frame_window terminal_window(void)
{
	struct winsize size;

	if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size))
		return (struct frame_window){ 0 };
	return (struct frame_window){ .rows = size.ws_row, .columns = size.ws_col };
}

void terminal_suspend(void)
{
	terminal_restore(true);
	raise(SIGTSTP);
	terminal_raw();
	terminal_resized = 1;
}
