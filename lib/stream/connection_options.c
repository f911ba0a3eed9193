// SPDX-License-Identifier: GPL-2.0-or-later
#include "connection_nats.h"
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
	vsnprintf(problem, PROBLEM_MAX, format, arguments);
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

static natsStatus set_tls(natsOptions *nats, const struct stream_settings *settings, const char **file)
{
	natsStatus status = NATS_OK;

	if (settings->tls_ca) {
		*file = settings->tls_ca;
		status = natsOptions_SetSecure(nats, true);
		if (!status)
			status = natsOptions_LoadCATrustedCertificates(nats, settings->tls_ca);
	}
	if (!status && settings->tls_certificate) {
		*file = settings->tls_certificate;
		status = natsOptions_LoadCertificatesChain(nats, settings->tls_certificate, settings->tls_key);
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

static int set_all(struct connection_options *options, const struct stream_settings *settings, char *problem)
{
	const char *file = NULL;
	natsStatus status = natsOptions_Create(&options->nats);

	if (!status)
		status = set_usual(options->nats);
	if (!status)
		status = set_servers(options->nats, settings->url);
	if (!status)
		status = set_tls(options->nats, settings, &file);
	if (!status && settings->credentials) {
		/* It is read at each connect: it may be renewed. */
		file = settings->credentials;
		status = access(file, R_OK) ? NATS_INVALID_ARG :
			natsOptions_SetUserCredentialsFromFiles(options->nats, file, NULL);
	}
	if (!status)
		return 0;
	if (file)
		nats_put_problem(problem, "%s: %s", file, access(file, R_OK) ? strerror(errno) : nats_words_of(status));
	else
		nats_put_problem(problem, "%s", nats_words_of(status));
	return status == NATS_NO_MEMORY ? -ENOMEM : -EINVAL;
}

int connection_options_new(const struct stream_settings *settings, struct connection_options **made, char *problem)
{
	struct connection_options *options = calloc(1, sizeof(*options));
	int err;

	if (!options)
		return -ENOMEM;
	options->must_exist = settings->must_exist;
	if (asprintf(&options->subjects, "%s.>", settings->subject_prefix) < 0)
		options->subjects = NULL;
	options->stream = settings->stream ? strdup(settings->stream) : NULL;
	err = options->subjects && (options->stream || !settings->stream) ? set_all(options, settings, problem) : -ENOMEM;
	if (err) {
		connection_options_free(options);
		return err;
	}
	*made = options;
	return 0;
}

void connection_options_free(struct connection_options *options)
{
	natsOptions_Destroy(options->nats);
	free(options->subjects);
	free(options->stream);
	free(options);
}
