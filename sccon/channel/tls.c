// SPDX-License-Identifier: GPL-2.0-or-later
#include "tls.h"
#include <arpa/inet.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

/* What OpenSSL said last. */
static const char *reason(void)
{
	unsigned long error = ERR_peek_last_error();
	const char *text = error ? ERR_reason_error_string(error) : NULL;

	return text ? text : error && ERR_SYSTEM_ERROR(error) ? strerror(ERR_GET_REASON(error)) : "OpenSSL does not say why";
}

static int set_own(SSL_CTX *context, const struct tls_settings *settings, char words[FAILURE_SIZE])
{
	const char *key = settings->key ? settings->key : settings->certificate;

	if (!settings->certificate)
		return 0;
	ERR_clear_error();
	if (SSL_CTX_use_certificate_chain_file(context, settings->certificate) != 1)
		return failure_say(words, -EINVAL, "%s: no certificate in PEM can be read: %s", settings->certificate, reason());
	if (SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1)
		return failure_say(words, -EINVAL, "%s: no key in PEM that belongs to the certificate can be read: %s", key, reason());
	return 0;
}

static int set_authorities(SSL_CTX *context, const char *file, char words[FAILURE_SIZE])
{
	ERR_clear_error();
	if (SSL_CTX_load_verify_locations(context, file, NULL) != 1)
		return failure_say(words, -EINVAL, "%s: no certificate of a CA in PEM can be read: %s", file, reason());
	return 0;
}

static int new_context(const SSL_METHOD *method, const struct tls_settings *settings, SSL_CTX **context,
	char words[FAILURE_SIZE])
{
	*context = SSL_CTX_new(method);
	if (!*context)
		return failure_say(words, -ENOMEM, "TLS: %s", reason());
	SSL_CTX_set_min_proto_version(*context, TLS1_2_VERSION);
	SSL_CTX_set_options(*context, SSL_OP_NO_RENEGOTIATION);
	/* What waits may move between two attempts to write it. */
	SSL_CTX_set_mode(*context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	return set_own(*context, settings, words);
}

int tls_server_context(const struct tls_settings *settings, SSL_CTX **context, char words[FAILURE_SIZE])
{
	int err = new_context(TLS_server_method(), settings, context, words);

	if (!err && settings->ca) {
		err = set_authorities(*context, settings->ca, words);
		SSL_CTX_set_verify(*context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	}
	/* A session that is taken up again has no use here. */
	if (!err) {
		SSL_CTX_set_session_cache_mode(*context, SSL_SESS_CACHE_OFF);
		SSL_CTX_set_num_tickets(*context, 0);
		return 0;
	}
	tls_free(*context);
	*context = NULL;
	return err;
}

int tls_client_context(const struct tls_settings *settings, SSL_CTX **context, char words[FAILURE_SIZE])
{
	int err = new_context(TLS_client_method(), settings, context, words);

	if (!err && settings->ca)
		err = set_authorities(*context, settings->ca, words);
	else if (!err)
		SSL_CTX_set_default_verify_paths(*context);
	if (!err) {
		SSL_CTX_set_verify(*context, SSL_VERIFY_PEER, NULL);
		return 0;
	}
	tls_free(*context);
	*context = NULL;
	return err;
}

void tls_free(SSL_CTX *context)
{
	SSL_CTX_free(context);
}

static int begin(SSL_CTX *context, int fd, struct channel *channel)
{
	channel_init(channel, fd);
	channel->is_open = false;
	channel->ssl = SSL_new(context);
	return channel->ssl && SSL_set_fd(channel->ssl, fd) == 1 ? 0 : -ENOMEM;
}

int tls_accept(SSL_CTX *context, int fd, struct channel *channel)
{
	int err = begin(context, fd, channel);

	if (err)
		return err;
	SSL_set_accept_state(channel->ssl);
	channel->handshake_events = POLLIN;
	return 0;
}

static bool is_address(const char *host)
{
	struct in6_addr address;

	return inet_pton(AF_INET, host, &address) == 1 || inet_pton(AF_INET6, host, &address) == 1;
}

int tls_connect(SSL_CTX *context, int fd, const char *host, struct channel *channel)
{
	int err = begin(context, fd, channel);

	if (err)
		return err;
	SSL_set_connect_state(channel->ssl);
	if (is_address(host))
		return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(channel->ssl), host) == 1 ? 0 : -ENOMEM;
	return SSL_set_tlsext_host_name(channel->ssl, host) == 1 && SSL_set1_host(channel->ssl, host) == 1 ? 0 : -ENOMEM;
}

void tls_words(const struct channel *channel, int err, char words[FAILURE_SIZE])
{
	long verdict = channel->ssl ? SSL_get_verify_result(channel->ssl) : X509_V_OK;

	if (verdict != X509_V_OK)
		failure_say(words, err, "TLS: the other side's certificate: %s", X509_verify_cert_error_string(verdict));
	else if (err == -EPROTO)
		failure_say(words, err, "TLS: %s", reason());
	else
		failure_say(words, err, "TLS: %s", strerror(-err));
}

void tls_peer_name(const struct channel *channel, char *name, size_t size)
{
	X509 *certificate = channel->ssl ? SSL_get0_peer_certificate(channel->ssl) : NULL;

	*name = '\0';
	if (certificate)
		X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, (int)size);
}
