// SPDX-License-Identifier: GPL-2.0-or-later
/* The bytes of one client. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "internal.h"

/* How long a client may take to read why it is sent away. */
#define END_TIME CLOCK_SECOND

/* How often it is told of bytes that do not go to the machine. */
#define SAY_AGAIN CLOCK_SECOND

enum { READS_A_TURN = 4 };

/* Whether a frame of it can be taken: there is room for what it may lead to. */
static bool may_go_on(const struct server *server, const struct session *session)
{
	if (session->state == SESSION_ENDING || session->is_closed)
		return false;
	/* Who does not read what it asked for is not asked what it wants next. */
	if (queue_room(&session->out) < CONTROL_ROOM / 2)
		return false;
	return server->token.holder != session->id || queue_room(&server->input) >= FRAME_PAYLOAD_MOST;
}

static bool is_paused(const struct server *server, const struct session *session)
{
	return session->is_blocked || !may_go_on(server, session);
}

int session_fd(const struct server *server, const struct session *session)
{
	/* Who is gone would be reported for ever while it is not read from. */
	return session->is_gone && session->state != SESSION_ENDING && is_paused(server, session) ? -1 : session->channel.fd;
}

short session_events(const struct server *server, const struct session *session)
{
	if (session->state == SESSION_ENDING)
		return channel_events(&session->channel, true, session->out.used);
	return channel_events(&session->channel, !is_paused(server, session) && !session->has_hung_up,
		session->out.used && !session->is_deaf);
}

bool session_is_ready(const struct server *server, const struct session *session)
{
	return channel_has_pending(&session->channel) && !is_paused(server, session);
}

/* It has no part in the console any more. */
static void leave(struct server *server, struct session *session)
{
	session_release(server, session);
	if (session->is_watching)
		server_event(server, session, "%s has gone", session->who);
	session->is_watching = false;
}

void session_drop(struct server *server, struct session *session)
{
	if (session->is_closed)
		return;
	session->is_closed = true;
	leave(server, session);
}

void session_free(struct session *session)
{
	channel_close(&session->channel);
	queue_free(&session->out);
	free(session);
}

void session_end(struct server *server, struct session *session, __u64 now, const char *reason)
{
	if (session->is_closed || session->state == SESSION_ENDING)
		return;
	leave(server, session);
	if (session->state == SESSION_HANDSHAKE) {
		session_drop(server, session);
		return;
	}
	session_put(session, FRAME_END, reason, strlen(reason));
	session->state = SESSION_ENDING;
	session->deadline = now + END_TIME;
}

/* Who does not speak the protocol is told so in a way that a person can read, too. */
static void turn_away(struct server *server, struct session *session, __u64 now, int err)
{
	server->counters.strangers++;
	server_log(server, "%s: does not speak the protocol", session->from);
	session_end(server, session, now,
		err == -EPROTONOSUPPORT ? "this server speaks version 1 of the protocol" :
					  "this is the socket of sccon serve: use sccon attach");
}

static void take(struct session *session, size_t size)
{
	session->used -= size;
	memmove(session->in, session->in + size, session->used);
}

/* What is there of whole frames, as far as it can be taken now. */
static void take_apart(struct server *server, struct session *session, __u64 now)
{
	size_t done = 0;
	int count = 0;

	session->is_blocked = false;
	if (session->state == SESSION_GREETING) {
		count = greeting_parse(session->in, session->used);
		if (count > 0) {
			session->state = SESSION_HELLO;
			done = (size_t)count;
		}
	}
	while (count >= 0 && !session->is_closed && (session->state == SESSION_HELLO || session->state == SESSION_OPEN)) {
		struct frame frame;

		count = frame_parse(session->in + done, session->used - done, &frame);
		if (count <= 0)
			break;
		session->is_blocked = !may_go_on(server, session) || !session_dispatch(server, session, &frame, now);
		if (session->is_blocked)
			break;
		done += (size_t)count;
	}
	take(session, done);
	if (count < 0)
		turn_away(server, session, now, count);
}

static void read_some(struct server *server, struct session *session, __u64 now)
{
	for (int i = 0; i < READS_A_TURN && !is_paused(server, session) && !session->has_hung_up; i++) {
		size_t room = sizeof(session->in) - session->used;
		ssize_t count = channel_read(&session->channel, session->in + session->used, room);

		if (count == -EAGAIN)
			return;
		if (count <= 0) {
			session->has_hung_up = true;
			return;
		}
		session->used += (size_t)count;
		take_apart(server, session, now);
	}
}

static void write_some(struct server *server, struct session *session)
{
	while (session->out.used && !session->is_deaf) {
		ssize_t count = channel_write(&session->channel, queue_bytes(&session->out), session->out.used);

		if (count == -EAGAIN)
			return;
		if (count < 0) {
			/* What it sent before it went may still be read. */
			session->is_deaf = true;
			queue_drop(&session->out, session->out.used);
			return;
		}
		queue_drop(&session->out, (size_t)count);
		session_say_missed(server, session);
	}
}

/* What it still sends is thrown away until it ends, too: with TCP it could lose the reason otherwise. */
static void attend_ending(struct server *server, struct session *session)
{
	ssize_t count = 1;

	for (int i = 0; i < READS_A_TURN && count > 0; i++)
		count = channel_read(&session->channel, session->in, sizeof(session->in));
	if (count <= 0 && count != -EAGAIN) {
		session_drop(server, session);
		return;
	}
	write_some(server, session);
	if (session->out.used || session->has_shut)
		return;
	session->has_shut = true;
	channel_shut(&session->channel);
}

static void shake_hands(struct server *server, struct session *session)
{
	char words[FAILURE_SIZE], name[64];
	int err = channel_handshake(&session->channel);

	if (err == -EAGAIN)
		return;
	if (err) {
		server->counters.strangers++;
		tls_words(&session->channel, err, words);
		server_log(server, "%s: %s", session->from, words);
		session_drop(server, session);
		return;
	}
	session->state = SESSION_GREETING;
	tls_peer_name(&session->channel, name, sizeof(name));
	if (*name) {
		char from[WHO_SIZE];

		session_describe(from, "certificate of %s, %.150s", name, session->from);
		memcpy(session->from, from, sizeof(from));
		memcpy(session->who, from, sizeof(from));
	}
}

__u64 session_due(const struct session *session)
{
	if (session->state != SESSION_OPEN)
		return session->deadline;
	return session->discarded ? session->discarded_said + SAY_AGAIN : UINT64_MAX;
}

static void attend_open(struct server *server, struct session *session, short revents, __u64 now)
{
	/* What waited for room may go on, though nothing new came. */
	if (session->used)
		take_apart(server, session, now);
	if (revents || session->is_gone || channel_has_pending(&session->channel))
		read_some(server, session, now);
	if (revents & (POLLHUP | POLLERR))
		session->is_gone = true;
	if (!session->is_closed)
		write_some(server, session);
	if (session->is_blocked && !session->is_closed)
		take_apart(server, session, now);
	/* Half a frame will never be whole. A whole one waits. */
	if (session->has_hung_up && !session->is_blocked)
		session_drop(server, session);
}

void session_attend(struct server *server, struct session *session, short revents, __u64 now)
{
	if (session->state == SESSION_HANDSHAKE && revents)
		shake_hands(server, session);
	if (session->state == SESSION_ENDING && !session->is_closed)
		attend_ending(server, session);
	else if (session->state != SESSION_HANDSHAKE && !session->is_closed)
		attend_open(server, session, revents, now);
	if (session->discarded && session_due(session) <= now)
		session_say_discarded(session, now, NULL);
	if (session->state != SESSION_OPEN && now >= session->deadline)
		session_drop(server, session);
}
