// SPDX-License-Identifier: GPL-2.0-or-later
/* sccon status: of a server, or of this machine's kernel module. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/json.h"
#include "../../lib/text/text.h"
#include "../../lib/time/clock.h"
#include "cli.h"
#include "module_status.h"
#include "target_options.h"

/* A server may be hostile, too: what it says is bounded in size and time. */
enum { STATUS_MOST = 4 << 20 };
#define STATUS_TIME (10 * CLOCK_SECOND)

struct settings {
	struct tls_settings tls;
	const char *root;
	bool json;
};

static const struct command_option options[] = {
	{ OPTION_FLAG, 0, "json", NULL, "print a JSON object", OPTION_FIELD(struct settings, json) },
	{ OPTION_VALUE, 0, "root", "DIR", "read the module's state below DIR instead of /",
		OPTION_FIELD(struct settings, root), .offer = OFFER_FOLDERS },
	TLS_CLIENT_OPTIONS(struct settings, tls),
	{ 0 },
};

struct text {
	char *bytes;
	size_t size, room;
};

/* The room is doubled: a long answer in many parts costs no more than one. */
static int append(struct text *text, const struct frame *frame)
{
	size_t room = text->room ? text->room : FRAME_PAYLOAD_MOST;
	char *bytes;

	if (text->size + frame->size > STATUS_MOST)
		return -EFBIG;
	while (room < text->size + frame->size + 1)
		room *= 2;
	if (room > text->room) {
		bytes = realloc(text->bytes, room);
		if (!bytes)
			return -ENOMEM;
		text->bytes = bytes;
		text->room = room;
	}
	memcpy(text->bytes + text->size, frame->payload, frame->size);
	text->size += frame->size;
	text->bytes[text->size] = '\0';
	return 0;
}

/* All parts of the answer. 0 or a negative errno; -ECANCELED: the server ended it, and was quoted. */
static int receive(struct client *client, struct text *text)
{
	__u64 deadline = clock_now() + STATUS_TIME;
	char words[FRAME_TEXT_MOST + 1];
	struct frame frame;

	for (;;) {
		int result = clock_now() < deadline ? client_wait(client, deadline, &frame) : -ETIMEDOUT;

		if (result < 0)
			return result;
		if (frame.type == FRAME_END) {
			frame_text(&frame, words);
			complain("the server says: %s", words);
			return -ECANCELED;
		}
		if (frame.type != FRAME_STATUS)
			continue;
		if (!frame.size)
			return text->bytes ? 0 : -EPROTO;
		result = append(text, &frame);
		if (result)
			return result;
	}
}

/* A member, as text; "" if there is none. */
static const char *text_of(struct json_object *object, const char *name)
{
	struct json_object *member;

	return json_object_object_get_ex(object, name, &member) && member ? json_object_get_string(member) : "";
}

static unsigned long long number_of(struct json_object *object, const char *name)
{
	struct json_object *member;

	return json_object_object_get_ex(object, name, &member) && member ? json_object_get_uint64(member) : 0;
}

static bool flag_of(struct json_object *object, const char *name)
{
	struct json_object *member;

	return json_object_object_get_ex(object, name, &member) && json_object_get_boolean(member);
}

static struct json_object *object_of(struct json_object *object, const char *name, enum json_type type)
{
	struct json_object *member;

	return json_object_object_get_ex(object, name, &member) && json_object_is_type(member, type) ? member : NULL;
}

static void print_line(struct json_object *line)
{
	printf("line      ");
	print_safely(stdout, text_of(line, "target"));
	printf(" (");
	print_safely(stdout, text_of(line, "kind"));
	printf("): %s", flag_of(line, "is_up") ? "there" : "away");
	if (*text_of(line, "problem")) {
		printf(": ");
		print_safely(stdout, text_of(line, "problem"));
	}
	printf("; it went away %llu time%s\n", number_of(line, "went"), text_plural(number_of(line, "went")));
}

static void print_client(struct json_object *client)
{
	char since[32];

	print_time(since, number_of(client, "since"));
	printf("%-9s ", flag_of(client, "writes") ? "writer" : flag_of(client, "watches") ? "watcher" : "other");
	print_safely(stdout, text_of(client, "who"));
	printf(", since %s: %llu bytes to it, %llu from it, %llu missed\n", since, number_of(client, "sent"),
		number_of(client, "received"), number_of(client, "missed"));
}

static void print_counters(struct json_object *counters)
{
	printf("bytes     %llu from the machine, %llu to it, %llu wait for it, %llu did not go there, %llu were missed\n",
		number_of(counters, "from_machine"), number_of(counters, "to_machine"), number_of(counters, "waiting_to_machine"),
		number_of(counters, "discarded"), number_of(counters, "missed"));
	printf("clients   %llu came, %llu were too many, %llu did not speak the protocol, %llu took over\n",
		number_of(counters, "connections"), number_of(counters, "connections_refused"), number_of(counters, "strangers"),
		number_of(counters, "takeovers"));
}

static void print_status(struct json_object *status)
{
	struct json_object *line = object_of(status, "line", json_type_object);
	struct json_object *counters = object_of(status, "counters", json_type_object);
	struct json_object *clients = object_of(status, "clients", json_type_array);
	char started[32];

	print_time(started, number_of(status, "started"));
	printf("console   ");
	print_safely(stdout, text_of(status, "name"));
	printf(", served since %s\n", started);
	if (line)
		print_line(line);
	if (counters)
		print_counters(counters);
	for (size_t i = 0; clients && i < json_object_array_length(clients); i++)
		print_client(json_object_array_get_idx(clients, i));
}

static int show(const char *answer, bool json)
{
	struct json_object *status = json_tokener_parse(answer), *line;
	bool is_up;

	if (!status || !json_object_is_type(status, json_type_object)) {
		complain("the server's answer is no JSON object");
		json_object_put(status);
		return EXIT_ERROR;
	}
	line = object_of(status, "line", json_type_object);
	is_up = line && flag_of(line, "is_up");
	if (json) {
		json_put_line(status);
	} else {
		print_status(status);
		json_object_put(status);
	}
	return is_up ? EXIT_OK : EXIT_NO;
}

static int server_status(const struct client_settings *settings, bool json)
{
	char words[FAILURE_SIZE];
	struct text text = { 0 };
	struct client *client;
	int err, code = EXIT_ERROR;

	signal(SIGPIPE, SIG_IGN);
	if (client_open(settings, &client, words)) {
		complain("%s", words);
		return EXIT_ERROR;
	}
	err = client_send(client, FRAME_STATUS_ASK, NULL, 0);
	if (!err)
		err = receive(client, &text);
	client_close(client);
	if (!err)
		code = show(text.bytes, json);
	else if (err != -ECANCELED)
		complain("%s", err == -ENODATA ? "the server hung up" : strerror(-err));
	free(text.bytes);
	return code;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct client_settings client = { 0 };
	struct settings settings = { 0 };
	int code;

	if (!options_take(command, &argc, &argv, &settings, &code))
		return code;
	if (!argc)
		return module_status(settings.root, settings.json);
	if (settings.root)
		return usage_error("--root is about this machine's module: it cannot be with TARGET");
	code = target_take(argv[0], &settings.tls, &client);
	return code ? code : server_status(&client, settings.json);
}

const struct command status_command = {
	.name = "status",
	.summary = "the state of a server, or of this machine's module",
	.usage = "[--json] [--root DIR]\n[--json] " TLS_CLIENT_USAGE " TARGET",
	.about = "Of a server: its line, its clients, who writes, and counters. Without TARGET: the parameters and statistics of\n"
		 "this machine's kernel module.\n"
		 "TARGET: " TARGET_RULE ".\n",
	.options = options,
	.notes = "Exit codes: 0 the line is there, or the module; 1 it is not; 2 usage; 3 no answer, or it could not be read.\n",
	.run = run,
	.most = 1,
	.offer = OFFER_FILES,
};
