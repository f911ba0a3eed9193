// SPDX-License-Identifier: GPL-2.0-or-later
/* The bytes of the machine. */
#include "../../lib/text/text.h"
#include "internal.h"

enum { CHUNK = 8192, READS_A_TURN = 4 };

struct server_time server_now(void)
{
	return (struct server_time){ .real = clock_read(CLOCK_REALTIME), .monotonic = clock_now() };
}

static void read_machine(struct server *server, __u64 now)
{
	const struct server_observer *observer = server->settings->observer;
	char bytes[CHUNK];

	for (int i = 0; i < READS_A_TURN; i++) {
		size_t size = line_read(server->line, bytes, sizeof(bytes), now);
		struct server_time time = server_now();

		if (!size)
			return;
		server->counters.from_machine += size;
		observer->from_machine(observer->context, bytes, size, &time);
		server_deliver(server, bytes, size);
	}
}

static void write_machine(struct server *server, __u64 now)
{
	const struct server_observer *observer = server->settings->observer;

	while (server->input.used) {
		const void *bytes = queue_bytes(&server->input);
		size_t size = line_write(server->line, bytes, server->input.used, now);
		struct server_time time = server_now();

		if (!size)
			return;
		server->counters.to_machine += size;
		observer->to_machine(observer->context, bytes, size, &time);
		queue_drop(&server->input, size);
	}
}

/* What waited is not for the machine that comes back: it may have been a command. */
static void line_went(struct server *server, __u64 now)
{
	struct session *writer = server_session(server, server->token.holder);
	size_t waited = server->input.used;

	server->counters.line_went++;
	server_event(server, NULL, "the line is away: %s: it is tried again", line_words(server->line));
	if (!waited)
		return;
	queue_drop(&server->input, waited);
	server->counters.discarded += waited;
	if (writer) {
		writer->discarded += waited;
		session_say_discarded(writer, now, "the line is away");
	}
}

static void line_came(struct server *server)
{
	const struct session *writer = server_session(server, server->token.holder);

	server->counters.line_came++;
	server_event(server, NULL, "the line is there");
	if (writer && writer->window.rows && writer->window.columns)
		line_window(server->line, writer->window.rows, writer->window.columns);
}

void server_attend_line(struct server *server, short revents, __u64 now)
{
	enum line_change change = line_attend(server->line, revents, now);

	if (change == LINE_CAME)
		line_came(server);
	if (change == LINE_WENT)
		line_went(server, now);
	if (!line_is_up(server->line) || change != LINE_SAME)
		return;
	if (revents & (POLLIN | POLLHUP | POLLERR))
		read_machine(server, now);
	if (line_is_up(server->line) && server->input.used)
		write_machine(server, now);
}
