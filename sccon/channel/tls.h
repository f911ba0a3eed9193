/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TLS 1.2 and later, by OpenSSL. */
#ifndef SCCON_CHANNEL_TLS_H
#define SCCON_CHANNEL_TLS_H

#include <stddef.h>
#include "../protocol/failure.h"
#include "channel.h"

struct ssl_ctx_st;

/* Files in PEM. */
struct tls_settings {
	const char *certificate; /* with those of the CAs between; NULL: none */
	const char *key; /* NULL: in the file of the certificate */
	const char *ca; /* who signs the other side's; NULL: of a server the system's CAs, of clients none is asked for */
};

/*
 * What the certificates and keys make of it, for tls_free. words: of a failure, what is wrong, safe for a terminal.
 * 0 or a negative errno.
 */
int tls_server_context(const struct tls_settings *settings, struct ssl_ctx_st **context, char words[FAILURE_SIZE]);
int tls_client_context(const struct tls_settings *settings, struct ssl_ctx_st **context, char words[FAILURE_SIZE]);
void tls_free(struct ssl_ctx_st *context);

/* The channel of fd becomes one with TLS, and fd the channel's also if that fails: then -ENOMEM. */
int tls_accept(struct ssl_ctx_st *context, int fd, struct channel *channel);

/* The same for a client. host: what the certificate has to be for: a name or an address. */
int tls_connect(struct ssl_ctx_st *context, int fd, const char *host, struct channel *channel);

/* Why a handshake failed, by err, what channel_handshake returned; safe for a terminal. */
void tls_words(const struct channel *channel, int err, char words[FAILURE_SIZE]);

/* The common name in the certificate that the other side showed, as any bytes; "": none. */
void tls_peer_name(const struct channel *channel, char *name, size_t size);

#endif
