// SPDX-License-Identifier: GPL-2.0-or-later
/* What a client wants. */
#include <errno.h>
#include <string.h>
#include "../../lib/text/text.h"
#include "internal.h"

struct session *server_session(const struct server *server, __u64 id)
{
	for (size_t i = 0; id && i < server->session_count; i++)
		if (server->sessions[i]->id == id)
			return server->sessions[i];
	return NULL;
}

void session_release(struct server *server, struct session *session)
{
	if (token_release(&server->token, session->id))
		server_event(server, session, "%s does not write any more: nobody does", session->who);
}

static void tell_window(struct server *server, const struct session *session)
{
	const struct server_observer *observer = server->settings->observer;
	struct frame_window window = session->window;

	if (server->token.holder != session->id || !window.rows || !window.columns)
		return;
	if (!line_window(server->line, window.rows, window.columns))
		observer->window(observer->context, window.rows, window.columns);
}

static void send_who(struct session *session, enum frame_type type, const struct session *who)
{
	session_put(session, type, who->who, strlen(who->who));
}

static void ask(struct server *server, struct session *session, bool is_forced)
{
	struct session *holder = server_session(server, server->token.holder);
	bool is_abandoned = !holder || holder->is_gone || holder->has_hung_up;
	__u64 before;

	switch (token_ask(&server->token, session->id, is_forced, is_abandoned, &before)) {
	case TOKEN_REFUSED:
		send_who(session, FRAME_WRITE_REFUSED, holder);
		return;
	case TOKEN_HAD:
		session_put(session, FRAME_WRITE_GRANTED, NULL, 0);
		return;
	case TOKEN_TAKEN:
		server->counters.takeovers++;
		if (holder)
			send_who(holder, FRAME_WRITE_TAKEN, session);
		break;
	case TOKEN_GRANTED:
		break;
	}
	session_put(session, FRAME_WRITE_GRANTED, NULL, 0);
	server_event(server, session, "%s writes now", session->who);
	tell_window(server, session);
}

static void discard(struct server *server, struct session *session, size_t size, __u64 now, const char *why)
{
	session->discarded += size;
	server->counters.discarded += size;
	if (session_due(session) <= now)
		session_say_discarded(session, now, why);
}

static void take_data(struct server *server, struct session *session, const struct frame *frame, __u64 now)
{
	if (!frame->size)
		return;
	if (server->token.holder != session->id)
		discard(server, session, frame->size, now, "you may not write");
	else if (!line_is_up(server->line))
		discard(server, session, frame->size, now, "the line is away");
	else if (queue_put(&server->input, frame->payload, frame->size))
		discard(server, session, frame->size, now, "out of memory");
	else
		session->received += frame->size;
}

static void take_break(struct server *server, struct session *session, __u64 now)
{
	int err;

	if (server->token.holder != session->id) {
		session_notice(session, "no break was sent: you may not write");
		return;
	}
	err = line_break(server->line, now);
	if (err == -EOPNOTSUPP)
		session_notice(session, "no break was sent: a %s has none", line_kind(server->line));
	else if (err)
		session_notice(session, "no break was sent: %s", strerror(-err));
	if (err)
		return;
	server->counters.breaks++;
	server_event(server, NULL, "%s sent a break", session->who);
}

/*
 * What a client calls itself, for a terminal: what could speak to it becomes a question mark, and a backslash too, so that
 * escaping it once more changes nothing.
 */
static void clean_name(char *name)
{
	unsigned int character;
	char *to = name;

	for (size_t size; *name; name += size) {
		size = text_character(name, &character);
		if (!size || !is_harmless(character) || *name == '\\') {
			size = size ? size : 1;
			*to++ = '?';
			continue;
		}
		memmove(to, name, size);
		to += size;
	}
	*to = '\0';
}

static bool is_full(const struct server *server)
{
	size_t count = 0;

	for (size_t i = 0; i < server->session_count; i++)
		count += server->sessions[i]->state == SESSION_OPEN && !server->sessions[i]->is_closed;
	return count >= server->settings->clients_most;
}

/* What the machine sends from here on goes to it. */
static void watch(struct server *server, struct session *session)
{
	session->awaits_window = false;
	if (session->wants_replay)
		session_replay(server, session);
	session->is_watching = true;
	if (!line_is_up(server->line))
		session_notice(session, "the line is away: %s", line_words(server->line));
	server_event(server, session, "%s watches", session->who);
}

/* The first one. */
static void take_hello(struct server *server, struct session *session, const struct frame *frame, __u64 now)
{
	struct frame_hello hello;

	if (is_full(server)) {
		server->counters.connections_refused++;
		session_end(server, session, now, "there are as many clients as may be");
		return;
	}
	frame_hello(frame, &hello);
	clean_name(hello.name);
	session->state = SESSION_OPEN;
	if (*hello.name)
		session_describe(session->who, "%.64s (%s)", hello.name, session->from);
	if (!(hello.flags & HELLO_WATCH))
		return;
	session->wants_replay = hello.flags & HELLO_REPLAY;
	session->awaits_window = hello.flags & HELLO_WINDOW;
	if (!session->awaits_window)
		watch(server, session);
}

static void take_window(struct server *server, struct session *session, const struct frame *frame)
{
	session->window = frame_window(frame);
	tell_window(server, session);
	if (session->awaits_window)
		watch(server, session);
}

bool session_dispatch(struct server *server, struct session *session, const struct frame *frame, __u64 now)
{
	if ((session->state == SESSION_HELLO) != (frame->type == FRAME_HELLO)) {
		server->counters.strangers++;
		session_end(server, session, now, "a client says hello first, and once");
		return true;
	}
	/* It has said that its window comes next. */
	if (session->awaits_window && frame->type != FRAME_WINDOW)
		watch(server, session);
	switch (frame->type) {
	case FRAME_HELLO:
		take_hello(server, session, frame, now);
		break;
	case FRAME_DATA:
		take_data(server, session, frame, now);
		break;
	case FRAME_WRITE_ASK:
		ask(server, session, frame_is_forced(frame));
		break;
	case FRAME_WRITE_RELEASE:
		session_release(server, session);
		break;
	case FRAME_BREAK:
		take_break(server, session, now);
		break;
	case FRAME_WINDOW:
		take_window(server, session, frame);
		break;
	case FRAME_STATUS_ASK:
		session_send_status(server, session);
		break;
	case FRAME_SYNC:
		if (server->token.holder == session->id && server->input.used)
			return false;
		session_put(session, FRAME_SYNCED, frame->payload, frame->size);
		break;
	case FRAME_END:
		session_drop(server, session);
		break;
	default:
		server->counters.strangers++;
		session_end(server, session, now, "a client does not send such a frame");
	}
	return true;
}
