// SPDX-License-Identifier: GPL-2.0-or-later
#include "client.h"
#include <errno.h>
#include <poll.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../../lib/time/clock.h"
#include "../channel/channel.h"
#include "../protocol/queue.h"

#define OPEN_TIME (8 * CLOCK_SECOND)
#define CLOSE_TIME CLOCK_SECOND

struct client {
	struct channel channel;
	struct ssl_ctx_st *context;
	struct queue out;
	struct waiter waiter; /* until it is connected */
	__u8 in[2 * FRAME_MOST];
	size_t begin, used; /* what was read and not taken apart */
	bool has_ended;
};

/* Waits for events until deadline. 0, -ETIMEDOUT, -EINTR, or what the waiter says. */
static int wait_for(const struct client *client, short events, unsigned long long deadline)
{
	return waiter_wait(&client->waiter, client->channel.fd, events, deadline);
}

/* More bytes into in. 1, 0 for none now, or a negative errno. */
static int fill(struct client *client)
{
	ssize_t count;

	if (client->begin) {
		memmove(client->in, client->in + client->begin, client->used);
		client->begin = 0;
	}
	count = channel_read(&client->channel, client->in + client->used, sizeof(client->in) - client->used);
	if (count == -EAGAIN)
		return 0;
	if (count <= 0)
		return count ? (int)count : -ENODATA;
	client->used += (size_t)count;
	return 1;
}

static void take(struct client *client, size_t size)
{
	client->begin += size;
	client->used -= size;
}

static int shake_hands(struct client *client, unsigned long long deadline, char words[FAILURE_SIZE])
{
	int err;

	while ((err = channel_handshake(&client->channel)) == -EAGAIN) {
		err = wait_for(client, channel_events(&client->channel, true, false), deadline);
		if (err)
			break;
	}
	if (err)
		tls_words(&client->channel, err, words);
	return err;
}

/* The server's greeting. */
static int greet(struct client *client, unsigned long long deadline)
{
	int count, err = 0;

	while (!(count = greeting_parse(client->in, client->used))) {
		err = client_flush(client);
		if (!err)
			err = fill(client);
		if (!err)
			err = wait_for(client, client_events(client), deadline);
		if (err < 0)
			return err;
	}
	if (count > 0)
		take(client, GREETING_SIZE);
	return count > 0 ? 0 : count;
}

static int greet_in_words(struct client *client, unsigned long long deadline, char words[FAILURE_SIZE])
{
	int err = greet(client, deadline);

	/* With TLS 1.3 a client learns only now that its certificate was not taken. */
	if (client->channel.has_failed)
		tls_words(&client->channel, err, words);
	else if (err == -EPROTO)
		failure_say(words, err, "what answers there is no server of sccon");
	else if (err == -EPROTONOSUPPORT)
		failure_say(words, err, "the server speaks another version of the protocol than %d: use the sccon of that machine",
			PROTOCOL_VERSION);
	else if (err == -ENODATA)
		failure_say(words, err, "the server hung up");
	else if (err)
		failure_say(words, err, "%s", strerror(-err));
	return err;
}

static int say_hello(struct client *client, const struct client_settings *settings)
{
	bool has_window = (settings->flags & HELLO_REPLAY) && settings->window.rows && settings->window.columns;
	__u8 hello[1 + FRAME_TEXT_MOST] = { (__u8)(settings->flags | (has_window ? HELLO_WINDOW : 0)) };
	char name[FRAME_TEXT_MOST], host[128] = "";
	int err;
	const struct passwd *user = getpwuid(getuid());

	gethostname(host, sizeof(host) - 1);
	snprintf(name, sizeof(name), "%.128s@%s", user ? user->pw_name : "", host);
	if (settings->name)
		snprintf(name, sizeof(name), "%s", settings->name);
	memcpy(hello + 1, name, strlen(name));
	err = client_send(client, FRAME_HELLO, hello, 1 + strlen(name));
	return err || !has_window ? err : client_window(client, settings->window);
}

static int start(const struct client_settings *settings, struct client *client, char words[FAILURE_SIZE])
{
	unsigned long long deadline = clock_now() + OPEN_TIME;
	int fd, err = 0;

	if (settings->target.has_tls)
		err = tls_client_context(&settings->tls, &client->context, words);
	if (err)
		return err;
	fd = target_connect(&settings->target, &settings->waiter, deadline, words);
	if (fd < 0)
		return fd;
	if (settings->target.has_tls)
		err = tls_connect(client->context, fd, settings->target.endpoint.host, &client->channel);
	else
		channel_init(&client->channel, fd);
	if (err)
		return failure_say(words, err, "%s", strerror(-err));
	err = shake_hands(client, deadline, words);
	if (err)
		return err;
	err = queue_put(&client->out, protocol_greeting, GREETING_SIZE);
	if (!err)
		err = say_hello(client, settings);
	if (err)
		return failure_say(words, err, "%s", strerror(-err));
	return greet_in_words(client, deadline, words);
}

static void free_client(struct client *client)
{
	channel_close(&client->channel);
	tls_free(client->context);
	queue_free(&client->out);
	free(client);
}

int client_open(const struct client_settings *settings, struct client **client, char words[FAILURE_SIZE])
{
	int err;

	*client = calloc(1, sizeof(**client));
	if (!*client)
		return failure_say(words, -ENOMEM, "%s", strerror(ENOMEM));
	(*client)->channel.fd = -1;
	(*client)->out.limit = 4 * FRAME_MOST;
	(*client)->waiter = settings->waiter;
	err = start(settings, *client, words);
	(*client)->waiter = (struct waiter){ 0 };
	if (!err)
		return 0;
	free_client(*client);
	*client = NULL;
	return err;
}

int client_fd(const struct client *client)
{
	return client->channel.fd;
}

short client_events(const struct client *client)
{
	return channel_events(&client->channel, true, client->out.used > 0);
}

int client_send(struct client *client, enum frame_type type, const void *payload, size_t size)
{
	return queue_put_frame(&client->out, type, payload, size);
}

int client_ask(struct client *client, bool is_forced)
{
	__u8 payload = is_forced;

	return client_send(client, FRAME_WRITE_ASK, &payload, 1);
}

int client_window(struct client *client, struct frame_window window)
{
	__u8 payload[4];

	frame_window_payload(payload, window);
	return client_send(client, FRAME_WINDOW, payload, sizeof(payload));
}

size_t client_room(const struct client *client)
{
	return queue_room(&client->out);
}

size_t client_waiting(const struct client *client)
{
	return client->out.used;
}

int client_flush(struct client *client)
{
	while (client->out.used) {
		ssize_t count = channel_write(&client->channel, queue_bytes(&client->out), client->out.used);

		if (count == -EAGAIN)
			return 0;
		if (count < 0)
			return (int)count;
		queue_drop(&client->out, (size_t)count);
	}
	return 0;
}

int client_next(struct client *client, struct frame *frame)
{
	for (;;) {
		int count = frame_parse(client->in + client->begin, client->used, frame);

		if (count < 0)
			return count;
		if (count) {
			take(client, (size_t)count);
			client->has_ended |= frame->type == FRAME_END;
			return 1;
		}
		count = fill(client);
		if (count <= 0)
			return count;
	}
}

int client_wait(struct client *client, unsigned long long deadline, struct frame *frame)
{
	for (;;) {
		int result = client_flush(client);

		/* What the server said before it went is read, though nothing can be sent. */
		if (!result || result == -EPIPE || result == -ECONNRESET)
			result = client_next(client, frame);
		if (!result)
			result = wait_for(client, client_events(client), deadline);
		if (result)
			return result;
	}
}

void client_close(struct client *client)
{
	unsigned long long deadline = clock_now() + CLOSE_TIME;
	struct frame frame;

	if (!client)
		return;
	if (!client->has_ended && !client_send(client, FRAME_END, NULL, 0)) {
		/* The server ends the connection when it has read all of it: closed before, TCP could throw it away. */
		while (client->out.used && !client_flush(client) && client->out.used)
			if (wait_for(client, channel_events(&client->channel, false, true), deadline))
				break;
		channel_shut(&client->channel);
		while (clock_now() < deadline && client_wait(client, deadline, &frame) > 0)
			;
	}
	free_client(client);
}
