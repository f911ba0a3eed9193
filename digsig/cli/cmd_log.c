// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <json-c/json.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "../enforce/events.h"
#include "../format/inspect.h"
#include "cli.h"
#include "engine_words.h"
#include "text.h"

static const char help[] =
	"usage: digsig log [--follow] [--json] [--no-color]\n"
	"Prints what the engine saw since the log was read last: whatever is not ok, and what is\n"
	"found to be ok for the first time. Each event is printed once.\n\n"
	"  -f, --follow  go on and wait for more\n"
	"  --json        one JSON object a line\n"
	"  --no-color    no colour (also: NO_COLOR)\n"
	"  -h, --help\n";

struct log_style {
	bool json, colour;
};

static volatile sig_atomic_t interrupted;

static void note_interrupt(int signal)
{
	(void)signal;
	interrupted = 1;
}

/* The event's time on the wall clock; time has room for 40. */
static void print_event_time(char *text, __u64 boot_ns)
{
	struct timespec wall, boot;
	char seconds[32];
	__s64 ns;

	clock_gettime(CLOCK_REALTIME, &wall);
	clock_gettime(CLOCK_BOOTTIME, &boot);
	ns = (wall.tv_sec - boot.tv_sec) * 1000000000LL + wall.tv_nsec - boot.tv_nsec +
		(__s64)boot_ns;
	print_time(seconds, (__u64)(ns / 1000000000));
	seconds[strcspn(seconds, "Z")] = 0;
	snprintf(text, 40, "%s.%06uZ", seconds, (unsigned int)(ns % 1000000000 / 1000));
}

/* More than the verdict says by itself, where the kernel knows more. */
static const char *explain(const struct digsig_event *event)
{
	if (event->hook == DIGSIG_HOOK_WRITE)
		return "mapped as code, so it may not be opened for writing";
	if (event->hook == DIGSIG_HOOK_WX)
		return "memory of this program is executable, and is or was writable";
	if (event->hook == DIGSIG_HOOK_MPROTECT && event->error == -EAGAIN)
		return "made executable without having been judged as code before";
	if (event->hook >= DIGSIG_HOOK_MODULE && event->hook <= DIGSIG_HOOK_KEXEC && !event->inode)
		return "it comes from memory, not from a file that could be judged";
	if (event->hook == DIGSIG_HOOK_LOCK)
		return "the engine is locked";
	if (event->verdict == DIGSIG_VERDICT_MALFORMED && event->defect)
		return digsig_defect_meaning((enum digsig_defect)event->defect);
	if (event->verdict == DIGSIG_VERDICT_UNKNOWNKEY && event->error == -ENOPKG)
		return "signed with an algorithm that this kernel cannot check";
	if (event->verdict == DIGSIG_VERDICT_FAULT && event->error == -EINVAL)
		return "the kernel's IMA does not hash with SHA-256: ima_hash=sha256 on its command "
		       "line";
	if (event->verdict == DIGSIG_VERDICT_FAULT && event->error == -EBUSY)
		return "too many first uses at the same moment: try again";
	return digsig_verdict_meaning((enum digsig_verdict)event->verdict);
}

static bool is_set(const __u8 *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (bytes[i])
			return true;
	return false;
}

static void add_text(struct json_object *object, const char *name, const __u8 *bytes, size_t size)
{
	char *raw = strndup((const char *)bytes, size);
	char *text = raw ? safe_text(raw) : NULL;

	json_object_object_add(
		object, name, text && *text ? json_object_new_string(text) : NULL);
	free(text);
	free(raw);
}

static void add_hex(struct json_object *object, const char *name, const __u8 *bytes, size_t size)
{
	char text[2 * DIGSIG_DIGEST_SIZE + 1];

	print_hex(text, bytes, size);
	json_object_object_add(
		object, name, is_set(bytes, size) ? json_object_new_string(text) : NULL);
}

static void add_number(struct json_object *object, const char *name, __u64 number)
{
	json_object_object_add(object, name, json_object_new_uint64(number));
}

static void add_string(struct json_object *object, const char *name, const char *text)
{
	json_object_object_add(object, name, json_object_new_string(text));
}

static void print_json(const struct digsig_event *event, __u64 lost)
{
	struct json_object *object = json_object_new_object();
	char when[40];

	print_event_time(when, event->time);
	add_string(object, "time", when);
	add_string(object, "action", event->flags & DIGSIG_EVENT_DENIED ? "denied" : "allowed");
	add_string(object, "hook", event_hook_name(event->hook));
	add_string(object, "verdict", digsig_verdict_name((enum digsig_verdict)event->verdict));
	add_string(object, "reason", explain(event));
	add_text(object, "path", event->path, sizeof(event->path));
	json_object_object_add(object, "path_cut",
		json_object_new_boolean(event->flags & DIGSIG_EVENT_PATH_CUT));
	add_number(object, "pid", event->pid);
	add_number(object, "ppid", event->ppid);
	add_number(object, "uid", event->uid);
	add_text(object, "comm", event->comm, sizeof(event->comm));
	add_hex(object, "digest", event->digest, sizeof(event->digest));
	add_text(object, "identity", event->identity, sizeof(event->identity));
	add_number(object, "epoch", event->epoch);
	add_hex(object, "key_id", event->key_id, sizeof(event->key_id));
	add_number(object, "device", event->device);
	add_number(object, "inode", event->inode);
	add_string(object, "mode", engine_mode_name(event->mode));
	json_object_object_add(object, "cached",
		json_object_new_boolean(event->flags & DIGSIG_EVENT_CACHED));
	json_object_object_add(object, "catalog",
		json_object_new_boolean(event->flags & DIGSIG_EVENT_CATALOG));
	add_number(object, "lost_before", lost);
	puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN));
	json_object_put(object);
}

static void print_line(const struct digsig_event *event, __u64 lost, bool colour)
{
	bool denied = event->flags & DIGSIG_EVENT_DENIED;
	const char *tint = denied ? "\033[1;31m" :
		event->verdict == DIGSIG_VERDICT_OK ? "\033[32m" :
						      "\033[33m";
	char when[40];

	if (lost)
		printf("(%llu event%s lost here: the log was not read in time)\n",
			(unsigned long long)lost, lost == 1 ? "" : "s");
	print_event_time(when, event->time);
	printf("%s %s%-7s %-10s%s %-8s ", when, colour ? tint : "",
		denied ? "denied" : "allowed",
		digsig_verdict_name((enum digsig_verdict)event->verdict), colour ? "\033[0m" : "",
		event_hook_name(event->hook));
	print_safely(stdout, (const char *)event->path);
	printf("  pid %u ", event->pid);
	print_safely(stdout, (const char *)event->comm);
	printf(" uid %u", event->uid);
	if (event->verdict != DIGSIG_VERDICT_OK)
		printf(": %s", explain(event));
	else if (event->flags & DIGSIG_EVENT_CATALOG)
		printf(": by a catalog");
	putchar('\n');
}

static void print_event(const struct digsig_event *event, __u64 lost, void *context)
{
	const struct log_style *style = context;

	if (style->json)
		print_json(event, lost);
	else
		print_line(event, lost, style->colour);
}

static int print_events(const struct engine *engine, struct log_style *style, bool follow)
{
	struct sigaction action = { .sa_handler = note_interrupt };
	struct event_reader *reader;
	int count, err = event_reader_new(engine, print_event, style, &reader), write_error = 0;

	if (err == -EBUSY)
		complain("log: another digsig log is reading: there is one reader at a time");
	else if (err)
		complain("log: %s", strerror(-err));
	if (err)
		return EXIT_ERROR;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	do {
		count = event_reader_read(reader, follow ? -1 : 0);
		if (fflush(stdout) || ferror(stdout)) {
			write_error = errno ? errno : EIO;
			break;
		}
	} while (!interrupted && (count > 0 || (follow && count == 0)));
	event_reader_free(reader);
	if (write_error && write_error != EPIPE) { /* EPIPE: whoever read it has gone */
		complain("log: the output cannot be written, events are lost: %s",
			strerror(write_error));
		return EXIT_ERROR;
	}
	if (count < 0 && count != -EINTR) {
		complain("log: %s", strerror(-count));
		return EXIT_ERROR;
	}
	return EXIT_OK;
}

int cmd_log(int argc, char **argv)
{
	static const struct option long_options[] = {
		{ "follow", no_argument, NULL, 'f' },
		{ "json", no_argument, NULL, 'j' },
		{ "no-color", no_argument, NULL, 'n' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	bool follow = false, no_colour = false;
	struct log_style style = { false, false };
	struct engine engine;
	int option, status;

	while ((option = getopt_long(argc, argv, "fh", long_options, NULL)) != -1) {
		switch (option) {
		case 'f':
			follow = true;
			break;
		case 'j':
			style.json = true;
			break;
		case 'n':
			no_colour = true;
			break;
		case 'h':
			fputs(help, stdout);
			return EXIT_OK;
		default:
			return EXIT_USAGE;
		}
	}
	if (optind < argc)
		return usage_error("log", "%s: what is this?", argv[optind]);
	style.colour = colour_wanted(no_colour);
	status = open_engine_or_complain(&engine);
	if (status != EXIT_OK)
		return status;
	status = print_events(&engine, &style, follow);
	engine_close(&engine);
	return status;
}
