// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Plays the system controller at /dev/sccon-fw: keeps what the machine sends, types, and makes the firmware misbehave, by a
 * script or at random from a seed; and compares what was sent with what should have been.
 *
 *   sccon-controller run [--log FILE] [--type FILE] [--script FILE] [--random SEED SECONDS] [--rate BYTES] [--quiet MS]
 *   sccon-controller check LOG DATA [--flood N]
 *
 * run ends when the script, the typing and the random faults are over, and nothing was sent for so long (1000 ms). --rate:
 * reads no more than so many bytes a second. A script has a line for each of: "faults NAME=NUMBER...", "wait MS", "type
 * TEXT" (with \e, \r, \n), "break", "window ROWS COLUMNS", "warn", "status".
 *
 * check removes the kernel's messages from LOG. The rest must be DATA, but for what "[sccon: lost N bytes]" says, at that
 * place; and the messages "flood 0" to N - 1 must be there, in order. What the firmware sent twice, or not at all, is named.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <regex.h>
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

#include "sccon/kernel/sccon_fw.h"

struct settings {
	const char *log;
	const char *type;
	const char *script;
	uint64_t seed;
	double random_seconds;
	double rate;
	double quiet;
};

struct controller {
	int fd;
	FILE *log;
	FILE *script;
	char *typed; /* what is still to be typed */
	size_t typed_size;
	size_t typed_done;
	double script_at;
	double random_at;
	double random_until;
	double heard_at;
	uint64_t random;
	double credit;
	double credit_at;
};

static void die(const char *what)
{
	fprintf(stderr, "sccon-controller: %s: %s\n", what, strerror(errno));
	exit(2);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static char *read_whole(const char *name, size_t *size)
{
	FILE *file = fopen(name, "rb");
	struct stat status;
	char *bytes;

	if (!file || fstat(fileno(file), &status))
		die(name);
	bytes = malloc((size_t)status.st_size + 1);
	if (!bytes)
		die(name);
	*size = fread(bytes, 1, (size_t)status.st_size, file);
	bytes[*size] = 0;
	fclose(file);
	return bytes;
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

	for (size_t i = 0; i < sizeof(mosts) / sizeof(mosts[0]); i++)
		if (draw(controller, 2))
			set_fault(&faults, mosts[i].name, (uint32_t)draw(controller, mosts[i].most + 1));
	apply(controller, &faults);
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

		if (byte == '\\' && text[1]) {
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

/* The script's lines that are due. False: there are no more. */
static bool advance_script(struct controller *controller)
{
	char line[512];

	while (controller->script && now() >= controller->script_at) {
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
	if (size <= 0)
		return;
	controller->heard_at = now();
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

static int run(const struct settings *settings)
{
	struct controller controller = { .random = settings->seed | 1, .heard_at = now(), .credit_at = now() };
	bool goes_on = true;
	size_t size;
	char *bytes;

	controller.fd = open("/dev/sccon-fw", O_RDWR | O_NONBLOCK);
	if (controller.fd < 0)
		die("/dev/sccon-fw");
	if (settings->log && !(controller.log = fopen(settings->log, "wb")))
		die(settings->log);
	/* Whoever kills it finds all that it has read. */
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
		struct pollfd poller = { .fd = controller.fd, .events = (short)(POLLIN | (has_typing ? POLLOUT : 0)) };

		if (poll(&poller, 1, 20) < 0)
			die("poll");
		if (settings->rate > 0)
			usleep(5000);
		listen(&controller, settings);
		press(&controller);
		goes_on = advance_script(&controller);
		goes_on |= advance_random(&controller);
		goes_on |= controller.typed_done < controller.typed_size;
		goes_on |= now() < controller.heard_at + settings->quiet;
	}
	if (controller.log && fclose(controller.log))
		die("log");
	free(controller.typed);
	close(controller.fd);
	return 0;
}

/* --- comparing */

struct comparison {
	size_t place;	 /* in the data */
	uint64_t lost;	 /* said */
	unsigned long flood;
	unsigned long messages;
};

/* The length of a message of the kernel that begins here: its time, and a line. 0: there is none. */
static size_t message_at(const char *text, size_t left, const char **line, size_t *length)
{
	size_t i = 0;

	if (!left || text[i++] != '[')
		return 0;
	while (i < left && text[i] == ' ')
		i++;
	while (i < left && text[i] >= '0' && text[i] <= '9')
		i++;
	if (i + 9 > left || text[i] != '.' || strspn(text + i + 1, "0123456789") < 6 || text[i + 7] != ']' || text[i + 8] != ' ')
		return 0;
	*line = text + i + 9;
	for (i += 9; i + 1 < left; i++)
		if (text[i] == '\r' && text[i + 1] == '\n') {
			*length = (size_t)(text + i - *line);
			return i + 2;
		}
	return 0;
}

static bool take_message(struct comparison *comparison, const char *line, size_t length)
{
	unsigned long number;

	comparison->messages++;
	if (length < 6 || strncmp(line, "flood ", 6))
		return true;
	number = strtoul(line + 6, NULL, 10);
	if (number == comparison->flood) {
		comparison->flood++;
		return true;
	}
	fprintf(stderr, "message %lu of the flood where %lu should be\n", number, comparison->flood);
	return false;
}

/* Removes all messages, which may be in the middle of anything else: false if those of the flood are not as they should be. */
static bool remove_messages(struct comparison *comparison, char *text, size_t *size)
{
	size_t to = 0, length;
	const char *line;
	bool is_right = true;

	for (size_t from = 0; from < *size;) {
		size_t message = message_at(text + from, *size - from, &line, &length);

		if (message) {
			is_right &= take_message(comparison, line, length);
			from += message;
		} else {
			text[to++] = text[from++];
		}
	}
	*size = to;
	text[to] = 0;
	return is_right;
}

static size_t notice_at(const char *text, uint64_t *lost)
{
	int length = 0;

	if (strncmp(text, "\r\n[sccon: lost ", 15) ||
		sscanf(text, "\r\n[sccon: lost %" SCNu64 " bytes]%n", lost, &length) != 1 || !length)
		return 0;
	return 2 + (size_t)(strchr(text, ']') + 1 - (text + 2)) + 2;
}

static int check(const char *log, const char *expected, unsigned long flood)
{
	struct comparison comparison = { 0 };
	size_t size, data_size;
	char *text = read_whole(log, &size), *data = read_whole(expected, &data_size);
	bool is_right = remove_messages(&comparison, text, &size);

	for (size_t i = 0; i < size;) {
		uint64_t lost;
		size_t notice = notice_at(text + i, &lost);

		if (notice) {
			comparison.place += lost;
			comparison.lost += lost;
			i += notice;
		} else if (comparison.place < data_size && text[i] == data[comparison.place]) {
			comparison.place++;
			i++;
		} else {
			fprintf(stderr, "byte %zu of %zu is another one: %.60s\n", comparison.place, data_size, text + i);
			is_right = false;
			break;
		}
	}
	if (is_right && comparison.place != data_size) {
		fprintf(stderr, "it ends at %zu of %zu\n", comparison.place, data_size);
		is_right = false;
	}
	if (comparison.flood != flood) {
		fprintf(stderr, "%lu messages of the flood instead of %lu\n", comparison.flood, flood);
		is_right = false;
	}
	printf("%zu bytes, %" PRIu64 " of them said to be lost, %lu messages\n", comparison.place, comparison.lost,
		comparison.messages);
	free(text);
	free(data);
	return !is_right;
}

static int usage(void)
{
	fprintf(stderr, "usage: sccon-controller run [OPTION...] | check LOG DATA [--flood N]\n");
	return 2;
}

int main(int argc, char **argv)
{
	struct settings settings = { .seed = 1, .quiet = 1 };

	if (argc >= 4 && !strcmp(argv[1], "check"))
		return check(argv[2], argv[3], argc > 5 ? strtoul(argv[5], NULL, 10) : 0);
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
