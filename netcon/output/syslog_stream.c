// SPDX-License-Identifier: GPL-2.0-or-later
#include "syslog_stream.h"
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <linux/sockios.h>
#include "../../lib/time/clock.h"
#include "frame_queue.h"

/* All in milliseconds. Between attempts: the first wait, which doubles, and the longest. */
enum { BACK_OFF_FIRST = 100, BACK_OFF_MOST = 30000, CONNECT_WAIT = 10000, CLOSE_WAIT = 5000, ACKNOWLEDGED_EACH = 100,
	SILENCE_MOST = 60000 };

/* Frames that one system call sends. */
enum { BATCH = 64 };

struct syslog_stream {
	struct endpoint server;
	pthread_t thread;
	struct frame_queue queue;
	int wake; /* an eventfd */
	int error; /* that flush has not returned yet; atomic */
	__u64 close_at; /* 0: not yet; atomic */

	/* Of the thread alone. */
	int connection;
	__u64 sent; /* bytes, given to the system on this connection */
};

static bool is_closing(const struct syslog_stream *stream)
{
	return __atomic_load_n(&stream->close_at, __ATOMIC_ACQUIRE);
}

/* Whether it is to end: all is acknowledged, or the time is over. */
static bool is_at_end(struct syslog_stream *stream)
{
	return is_closing(stream) && (!frame_queue_waiting(&stream->queue, NULL) || clock_now() / CLOCK_MILLISECOND >= stream->close_at);
}

/* Until events of the connection, or somebody wakes it, or milliseconds have passed. Returns the events. */
static short wait_for(struct syslog_stream *stream, short events, int milliseconds)
{
	struct pollfd polls[] = { { .fd = stream->wake, .events = POLLIN }, { .fd = stream->connection, .events = events } };
	eventfd_t woken;

	if (poll(polls, 2, milliseconds) <= 0)
		return 0;
	if (polls[0].revents)
		eventfd_read(stream->wake, &woken);
	return polls[1].revents;
}

/* --- the connection */

static int finish_connecting(struct syslog_stream *stream)
{
	__u64 until = clock_now() / CLOCK_MILLISECOND + CONNECT_WAIT;
	socklen_t size = sizeof(int);
	int err = 0;

	while (!wait_for(stream, POLLOUT, ACKNOWLEDGED_EACH)) {
		if (is_at_end(stream) || clock_now() / CLOCK_MILLISECOND >= until)
			return -ETIMEDOUT;
	}
	if (getsockopt(stream->connection, SOL_SOCKET, SO_ERROR, &err, &size))
		return -errno;
	return -err;
}

static void disconnect(struct syslog_stream *stream)
{
	if (stream->connection >= 0)
		close(stream->connection);
	stream->connection = -1;
}

static int connect_to(struct syslog_stream *stream, const struct addrinfo *address)
{
	const int yes = 1, silence = SILENCE_MOST;
	int err = 0;

	stream->connection = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (stream->connection < 0)
		return -errno;
	setsockopt(stream->connection, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof(yes));
	/* A server that is gone without a word is given up sooner than the system would. */
	setsockopt(stream->connection, IPPROTO_TCP, TCP_USER_TIMEOUT, &silence, sizeof(silence));
	if (connect(stream->connection, address->ai_addr, address->ai_addrlen))
		err = errno == EINPROGRESS ? finish_connecting(stream) : -errno;
	if (err)
		disconnect(stream);
	return err;
}

/* To the first of its addresses that answers; the name is looked up each time. */
static int connect_to_server(struct syslog_stream *stream)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV };
	struct addrinfo *found, *address;
	char port[8];
	int err;

	snprintf(port, sizeof(port), "%u", stream->server.port);
	err = getaddrinfo(stream->server.host, port, &hints, &found);
	if (err)
		return err == EAI_SYSTEM ? -errno : -EHOSTUNREACH;
	err = -EHOSTUNREACH;
	for (address = found; address && err; address = address->ai_next)
		err = connect_to(stream, address);
	freeaddrinfo(found);
	return err;
}

/* --- sending */

static int send_some(struct syslog_stream *stream)
{
	struct iovec pieces[BATCH];
	struct msghdr header = { .msg_iov = pieces };
	ssize_t sent;

	header.msg_iovlen = (size_t)frame_queue_next(&stream->queue, pieces, BATCH);
	if (!header.msg_iovlen)
		return 0;
	sent = sendmsg(stream->connection, &header, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (sent < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	stream->sent += (__u64)sent;
	frame_queue_sent(&stream->queue, (size_t)sent);
	return 0;
}

/* What the other side has acknowledged; of a connection that is no more nothing is known. */
static __u64 acknowledged(const struct syslog_stream *stream)
{
	struct tcp_info info;
	socklen_t size = sizeof(info);
	int outstanding;

	if (ioctl(stream->connection, SIOCOUTQ, &outstanding) ||
		getsockopt(stream->connection, IPPROTO_TCP, TCP_INFO, &info, &size) ||
		(info.tcpi_state != TCP_ESTABLISHED && info.tcpi_state != TCP_CLOSE_WAIT))
		return 0;
	return stream->sent - (__u64)outstanding;
}

/* A server has nothing to say; what it says is read, so that its end is seen. */
static int read_away(const struct syslog_stream *stream)
{
	char bytes[4096];
	ssize_t size = recv(stream->connection, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (size > 0)
		return 0;
	if (!size)
		return -ECONNRESET;
	return errno == EAGAIN || errno == EINTR ? 0 : -errno;
}

/* Until the connection breaks, or all is over. */
static int serve(struct syslog_stream *stream)
{
	int err = 0;

	stream->sent = 0;
	frame_queue_rewind(&stream->queue);
	while (!err) {
		bool is_unsent, is_waiting;
		short events;

		frame_queue_release(&stream->queue, acknowledged(stream));
		if (is_at_end(stream))
			return 0;
		is_waiting = frame_queue_waiting(&stream->queue, &is_unsent);
		events = wait_for(stream, is_unsent ? POLLIN | POLLOUT : POLLIN, is_waiting ? ACKNOWLEDGED_EACH : -1);
		if (events & (POLLIN | POLLERR | POLLHUP))
			err = read_away(stream);
		if (!err && (events & POLLOUT))
			err = send_some(stream);
	}
	return err;
}

static void back_off(struct syslog_stream *stream, unsigned int milliseconds)
{
	__u64 until = clock_now() / CLOCK_MILLISECOND + milliseconds;

	while (clock_now() / CLOCK_MILLISECOND < until && !is_at_end(stream)) {
		if (is_closing(stream) && until > clock_now() / CLOCK_MILLISECOND + BACK_OFF_FIRST)
			until = clock_now() / CLOCK_MILLISECOND + BACK_OFF_FIRST;
		wait_for(stream, 0, (int)(until - clock_now() / CLOCK_MILLISECOND));
	}
}

static void *work(void *context)
{
	struct syslog_stream *stream = context;
	unsigned int wait = BACK_OFF_FIRST;

	while (!is_at_end(stream)) {
		int err = connect_to_server(stream);

		if (!err) {
			err = serve(stream);
			/* A server that takes connections only to close them is not asked without a pause either. */
			wait = stream->queue.released ? BACK_OFF_FIRST : wait;
		}
		disconnect(stream);
		if (!err)
			continue;
		__atomic_store_n(&stream->error, err, __ATOMIC_RELAXED);
		back_off(stream, wait);
		wait = wait * 2 < BACK_OFF_MOST ? wait * 2 : BACK_OFF_MOST;
	}
	return NULL;
}

/* --- for the outputs */

/* Signals are for the other threads. */
static int start(struct syslog_stream *stream)
{
	sigset_t all, before;
	int err;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	err = pthread_create(&stream->thread, NULL, work, stream);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return -err;
}

int syslog_stream_open(const struct endpoint *server, struct syslog_stream **stream)
{
	struct syslog_stream *new = calloc(1, sizeof(*new));
	int err;

	if (!new)
		return -ENOMEM;
	new->server = *server;
	new->connection = -1;
	frame_queue_open(&new->queue, SYSLOG_STREAM_ROOM);
	new->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	err = new->wake < 0 ? -errno : start(new);
	if (!err) {
		*stream = new;
		return 0;
	}
	if (new->wake >= 0)
		close(new->wake);
	frame_queue_close(&new->queue);
	free(new);
	return err;
}

int syslog_stream_put(struct syslog_stream *stream, const void *bytes, size_t size)
{
	return frame_queue_put(&stream->queue, bytes, size);
}

size_t syslog_stream_waiting(struct syslog_stream *stream)
{
	return frame_queue_waiting(&stream->queue, NULL);
}

int syslog_stream_flush(struct syslog_stream *stream)
{
	bool is_unsent;

	frame_queue_waiting(&stream->queue, &is_unsent);
	if (is_unsent)
		eventfd_write(stream->wake, 1);
	return __atomic_exchange_n(&stream->error, 0, __ATOMIC_RELAXED);
}

int syslog_stream_close(struct syslog_stream *stream)
{
	int err;

	__atomic_store_n(&stream->close_at, clock_now() / CLOCK_MILLISECOND + CLOSE_WAIT, __ATOMIC_RELEASE);
	eventfd_write(stream->wake, 1);
	pthread_join(stream->thread, NULL);
	err = syslog_stream_waiting(stream) ? -ETIMEDOUT : 0;
	frame_queue_close(&stream->queue);
	close(stream->wake);
	free(stream);
	return err;
}
