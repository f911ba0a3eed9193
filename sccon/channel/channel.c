// SPDX-License-Identifier: GPL-2.0-or-later
#include "channel.h"
#include <errno.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

void channel_init(struct channel *channel, int fd)
{
	*channel = (struct channel){
		.fd = fd,
		.is_open = true,
		.handshake_events = POLLIN | POLLOUT,
		.read_events = POLLIN,
		.write_events = POLLOUT,
	};
}

/* What a call of TLS that did not succeed waits for, or an error: -EAGAIN, 0 for the end, another negative errno. */
static int tls_result(struct channel *channel, int result, short *events)
{
	int error = errno;

	switch (SSL_get_error(channel->ssl, result)) {
	case SSL_ERROR_WANT_READ:
		*events = POLLIN;
		return -EAGAIN;
	case SSL_ERROR_WANT_WRITE:
		*events = POLLOUT;
		return -EAGAIN;
	case SSL_ERROR_ZERO_RETURN:
		return 0;
	case SSL_ERROR_SYSCALL:
		channel->has_failed = true;
		return error ? -error : -ECONNRESET;
	default:
		channel->has_failed = true;
		return -EPROTO;
	}
}

int channel_handshake(struct channel *channel)
{
	int result;

	if (channel->is_open)
		return 0;
	ERR_clear_error();
	errno = 0;
	result = SSL_do_handshake(channel->ssl);
	if (result == 1) {
		channel->is_open = true;
		return 0;
	}
	result = tls_result(channel, result, &channel->handshake_events);
	return result ? result : -ECONNRESET;
}

static ssize_t tls_read(struct channel *channel, void *bytes, size_t size)
{
	int result;

	if (channel->has_failed)
		return -ECONNRESET;
	ERR_clear_error();
	errno = 0;
	result = SSL_read(channel->ssl, bytes, size > INT_MAX ? INT_MAX : (int)size);
	channel->read_events = POLLIN;
	return result > 0 ? result : tls_result(channel, result, &channel->read_events);
}

static ssize_t tls_write(struct channel *channel, const void *bytes, size_t size)
{
	int result;

	if (channel->has_failed)
		return -ECONNRESET;
	ERR_clear_error();
	errno = 0;
	result = SSL_write(channel->ssl, bytes, size > INT_MAX ? INT_MAX : (int)size);
	channel->write_events = POLLOUT;
	if (result > 0)
		return result;
	result = tls_result(channel, result, &channel->write_events);
	return result ? result : -EPIPE;
}

ssize_t channel_read(struct channel *channel, void *bytes, size_t size)
{
	ssize_t count;

	if (channel->ssl)
		return tls_read(channel, bytes, size);
	do
		count = recv(channel->fd, bytes, size, MSG_DONTWAIT);
	while (count < 0 && errno == EINTR);
	return count < 0 ? -errno : count;
}

ssize_t channel_write(struct channel *channel, const void *bytes, size_t size)
{
	ssize_t count;

	if (channel->ssl)
		return tls_write(channel, bytes, size);
	do
		count = send(channel->fd, bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL);
	while (count < 0 && errno == EINTR);
	return count < 0 ? -errno : count;
}

short channel_events(const struct channel *channel, bool reads, bool writes)
{
	if (!channel->is_open)
		return channel->handshake_events;
	return (short)((reads ? channel->read_events : 0) | (writes ? channel->write_events : 0));
}

bool channel_has_pending(const struct channel *channel)
{
	return channel->ssl && channel->is_open && !channel->has_failed && SSL_pending(channel->ssl) > 0;
}

static void end_tls(struct channel *channel)
{
	if (!channel->ssl || !channel->is_open || channel->has_failed)
		return;
	ERR_clear_error();
	SSL_shutdown(channel->ssl);
}

void channel_shut(struct channel *channel)
{
	end_tls(channel);
	shutdown(channel->fd, SHUT_WR);
}

void channel_close(struct channel *channel)
{
	if (channel->fd < 0)
		return;
	end_tls(channel);
	SSL_free(channel->ssl);
	close(channel->fd);
	*channel = (struct channel){ .fd = -1 };
}
