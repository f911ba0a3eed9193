// SPDX-License-Identifier: GPL-2.0-or-later
/* What goes to clients, and what they miss. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/command/complain.h"
#include "../../lib/text/text.h"
#include "internal.h"

void session_describe(char who[WHO_SIZE], const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print_safe_message(who, WHO_SIZE, -ENOMEM, format, arguments);
	va_end(arguments);
}

void session_put(struct session *session, enum frame_type type, const void *payload, size_t size)
{
	if (session->is_deaf)
		return;
	/* There is room for it, unless it does not read: reading it is stopped before. */
	if (queue_put_frame(&session->out, type, payload, size))
		session->notices_missed++;
}

void session_put_pieces(struct session *session, enum frame_type type, const char *bytes, size_t size)
{
	for (size_t at = 0; at < size; at += FRAME_PAYLOAD_MOST)
		session_put(session, type, bytes + at, size - at < FRAME_PAYLOAD_MOST ? size - at : FRAME_PAYLOAD_MOST);
}

/* Words go in as far as there is room beside data. */
static void put_words(struct session *session, const char *words)
{
	size_t size = strlen(words);

	if (queue_room(&session->out) < CONTROL_ROOM / 4)
		session->notices_missed++;
	else
		session_put(session, FRAME_NOTICE, words, size < FRAME_TEXT_MOST ? size : FRAME_TEXT_MOST);
}

void session_notice(struct session *session, const char *format, ...)
{
	char words[FRAME_TEXT_MOST];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(words, sizeof(words), format, arguments);
	va_end(arguments);
	put_words(session, words);
}

/* As soon as half of the room is there again. */
void session_say_missed(const struct server *server, struct session *session)
{
	if (!session->missed || session->out.used > server->settings->buffer / 2)
		return;
	session_notice(session, "%llu bytes of the machine are missing here: this connection was too slow",
		(unsigned long long)session->missed);
	session->missed = 0;
}

static void put_data(struct server *server, struct session *session, const void *bytes, size_t size)
{
	session_say_missed(server, session);
	if (!session->missed && session->out.used + size + FRAME_HEADER_SIZE <= server->settings->buffer &&
		!queue_put_frame(&session->out, FRAME_DATA, bytes, size)) {
		session->sent += size;
		return;
	}
	session->missed += size;
	session->missed_ever += size;
	server->counters.missed += size;
}

void server_deliver(struct server *server, const void *bytes, size_t size)
{
	for (size_t i = 0; i < server->session_count; i++) {
		struct session *session = server->sessions[i];

		if (session->is_watching && !session->is_deaf)
			put_data(server, session, bytes, size);
	}
}

void session_say_discarded(struct session *session, __u64 now, const char *why)
{
	if (!session->discarded)
		return;
	session_notice(session, "%llu byte%s did not go to the machine%s%s", (unsigned long long)session->discarded,
		text_plural(session->discarded), why ? ": " : "", why ? why : "");
	session->discarded = 0;
	session->discarded_said = now;
}

void session_replay(struct server *server, struct session *session)
{
	const struct server_observer *observer = server->settings->observer;
	void *bytes = NULL;
	size_t size = 0;

	if (!observer->replay(observer->context, session->window.rows, session->window.columns, &bytes, &size) &&
		size <= SERVER_REPLAY_MOST)
		session_put_pieces(session, FRAME_DATA, bytes, size);
	free(bytes);
}

void server_event(struct server *server, const struct session *but, const char *format, ...)
{
	const struct server_observer *observer = server->settings->observer;
	struct server_time time = server_now();
	char words[FRAME_TEXT_MOST];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(words, sizeof(words), format, arguments);
	va_end(arguments);
	observer->event(observer->context, words, &time);
	for (size_t i = 0; i < server->session_count; i++)
		if (server->sessions[i] != but && server->sessions[i]->is_watching)
			put_words(server->sessions[i], words);
	server_log(server, "%s", words);
}

void server_log(const struct server *server, const char *format, ...)
{
	char words[FRAME_TEXT_MOST];
	va_list arguments;

	if (!server->settings->is_verbose)
		return;
	va_start(arguments, format);
	vsnprintf(words, sizeof(words), format, arguments);
	va_end(arguments);
	complain("%s: %s", server->settings->name, words);
}
