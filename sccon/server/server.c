// SPDX-License-Identifier: GPL-2.0-or-later
/* The loop. */
#include "server.h"
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include "internal.h"

/* How long clients may take to read that the server ends. */
#define END_MOST CLOCK_SECOND

static volatile sig_atomic_t end_asked, reopen_asked;

static void note_end(int number)
{
	(void)number;
	end_asked = 1;
}

static void note_reopen(int number)
{
	(void)number;
	reopen_asked = 1;
}

/* They come only while the loop waits: before is the mask for that. */
static void catch_signals(sigset_t *before)
{
	struct sigaction end = { .sa_handler = note_end }, reopen = { .sa_handler = note_reopen };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, before);
	sigaction(SIGTERM, &end, NULL);
	sigaction(SIGINT, &end, NULL);
	sigaction(SIGHUP, &reopen, NULL);
	signal(SIGPIPE, SIG_IGN);
}

int server_open(const struct server_settings *settings, struct server **server, char words[FAILURE_SIZE])
{
	struct server *new = calloc(1, sizeof(*new));
	int err;

	*server = NULL;
	words[0] = '\0';
	if (!new) {
		snprintf(words, FAILURE_SIZE, "%s", strerror(ENOMEM));
		return -ENOMEM;
	}
	new->settings = settings;
	new->input.limit = INPUT_MOST;
	new->started = server_now();
	err = line_new(&settings->line, &new->line, words);
	if (!err && settings->tls.certificate)
		err = tls_server_context(&settings->tls, &new->tls, words);
	if (!err)
		err = server_listen(new, words);
	if (err) {
		server_close(new);
		return err;
	}
	*server = new;
	return 0;
}

/* What is waited for: the line, who listens, the sessions, in this order. */
struct turn {
	struct pollfd *fds;
	size_t room;
};

static int make_room(struct turn *turn, size_t count)
{
	struct pollfd *fds;

	if (count <= turn->room)
		return 0;
	fds = realloc(turn->fds, 2 * count * sizeof(*fds));
	if (!fds)
		return -ENOMEM;
	turn->fds = fds;
	turn->room = 2 * count;
	return 0;
}

static bool accepts(const struct server *server, __u64 now)
{
	return !server->is_ending && now >= server->accept_again;
}

/* Fills in what to wait for, and returns until when. */
static __u64 prepare(const struct server *server, struct pollfd *fds, __u64 now)
{
	__u64 due = line_due(server->line);

	*fds++ = (struct pollfd){ .fd = line_fd(server->line), .events = line_events(server->line, true, server->input.used) };
	for (size_t i = 0; i < server->listener_count; i++)
		*fds++ = (struct pollfd){ .fd = accepts(server, now) ? server->listeners[i].fd : -1, .events = POLLIN };
	if (now < server->accept_again && server->accept_again < due)
		due = server->accept_again;
	for (size_t i = 0; i < server->session_count; i++) {
		const struct session *session = server->sessions[i];

		*fds++ = (struct pollfd){ .fd = session_fd(server, session), .events = session_events(server, session) };
		if (session_is_ready(server, session))
			due = 0;
		if (session_due(session) < due)
			due = session_due(session);
	}
	return due;
}

static void sweep(struct server *server)
{
	size_t kept = 0;

	for (size_t i = 0; i < server->session_count; i++) {
		if (server->sessions[i]->is_closed)
			session_free(server->sessions[i]);
		else
			server->sessions[kept++] = server->sessions[i];
	}
	server->session_count = kept;
}

static void attend(struct server *server, const struct pollfd *fds, __u64 now)
{
	size_t sessions = server->session_count;

	/* The line first: what it takes makes room for who waits. */
	server_attend_line(server, fds[0].revents, now);
	for (size_t i = 0; i < sessions; i++)
		session_attend(server, server->sessions[i], fds[1 + server->listener_count + i].revents, now);
	for (size_t i = 0; i < server->listener_count; i++)
		if (fds[1 + i].revents)
			server_accept(server, &server->listeners[i], now);
	sweep(server);
}

/* Waits, and does what is to be done; at most until a time. */
static int take_turn(struct server *server, struct turn *turn, const sigset_t *mask, __u64 until)
{
	size_t count = 1 + server->listener_count + server->session_count;
	const struct server_observer *observer = server->settings->observer;
	__u64 now = clock_now(), due = observer->attend(observer->context, now), next;
	struct timespec timeout;
	int err = make_room(turn, count);

	if (err)
		return err;
	next = prepare(server, turn->fds, now);
	if (next < due)
		due = next;
	if (until < due)
		due = until;
	next = due > now ? due - now : 0;
	timeout = clock_timespec(next);
	if (ppoll(turn->fds, count, due == UINT64_MAX ? NULL : &timeout, mask) < 0) {
		if (errno != EINTR)
			return -errno;
		for (size_t i = 0; i < count; i++)
			turn->fds[i].revents = 0;
	}
	attend(server, turn->fds, clock_now());
	return 0;
}

/* All learn that it ends. */
static void end(struct server *server, struct turn *turn, const sigset_t *mask)
{
	__u64 now = clock_now(), until = now + END_MOST;

	server->is_ending = true;
	for (size_t i = 0; i < server->session_count; i++)
		session_end(server, server->sessions[i], now, "the server ends");
	while (server->session_count && clock_now() < until)
		if (take_turn(server, turn, mask, until))
			break;
}

int server_run(struct server *server)
{
	const struct server_observer *observer = server->settings->observer;
	struct turn turn = { 0 };
	sigset_t mask;
	int err = 0;

	catch_signals(&mask);
	sd_notify(0, "READY=1");
	while (!end_asked && !err) {
		err = take_turn(server, &turn, &mask, UINT64_MAX);
		if (reopen_asked) {
			reopen_asked = 0;
			observer->reopen(observer->context);
		}
	}
	sd_notify(0, "STOPPING=1");
	end(server, &turn, &mask);
	free(turn.fds);
	return err;
}

void server_close(struct server *server)
{
	if (!server)
		return;
	for (size_t i = 0; i < server->session_count; i++)
		session_free(server->sessions[i]);
	server_unlisten(server);
	line_free(server->line);
	tls_free(server->tls);
	queue_free(&server->input);
	free(server->sessions);
	free(server);
}
