// SPDX-License-Identifier: GPL-2.0-or-later
/* Serial lines: what is asked of a device, and what it has taken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "lib/time/clock.h"
#include "sccon/line/line.h"
#include "sccon/line/serial.h"

#define CONTROL (CSIZE | PARENB | PARODD | CMSPAR | CSTOPB | CRTSCTS)

static void settings_are_modes(void **state)
{
	static const struct {
		struct line_settings settings;
		tcflag_t control, input;
		speed_t speed;
	} cases[] = {
		{ { .speed = 115200, .data_bits = 8, .stop_bits = 1 }, CS8, 0, B115200 },
		{ { .speed = 9600, .data_bits = 7, .parity = LINE_PARITY_EVEN, .stop_bits = 1 }, CS7 | PARENB, 0, B9600 },
		{ { .speed = 300, .data_bits = 5, .parity = LINE_PARITY_ODD, .stop_bits = 2 }, CS5 | PARENB | PARODD | CSTOPB, 0, B300 },
		{ { .data_bits = 6, .parity = LINE_PARITY_MARK, .stop_bits = 1 }, CS6 | PARENB | PARODD | CMSPAR, 0, B38400 },
		{ { .data_bits = 8, .parity = LINE_PARITY_SPACE, .stop_bits = 1 }, CS8 | PARENB | CMSPAR, 0, B38400 },
		{ { .data_bits = 8, .stop_bits = 1, .flow = LINE_FLOW_RTSCTS }, CS8 | CRTSCTS, 0, B38400 },
		{ { .data_bits = 8, .stop_bits = 1, .flow = LINE_FLOW_XONXOFF }, CS8, IXON | IXOFF, B38400 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		/* All that a device may have had before. */
		struct termios attributes = { .c_iflag = ~0U, .c_oflag = ~0U, .c_cflag = ~0U, .c_lflag = ~0U };
		char words[SERIAL_WORDS_SIZE];

		cfsetspeed(&attributes, B38400);
		assert_int_equal(serial_apply(&cases[i].settings, &attributes), 0);
		assert_int_equal(attributes.c_cflag & CONTROL, cases[i].control);
		assert_int_equal(attributes.c_cflag & (CREAD | CLOCAL | HUPCL), CREAD | CLOCAL);
		assert_int_equal(attributes.c_iflag & (IXON | IXOFF | IXANY | ICRNL | ISTRIP), cases[i].input);
		assert_int_equal(attributes.c_lflag & (ECHO | ICANON | ISIG), 0);
		assert_int_equal(attributes.c_oflag & OPOST, 0);
		assert_int_equal(cfgetospeed(&attributes), cases[i].speed);
		assert_int_equal(attributes.c_cc[VMIN], 1);
		assert_null(serial_refused(&cases[i].settings, &attributes, words));
		assert_int_equal(serial_is_plain(&cases[i].settings), i == 0);
	}
}

static void settings_that_no_line_has_are_refused(void **state)
{
	static const struct line_settings wrong[] = {
		{ .data_bits = 4, .stop_bits = 1 }, { .data_bits = 9, .stop_bits = 1 }, { .data_bits = 8, .stop_bits = 0 },
		{ .data_bits = 8, .stop_bits = 3 }, { .speed = 12345, .data_bits = 8, .stop_bits = 1 }, { 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_int_equal(serial_apply(&wrong[i], &(struct termios){ 0 }), -EINVAL);
}

static void what_a_device_has_not_taken_is_said(void **state)
{
	static const struct {
		struct line_settings settings;
		tcflag_t control, input;
		const char *words;
	} cases[] = {
		{ { .data_bits = 7, .stop_bits = 1 }, CS8, 0, "7 data bits" },
		{ { .data_bits = 8, .parity = LINE_PARITY_EVEN, .stop_bits = 1 }, CS8, 0, "even parity" },
		{ { .data_bits = 8, .parity = LINE_PARITY_ODD, .stop_bits = 1 }, CS8 | PARENB, 0, "odd parity" },
		{ { .data_bits = 8, .parity = LINE_PARITY_SPACE, .stop_bits = 1 }, CS8 | PARENB, 0, "space parity" },
		{ { .data_bits = 8, .stop_bits = 1 }, CS8 | PARENB, 0, "no parity" },
		/* Which parity it would be does not matter without one. */
		{ { .data_bits = 8, .stop_bits = 1 }, CS8 | PARODD, 0, NULL },
		{ { .data_bits = 8, .stop_bits = 2 }, CS8, 0, "2 stop bits" },
		{ { .data_bits = 8, .stop_bits = 1 }, CS8 | CSTOPB, 0, "1 stop bit" },
		{ { .data_bits = 8, .stop_bits = 1, .flow = LINE_FLOW_RTSCTS }, CS8, 0, "flow control by RTS and CTS" },
		{ { .data_bits = 8, .stop_bits = 1 }, CS8 | CRTSCTS, 0, "no flow control" },
		{ { .data_bits = 8, .stop_bits = 1, .flow = LINE_FLOW_XONXOFF }, CS8, IXON, "flow control by XON and XOFF" },
		{ { .data_bits = 8, .stop_bits = 1 }, CS8, IXOFF, "no flow control" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct termios has = { .c_cflag = cases[i].control, .c_iflag = cases[i].input };
		char words[SERIAL_WORDS_SIZE];
		const char *got = serial_refused(&cases[i].settings, &has, words);

		assert_int_equal(!got, !cases[i].words);
		if (got)
			assert_string_equal(got, cases[i].words);
	}
}

/* --- a pseudo-terminal, which has eight bits and no parity whatever it is told */

static struct line *open_line(const char *target, struct line_settings settings)
{
	char words[FAILURE_SIZE];
	struct line *line;

	settings.target = target;
	assert_int_equal(line_new(&settings, &line, words), 0);
	line_attend(line, 0, clock_now());
	return line;
}

static void is_as_before(const struct termios *after, const struct termios *before)
{
	assert_int_equal(after->c_iflag, before->c_iflag);
	assert_int_equal(after->c_oflag, before->c_oflag);
	assert_int_equal(after->c_cflag, before->c_cflag);
	assert_int_equal(after->c_lflag, before->c_lflag);
	assert_int_equal(cfgetospeed(after), cfgetospeed(before));
	assert_memory_equal(after->c_cc, before->c_cc, sizeof(after->c_cc));
}

static void a_device_has_its_settings_and_has_its_own_back(void **state)
{
	struct line_settings settings = LINE_SETTINGS_USUAL;
	struct termios before, has, after;
	int controller, device;
	struct line *line;
	char name[64];

	(void)state;
	assert_int_equal(openpty(&controller, &device, name, NULL, NULL), 0);
	assert_int_equal(tcgetattr(controller, &before), 0);
	settings.speed = 2400;
	settings.stop_bits = 2;
	settings.flow = LINE_FLOW_RTSCTS;
	line = open_line(name, settings);
	assert_true(line_is_up(line));
	assert_int_equal(tcgetattr(controller, &has), 0);
	assert_int_equal(has.c_cflag & CONTROL, CS8 | CSTOPB | CRTSCTS);
	assert_int_equal(cfgetospeed(&has), B2400);
	assert_int_equal(has.c_lflag & ECHO, 0);
	line_free(line);
	assert_int_equal(tcgetattr(controller, &after), 0);
	is_as_before(&after, &before);
	settings = (struct line_settings)LINE_SETTINGS_USUAL;
	settings.flow = LINE_FLOW_XONXOFF;
	settings.speed = LINE_SPEED_KEPT;
	line = open_line(name, settings);
	assert_int_equal(tcgetattr(controller, &has), 0);
	assert_int_equal(has.c_iflag & (IXON | IXOFF), IXON | IXOFF);
	assert_int_equal(cfgetospeed(&has), cfgetospeed(&before));
	line_free(line);
	close(controller);
	close(device);
}

static void a_device_that_does_not_take_them_is_away(void **state)
{
	struct line_settings settings = LINE_SETTINGS_USUAL;
	struct termios before, after;
	int controller, device;
	struct line *line;
	char name[64], wanted[128];

	(void)state;
	assert_int_equal(openpty(&controller, &device, name, NULL, NULL), 0);
	assert_int_equal(tcgetattr(controller, &before), 0);
	settings.data_bits = 7;
	line = open_line(name, settings);
	assert_false(line_is_up(line));
	snprintf(wanted, sizeof(wanted), "%s: this device does not take 7 data bits", name);
	assert_string_equal(line_words(line), wanted);
	assert_int_equal(tcgetattr(controller, &after), 0);
	is_as_before(&after, &before);
	line_free(line);
	settings.data_bits = 8;
	settings.parity = LINE_PARITY_EVEN;
	line = open_line(name, settings);
	assert_false(line_is_up(line));
	snprintf(wanted, sizeof(wanted), "%s: this device does not take even parity", name);
	assert_string_equal(line_words(line), wanted);
	line_free(line);
	close(controller);
	close(device);
}

static void what_is_no_serial_device_has_no_such_settings(void **state)
{
	static const char *const targets[] = { "unix:./socket", "tcp:127.0.0.1:1", "127.0.0.1:1", "./socket", "/dev/sccon-fw" };
	struct line_settings settings = LINE_SETTINGS_USUAL;
	char words[FAILURE_SIZE];
	struct line *line;

	(void)state;
	for (size_t i = 0; i < sizeof(targets) / sizeof(*targets); i++) {
		settings.target = targets[i];
		settings.stop_bits = 1;
		assert_int_equal(line_new(&settings, &line, words), 0);
		line_free(line);
		settings.stop_bits = 2;
		assert_int_equal(line_new(&settings, &line, words), -EINVAL);
		assert_non_null(strstr(words, "no serial device"));
	}
	/* A device that is not there yet may be one. */
	settings.target = "/dev/no-such-device";
	assert_int_equal(line_new(&settings, &line, words), 0);
	line_free(line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(settings_are_modes),
		cmocka_unit_test(settings_that_no_line_has_are_refused),
		cmocka_unit_test(what_a_device_has_not_taken_is_said),
		cmocka_unit_test(a_device_has_its_settings_and_has_its_own_back),
		cmocka_unit_test(a_device_that_does_not_take_them_is_away),
		cmocka_unit_test(what_is_no_serial_device_has_no_such_settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
