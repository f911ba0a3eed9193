// SPDX-License-Identifier: GPL-2.0-or-later
#include "module_status.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../../lib/file/below.h"
#include "../../lib/file/value.h"
#include "../../lib/text/json.h"
#include "../../lib/text/number.h"
#include "../../lib/text/text.h"
#include "cli.h"

#define PARAMETERS "/sys/module/sccon/parameters/"
#define STATISTICS "/sys/kernel/debug/sccon/statistics"

enum { STATISTICS_MOST = 65536, VALUE_SIZE = 256 };

struct explanation {
	const char *name, *words;
};

static const struct explanation parameters[] = {
	{ "transport", "which firmware: sbi, debugcon, or sal, the simulator" },
	{ "max_call", "bytes a call" },
	{ "poll_ms", "milliseconds between two looks for input while somebody types" },
	{ "ring", "KiB of output that may wait; 0: as much as the kernel's log" },
	{ "retries", "failures in a row before waiting output is given up" },
	{ "replay", "whether what was logged before was printed" },
	{ "extended", "whether messages come as /dev/kmsg has them" },
	{ "sysrq", "SysRq from the console: 0 never, 1 while it is open, 2 always" },
	{ "dbcn", "whether SBI's calls with memory are used" },
	{ "adds_returns", "whether the firmware puts a return before a line feed" },
};

static const struct explanation statistics[] = {
	{ "transport", "which firmware" },
	{ "sent", "bytes that the firmware took" },
	{ "received", "bytes that were typed" },
	{ "discarded", "bytes that were typed while nobody had the terminal open" },
	{ "lost_log", "bytes of the kernel's messages that were lost" },
	{ "lost_tty", "bytes of programs that were lost" },
	{ "waiting_log", "bytes of the kernel's messages that wait" },
	{ "waiting_tty", "bytes of programs that wait" },
	{ "calls", "calls to send" },
	{ "calls_whole", "calls that took all" },
	{ "calls_short", "calls that took a part" },
	{ "calls_refused", "calls that took nothing" },
	{ "calls_failed", "calls that failed" },
	{ "calls_given_up", "calls after which waiting output was given up" },
	{ "calls_without_lock", "calls in a panic that did not get the lock" },
	{ "impossible_answers", "answers that no firmware may give" },
	{ "looks", "looks for input" },
	{ "looks_failed", "looks that failed" },
	{ "wakeups", "how often the module's thread woke up" },
	{ "breaks", "breaks that came" },
	{ "sysrqs", "SysRq keys that came" },
	{ "interrupts", "interrupts that came" },
	{ "interrupts_missed", "interrupts that should have come" },
	{ "interrupts_for_nothing", "interrupts without a reason" },
	{ "distrusts", "how often interrupts were no longer relied on" },
	{ "is_polled", "1: there are no interrupts, or they are not relied on" },
};

static const char *explain(const struct explanation *list, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(list[i].name, name))
			return list[i].words;
	return "";
}

#define EXPLAIN(list, name) explain(list, sizeof(list) / sizeof(*(list)), name)

static void put_row(const char *name, const char *value, const char *words)
{
	print_safely(stdout, name);
	printf("%*s ", (int)(strlen(name) < 23 ? 23 - strlen(name) : 0), "");
	printf("%*s", (int)(strlen(value) < 12 ? 12 - strlen(value) : 0), "");
	print_safely(stdout, value);
	printf("%s%s\n", *words ? "  " : "", words);
}

/* A number as one, anything else as text. */
static void add_value(struct json_object *object, const char *name, const char *value)
{
	__u64 number;

	if (!number_parse(value, 0, UINT64_MAX, &number))
		json_add_number(object, name, number);
	else
		json_add_text(object, name, value);
}

static void show_parameters(int root, struct json_object *object)
{
	for (size_t i = 0; i < sizeof(parameters) / sizeof(*parameters); i++) {
		char path[128], value[VALUE_SIZE];

		snprintf(path, sizeof(path), PARAMETERS "%s", parameters[i].name);
		if (value_read(file_open_below(root, path, O_RDONLY), value, sizeof(value)))
			continue;
		if (object)
			add_value(object, parameters[i].name, value);
		else
			put_row(parameters[i].name, value, parameters[i].words);
	}
}

/* Lines with a name and a value; others are left out. */
static void show_lines(char *text, struct json_object *object)
{
	char *place;

	for (char *line = strtok_r(text, "\n", &place); line; line = strtok_r(NULL, "\n", &place)) {
		char *value = strchr(line, ' ');

		if (!value || value == line)
			continue;
		*value++ = '\0';
		if (object)
			add_value(object, line, value);
		else
			put_row(line, value, EXPLAIN(statistics, line));
	}
}

static int show_statistics(int root, struct json_object *object)
{
	char *text = NULL;
	size_t size;
	int err = file_read_below(root, STATISTICS, STATISTICS_MOST, &text, &size);

	if (err)
		complain("%s: %s%s", STATISTICS, strerror(-err),
			err == -ENOENT ? ": is debugfs mounted?" : err == -EACCES ? ": root may read it" : "");
	else
		show_lines(text, object);
	free(text);
	return err ? EXIT_ERROR : EXIT_OK;
}

static int show(int root, bool json)
{
	struct json_object *object = NULL, *both[2] = { NULL };
	int code;

	if (json) {
		object = json_object_new_object();
		json_object_object_add(object, "parameters", both[0] = json_object_new_object());
		json_object_object_add(object, "statistics", both[1] = json_object_new_object());
	}
	show_parameters(root, both[0]);
	code = show_statistics(root, both[1]);
	if (json)
		json_put_line(object);
	return code;
}

int module_status(const char *root, bool json)
{
	int fd = open(root ? root : "/", O_PATH | O_DIRECTORY | O_CLOEXEC), code;

	if (fd < 0) {
		complain("%s: %s", root, strerror(errno));
		return EXIT_ERROR;
	}
	if (file_exists_below(fd, "/sys/module/sccon")) {
		code = show(fd, json);
	} else {
		complain("the kernel module sccon is not loaded here: modprobe sccon, or name a server: sccon status TARGET");
		code = EXIT_NO;
	}
	close(fd);
	return code;
}
