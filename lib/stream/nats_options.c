// SPDX-License-Identifier: GPL-2.0-or-later
#include "nats_options.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	CONNECT_MILLISECONDS = 3000,
	WRITE_MILLISECONDS = 30000,
	PING_MILLISECONDS = 10000,
};

void nats_put_problem(char *problem, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(problem, NATS_PROBLEM_MAX, format, arguments);
	va_end(arguments);
}

const char *nats_words_of(natsStatus status)
{
	natsStatus last;
	const char *text = nats_GetLastError(&last), *place_end;

	if (!text || !*text || last != status)
		return natsStatus_GetText(status);
	place_end = *text == '(' ? strstr(text, "): ") : NULL;
	return place_end ? place_end + 3 : text;
}

void nats_put_connect_problem(char *problem, natsStatus status)
{
	const char *words = nats_words_of(status);

	switch (status) {
	case NATS_CONNECTION_AUTH_FAILED:
	case NATS_NOT_PERMITTED:
		nats_put_problem(problem, "the server refuses the credentials: %s", words);
		break;
	case NATS_NO_SERVER:
		nats_put_problem(problem, "no server answers");
		break;
	case NATS_SECURE_CONNECTION_REQUIRED:
		nats_put_problem(problem, "the server wants TLS: use tls:// or name its CA");
		break;
	case NATS_SECURE_CONNECTION_WANTED:
		nats_put_problem(problem, "the server has no TLS, which was asked for");
		break;
	case NATS_SSL_ERROR:
		nats_put_problem(problem, "TLS: %s", words);
		break;
	default:
		nats_put_problem(problem, "%s", words);
	}
}

/* Without one libnats prints. What the server complains of is asked for: connection_complaint. */
static void ignore_error(natsConnection *connection, natsSubscription *subscription, natsStatus status, void *closure)
{
	(void)connection;
	(void)subscription;
	(void)status;
	(void)closure;
}

static natsStatus set_servers(natsOptions *nats, const char *urls)
{
	const char *servers[32];
	char *copy = strdup(urls), *rest = copy, *url;
	natsStatus status = copy ? NATS_OK : NATS_NO_MEMORY;
	int count = 0;

	while (copy && (url = strsep(&rest, ", ")))
		if (*url && count < 32)
			servers[count++] = url;
	if (!status)
		status = natsOptions_SetServers(nats, servers, count);
	free(copy);
	return status;
}

static natsStatus set_tls(natsOptions *nats, const struct nats_settings *settings, const char **file)
{
	natsStatus status = NATS_OK;

	if (settings->ca) {
		*file = settings->ca;
		status = natsOptions_SetSecure(nats, true);
		if (!status)
			status = natsOptions_LoadCATrustedCertificates(nats, settings->ca);
	}
	if (!status && settings->certificate) {
		*file = settings->certificate;
		status = natsOptions_LoadCertificatesChain(nats, settings->certificate, settings->key);
	}
	if (!status)
		*file = NULL;
	return status;
}

static natsStatus set_usual(natsOptions *nats)
{
	natsStatus status = natsOptions_SetAllowReconnect(nats, false);

	if (!status)
		status = natsOptions_SetTimeout(nats, CONNECT_MILLISECONDS);
	if (!status)
		status = natsOptions_SetWriteDeadline(nats, WRITE_MILLISECONDS);
	if (!status)
		status = natsOptions_SetPingInterval(nats, PING_MILLISECONDS);
	if (!status)
		status = natsOptions_SetErrorHandler(nats, ignore_error, NULL);
	return status;
}

int nats_options_new(const struct nats_settings *settings, natsOptions **options, char *problem)
{
	const char *file = NULL;
	natsStatus status = natsOptions_Create(options);

	if (!status)
		status = set_usual(*options);
	if (!status)
		status = set_servers(*options, settings->url);
	if (!status)
		status = set_tls(*options, settings, &file);
	if (!status && settings->inbox_prefix)
		status = natsOptions_SetCustomInboxPrefix(*options, settings->inbox_prefix);
	if (!status && settings->credentials) {
		/* It is read at each connect: it may be renewed. */
		file = settings->credentials;
		status = access(file, R_OK) ? NATS_INVALID_ARG :
			natsOptions_SetUserCredentialsFromFiles(*options, file, NULL);
	}
	if (!status)
		return 0;
	if (file)
		nats_put_problem(problem, "%s: %s", file, access(file, R_OK) ? strerror(errno) : nats_words_of(status));
	else
		nats_put_problem(problem, "%s", nats_words_of(status));
	natsOptions_Destroy(*options);
	*options = NULL;
	return status == NATS_NO_MEMORY ? -ENOMEM : -EINVAL;
}
