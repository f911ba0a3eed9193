// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Plays the system controller at /dev/sccon-fw: keeps what the machine sends, types, and makes the firmware misbehave, by a
 * script or at random from a seed; and compares what was sent with what should have been.
 *
 *   sccon-controller run [--log FILE] [--type FILE] [--script FILE] [--random SEED SECONDS] [--rate BYTES]
 *                        [--quiet MS | --until FILE] [--ready FILE]
 *   sccon-controller check LOG DATA [--flood N] [--returns]
 *
 * run ends when the script, the typing and the random faults are over, and nothing was sent for so long (1000 ms); or FILE is
 * there, and nothing is left to be read. --ready: makes that file when the first faults are in effect. --rate: reads no more
 * than so many bytes a second. A script has a line for each of: "faults NAME=NUMBER...", "wait MS", "until FILE" (until it is
 * there), "expect TEXT" (until that is sent, a minute at most), "type TEXT" (with \e, \r, \n, \xNN), "break", "window ROWS
 * COLUMNS", "warn", "status".
 *
 * check removes the kernel's messages from LOG. The rest must be DATA, but for what "[sccon: lost N bytes]" says, at that
 * place; and the messages "flood 0" to N - 1 must be there, in order. What the firmware sent twice, or not at all, is named.
 * --returns: the terminal has put a carriage return before each line feed.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "controller.h"
#include "patience.h"
#include "sccon/kernel/sccon_fw.h"

struct settings {
	const char *log;
	const char *type;
	const char *script;
	uint64_t seed;
	double random_seconds;
	double rate;
	double quiet;
	const char *until;
	const char *ready;
};

/* How long a text is waited for, in seconds, on a stock kernel. */
#define EXPECT_MOST 60

struct controller {
	int fd;
	FILE *log;
	FILE *script;
	char *typed; /* what is still to be typed */
	size_t typed_size;
	size_t typed_done;
	double script_at;
	char until[128];    /* the file that the script waits for */
	char expected[101]; /* the text that it waits for, */
	double expected_by; /* so long, */
	char sent[8192];    /* in what was sent since the last one came */
	size_t sent_size;
	bool is_at_end;	    /* there was nothing to be read */
	double random_at;
	double random_until;
	double heard_at;
	uint64_t random;
	double credit;
	double credit_at;
};

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* --- faults */

static const struct {
	const char *name;
	size_t offset;
} fault_names[] = {
#define FAULT(name) { #name, offsetof(struct sccon_fw_faults, name) }
	FAULT(short_writes), FAULT(refusals), FAULT(busy), FAULT(busy_ms), FAULT(errors), FAULT(overstated),
	FAULT(dirty_input), FAULT(lost_interrupts), FAULT(spurious), FAULT(gone_ms), FAULT(stuck_ms), FAULT(call_us),
	FAULT(no_interrupts),
#undef FAULT
};

static void set_fault(struct sccon_fw_faults *faults, const char *name, uint32_t value)
{
	for (size_t i = 0; i < sizeof(fault_names) / sizeof(fault_names[0]); i++)
		if (!strcmp(fault_names[i].name, name)) {
			memcpy((char *)faults + fault_names[i].offset, &value, sizeof(value));
			return;
		}
	fprintf(stderr, "sccon-controller: %s: no such fault\n", name);
	exit(2);
}

static void apply(const struct controller *controller, const struct sccon_fw_faults *faults)
{
	if (ioctl(controller->fd, SCCON_FW_FAULTS, faults))
		die("faults");
}

static void apply_words(const struct controller *controller, char *words)
{
	struct sccon_fw_faults faults = { .seed = controller->random };

	for (char *word = strtok(words, " "); word; word = strtok(NULL, " ")) {
		char *value = strchr(word, '=');

		if (!value)
			continue;
		*value = 0;
		set_fault(&faults, word, (uint32_t)strtoul(value + 1, NULL, 10));
	}
	apply(controller, &faults);
}

static uint64_t draw(struct controller *controller, uint64_t below)
{
	controller->random ^= controller->random << 13;
	controller->random ^= controller->random >> 7;
	controller->random ^= controller->random << 17;
	return (controller->random >> 11) % below;
}

/* Each fault is on half of the time; what would lose bytes, a firmware gone for longer than it is tried again, is not. */
static void apply_random(struct controller *controller)
{
	static const struct {
		const char *name;
		uint32_t most;
	} mosts[] = {
		{ "short_writes", 900 }, { "refusals", 400 }, { "busy", 20 }, { "busy_ms", 60 }, { "errors", 200 },
		{ "overstated", 200 }, { "dirty_input", 500 }, { "lost_interrupts", 600 }, { "spurious", 3000 },
		{ "gone_ms", 150 }, { "stuck_ms", 150 }, { "call_us", 100 },
	};
	struct sccon_fw_faults faults = { .seed = draw(controller, UINT32_MAX) };

	struct sccon_fw_window window = { .rows = 24, .columns = 80 };

	for (size_t i = 0; i < sizeof(mosts) / sizeof(mosts[0]); i++)
		if (draw(controller, 2))
			set_fault(&faults, mosts[i].name, (uint32_t)draw(controller, mosts[i].most + 1));
	apply(controller, &faults);
	/* Another size, from nothing to the most that there is. */
	if (!draw(controller, 4)) {
		window.rows = (uint16_t)draw(controller, UINT16_MAX + 1);
		window.columns = (uint16_t)draw(controller, UINT16_MAX + 1);
		if (ioctl(controller->fd, SCCON_FW_WINDOW, &window))
			die("window");
	}
}

/* --- running */

static void type(struct controller *controller, const char *bytes, size_t size)
{
	char *all = realloc(controller->typed, controller->typed_size + size + 1);

	if (!all)
		die("memory");
	memcpy(all + controller->typed_size, bytes, size);
	controller->typed = all;
	controller->typed_size += size;
}

static void type_text(struct controller *controller, const char *text)
{
	for (; *text; text++) {
		char byte = *text;

		unsigned int code;

		if (byte == '\\' && sscanf(text + 1, "x%2x", &code) == 1) {
			text += 3;
			byte = (char)code;
		} else if (byte == '\\' && text[1]) {
			text++;
			byte = *text == 'e' ? 0x1b : *text == 'r' ? '\r' : *text == 'n' ? '\n' : *text;
		}
		type(controller, &byte, 1);
	}
}

static void print_status(const struct controller *controller)
{
	struct sccon_fw_status status;

	if (ioctl(controller->fd, SCCON_FW_STATUS, &status))
		die("status");
	printf("calls %" PRIu64 " taken %" PRIu64 " given %" PRIu64 " refused %" PRIu64 " failed %" PRIu64
	       " too_long %" PRIu64 " interrupts %" PRIu64 " interrupts_lost %" PRIu64 " breaks %" PRIu64 "\n",
		(uint64_t)status.calls, (uint64_t)status.taken, (uint64_t)status.given, (uint64_t)status.refused,
		(uint64_t)status.failed, (uint64_t)status.too_long, (uint64_t)status.interrupts,
		(uint64_t)status.interrupts_lost, (uint64_t)status.breaks);
	fflush(stdout);
}

static void take_line(struct controller *controller, char *line)
{
	struct sccon_fw_window window;
	unsigned int rows, columns, wait;

	line[strcspn(line, "\n")] = 0;
	if (!strncmp(line, "faults", 6)) {
		apply_words(controller, line + 6);
	} else if (sscanf(line, "wait %u", &wait) == 1) {
		controller->script_at = now() + wait / 1e3;
	} else if (sscanf(line, "until %127s", controller->until) == 1) {
		return;
	} else if (!strncmp(line, "expect ", 7)) {
		snprintf(controller->expected, sizeof(controller->expected), "%.100s", line + 7);
		controller->expected_by = now() + EXPECT_MOST * patience();
	} else if (!strncmp(line, "type ", 5)) {
		type_text(controller, line + 5);
	} else if (!strcmp(line, "break")) {
		if (ioctl(controller->fd, SCCON_FW_BREAK))
			die("break");
	} else if (sscanf(line, "window %u %u", &rows, &columns) == 2) {
		window = (struct sccon_fw_window){ .rows = (uint16_t)rows, .columns = (uint16_t)columns };
		if (ioctl(controller->fd, SCCON_FW_WINDOW, &window))
			die("window");
	} else if (!strcmp(line, "warn")) {
		if (ioctl(controller->fd, SCCON_FW_WARN))
			die("warn");
	} else if (!strcmp(line, "status")) {
		print_status(controller);
	} else if (line[0] && line[0] != '#') {
		fprintf(stderr, "sccon-controller: %s: what is that?\n", line);
		exit(2);
	}
}

/* Keeps the end of what was sent, in which a text is looked for. */
static void keep_sent(struct controller *controller, const char *bytes, size_t size)
{
	size_t most = sizeof(controller->sent), kept;

	if (size > most) {
		bytes += size - most;
		size = most;
	}
	kept = controller->sent_size < most - size ? controller->sent_size : most - size;
	memmove(controller->sent, controller->sent + controller->sent_size - kept, kept);
	memcpy(controller->sent + kept, bytes, size);
	controller->sent_size = kept + size;
}

/* Whether the text has come; what came before it is forgotten, and it, too. */
static bool has_come(struct controller *controller)
{
	size_t length = strlen(controller->expected);
	char *place = memmem(controller->sent, controller->sent_size, controller->expected, length);

	if (!place) {
		if (now() < controller->expected_by)
			return false;
		fprintf(stderr, "sccon-controller: waited in vain for \"%s\"; the last was: %.*s\n", controller->expected,
			(int)controller->sent_size, controller->sent);
		exit(1);
	}
	place += length;
	controller->sent_size -= (size_t)(place - controller->sent);
	memmove(controller->sent, place, controller->sent_size);
	controller->expected[0] = 0;
	return true;
}

/* Whether the script's next line is due. */
static bool is_due(struct controller *controller)
{
	if (controller->until[0] && access(controller->until, F_OK))
		return false;
	controller->until[0] = 0;
	if (controller->expected[0] && !has_come(controller))
		return false;
	return now() >= controller->script_at;
}

/* The script's lines that are due. False: there are no more. */
static bool advance_script(struct controller *controller)
{
	char line[512];

	while (controller->script && is_due(controller)) {
		if (!fgets(line, sizeof(line), controller->script)) {
			fclose(controller->script);
			controller->script = NULL;
			break;
		}
		take_line(controller, line);
	}
	return controller->script;
}

static bool advance_random(struct controller *controller)
{
	static const struct sccon_fw_faults none;

	if (!controller->random_until)
		return false;
	if (now() >= controller->random_until) {
		controller->random_until = 0;
		apply(controller, &none);
		return false;
	}
	if (now() >= controller->random_at) {
		controller->random_at = now() + 0.2;
		apply_random(controller);
	}
	return true;
}

/* How many bytes may be read now, at that rate. */
static size_t allowance(struct controller *controller, double rate, size_t most)
{
	double time = now();

	if (rate <= 0)
		return most;
	controller->credit += (time - controller->credit_at) * rate;
	controller->credit_at = time;
	if (controller->credit > rate / 10)
		controller->credit = rate / 10;
	return controller->credit < (double)most ? (size_t)controller->credit : most;
}

static void listen(struct controller *controller, const struct settings *settings)
{
	char bytes[4096];
	size_t most = allowance(controller, settings->rate, sizeof(bytes));
	ssize_t size = most ? read(controller->fd, bytes, most) : 0;

	if (size < 0 && errno != EAGAIN)
		die("reading");
	controller->is_at_end = size < 0;
	if (size <= 0)
		return;
	controller->heard_at = now();
	keep_sent(controller, bytes, (size_t)size);
	controller->credit -= (double)size;
	if (controller->log && fwrite(bytes, 1, (size_t)size, controller->log) != (size_t)size)
		die("log");
}

static void press(struct controller *controller)
{
	size_t left = controller->typed_size - controller->typed_done;
	ssize_t size = left ? write(controller->fd, controller->typed + controller->typed_done, left) : 0;

	if (size < 0 && errno != EAGAIN)
		die("typing");
	if (size > 0) {
		controller->typed_done += (size_t)size;
		controller->heard_at = now();
	}
}

/* Whether the machine may still send something. */
static bool is_waiting(const struct controller *controller, const struct settings *settings, bool is_told)
{
	if (settings->until)
		return !is_told || !controller->is_at_end;
	return now() < controller->heard_at + settings->quiet;
}

static void say_ready(const char *name)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		die(name);
	close(fd);
}

static int run(const struct settings *settings)
{
	struct controller controller = { .random = settings->seed | 1, .heard_at = now(), .credit_at = now() };
	const struct timespec wait = { .tv_nsec = 20000000 };
	bool goes_on = true, has_said = false;
	sigset_t terminate, others;
	size_t size;
	char *bytes;

	controller.fd = open("/dev/sccon-fw", O_RDWR | O_NONBLOCK);
	if (controller.fd < 0)
		die("/dev/sccon-fw");
	if (settings->log && !(controller.log = fopen(settings->log, "wb")))
		die(settings->log);
	/* Whoever terminates it finds all that it has read: that happens while it waits, and at no other time. */
	sigemptyset(&terminate);
	sigaddset(&terminate, SIGTERM);
	sigprocmask(SIG_BLOCK, &terminate, &others);
	sigdelset(&others, SIGTERM);
	if (controller.log)
		setvbuf(controller.log, NULL, _IONBF, 0);
	if (settings->script && !(controller.script = fopen(settings->script, "r")))
		die(settings->script);
	if (settings->type) {
		bytes = read_whole(settings->type, &size);
		type(&controller, bytes, size);
		free(bytes);
	}
	if (settings->random_seconds > 0)
		controller.random_until = now() + settings->random_seconds;
	while (goes_on) {
		bool has_typing = controller.typed_done < controller.typed_size;
		/* Asked before it reads: what was sent before the file was there is read. */
		bool is_told = settings->until && !access(settings->until, F_OK);
		struct pollfd poller = { .fd = controller.fd, .events = (short)(POLLIN | (has_typing ? POLLOUT : 0)) };

		if (ppoll(&poller, 1, &wait, &others) < 0)
			die("poll");
		if (settings->rate > 0)
			usleep(5000);
		listen(&controller, settings);
		press(&controller);
		goes_on = advance_script(&controller);
		goes_on |= advance_random(&controller);
		if (settings->ready && !has_said)
			say_ready(settings->ready);
		has_said = true;
		goes_on |= controller.typed_done < controller.typed_size;
		goes_on |= is_waiting(&controller, settings, is_told);
	}
	if (controller.log && fclose(controller.log))
		die("log");
	free(controller.typed);
	close(controller.fd);
	return 0;
}

static int usage(void)
{
	fprintf(stderr, "usage: sccon-controller run [OPTION...] | check LOG DATA [--flood N]\n");
	return 2;
}

static int check_by_options(int count, char **words)
{
	unsigned long flood = 0;
	bool has_returns = false;

	for (int i = 2; i < count; i++) {
		if (!strcmp(words[i], "--returns"))
			has_returns = true;
		else if (!strcmp(words[i], "--flood") && i + 1 < count)
			flood = strtoul(words[++i], NULL, 10);
		else
			return usage();
	}
	return compare(words[0], words[1], flood, has_returns);
}

int main(int argc, char **argv)
{
	struct settings settings = { .seed = 1, .quiet = 1 };

	if (argc >= 4 && !strcmp(argv[1], "check"))
		return check_by_options(argc - 2, argv + 2);
	if (argc < 2 || strcmp(argv[1], "run"))
		return usage();
	for (int i = 2; i < argc;) {
		const char *option = argv[i], *value = i + 1 < argc ? argv[i + 1] : NULL;

		if (!value)
			return usage();
		if (!strcmp(option, "--log"))
			settings.log = value;
		else if (!strcmp(option, "--type"))
			settings.type = value;
		else if (!strcmp(option, "--script"))
			settings.script = value;
		else if (!strcmp(option, "--rate"))
			settings.rate = strtod(value, NULL);
		else if (!strcmp(option, "--until"))
			settings.until = value;
		else if (!strcmp(option, "--ready"))
			settings.ready = value;
		else if (!strcmp(option, "--quiet"))
			settings.quiet = strtod(value, NULL) / 1e3;
		else if (!strcmp(option, "--random") && i + 2 < argc) {
			settings.seed = strtoull(value, NULL, 10);
			settings.random_seconds = strtod(argv[i + 2], NULL);
			i++;
		} else
			return usage();
		i += 2;
	}
	return run(&settings);
}
