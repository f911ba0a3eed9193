// SPDX-License-Identifier: GPL-2.0-or-later
#include "metrics.h"
#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "../../lib/text/endpoint.h"
#include "../../lib/text/number.h"

/* Who is slower than so many seconds is not waited for; nor are there more connections. */
enum { TIMEOUT_SECONDS = 10, CONNECTIONS_MAX = 64, CONNECTIONS_MAX_OF_ADDRESS = 16, CONNECTION_MEMORY = 32768 };

#define CONTENT_TYPE "text/plain; version=0.0.4; charset=utf-8"

struct metrics {
	struct MHD_Daemon *daemon;
	metrics_snapshot *snapshot;
	void *context;
};

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned int status, const char *header, const char *value,
	char *text, size_t size)
{
	struct MHD_Response *response = MHD_create_response_from_buffer(size, text, MHD_RESPMEM_MUST_FREE);
	enum MHD_Result result;

	if (!response) {
		free(text);
		return MHD_NO;
	}
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, CONTENT_TYPE);
	if (header)
		MHD_add_response_header(response, header, value);
	result = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result refuse(struct MHD_Connection *connection, unsigned int status, const char *header, const char *value,
	const char *words)
{
	char *text = strdup(words);

	return text ? answer(connection, status, header, value, text, strlen(text)) : MHD_NO;
}

static enum MHD_Result answer_metrics(const struct metrics *metrics, struct MHD_Connection *connection)
{
	struct receiver_counters counters = { 0 };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return MHD_NO;
	metrics->snapshot(metrics->context, &counters);
	metrics_print(out, &counters);
	if (fclose(out)) {
		free(text);
		return MHD_NO;
	}
	return answer(connection, MHD_HTTP_OK, NULL, NULL, text, size);
}

static enum MHD_Result take(void *context, struct MHD_Connection *connection, const char *path, const char *method,
	const char *version, const char *upload, size_t *upload_size, void **state)
{
	(void)version;
	(void)upload;
	(void)upload_size;
	(void)state;
	if (strcmp(path, "/metrics"))
		return refuse(connection, MHD_HTTP_NOT_FOUND, NULL, NULL, "there is only /metrics\n");
	if (strcmp(method, MHD_HTTP_METHOD_GET) && strcmp(method, MHD_HTTP_METHOD_HEAD))
		return refuse(connection, MHD_HTTP_METHOD_NOT_ALLOWED, MHD_HTTP_HEADER_ALLOW, "GET, HEAD", "only GET and HEAD\n");
	return answer_metrics(context, connection);
}

/* --- where it listens */

static int parse_address(const char *address, struct endpoint *endpoint, bool *is_any)
{
	__u64 port;

	*is_any = !number_parse(address, 1, 65535, &port);
	if (*is_any) {
		*endpoint = (struct endpoint){ .host = "::", .port = (__u16)port };
		return 0;
	}
	if (endpoint_parse(address, 0, endpoint) || !endpoint->port)
		return -EINVAL;
	return 0;
}

static int listen_at(const struct addrinfo *address, int *descriptor)
{
	const int yes = 1, no = 0;
	int new = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), err = 0;

	if (new < 0)
		return -errno;
	setsockopt(new, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (address->ai_family == AF_INET6)
		setsockopt(new, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof(no));
	if (bind(new, address->ai_addr, address->ai_addrlen) || listen(new, CONNECTIONS_MAX))
		err = -errno;
	if (err)
		close(new);
	else
		*descriptor = new;
	return err;
}

static int listen_to(const struct endpoint *endpoint, int *descriptor)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV | AI_PASSIVE };
	struct addrinfo *found;
	char port[8];
	int err;

	snprintf(port, sizeof(port), "%u", endpoint->port);
	if (getaddrinfo(endpoint->host, port, &hints, &found))
		return -EADDRNOTAVAIL;
	err = listen_at(found, descriptor);
	freeaddrinfo(found);
	return err;
}

/* Its thread takes no signals: they are for others. */
static int start(struct metrics *metrics, int descriptor)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	metrics->daemon = MHD_start_daemon(MHD_USE_AUTO | MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, take, metrics,
		MHD_OPTION_LISTEN_SOCKET, descriptor,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned int)TIMEOUT_SECONDS,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned int)CONNECTIONS_MAX,
		MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned int)CONNECTIONS_MAX_OF_ADDRESS,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
		MHD_OPTION_END);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return metrics->daemon ? 0 : -ENOMEM;
}

int metrics_open(const char *address, metrics_snapshot *snapshot, void *context, struct metrics **metrics)
{
	const struct endpoint any_v4 = { .host = "0.0.0.0" };
	struct metrics *new = malloc(sizeof(*new));
	struct endpoint endpoint;
	int descriptor = -1, err;
	bool is_any;

	if (!new)
		return -ENOMEM;
	*new = (struct metrics){ .snapshot = snapshot, .context = context };
	err = parse_address(address, &endpoint, &is_any);
	if (!err)
		err = listen_to(&endpoint, &descriptor);
	if ((err == -EAFNOSUPPORT || err == -EADDRNOTAVAIL) && is_any) {
		memcpy(endpoint.host, any_v4.host, sizeof(endpoint.host));
		err = listen_to(&endpoint, &descriptor);
	}
	if (!err)
		err = start(new, descriptor);
	if (!err) {
		*metrics = new;
		return 0;
	}
	if (descriptor >= 0)
		close(descriptor);
	free(new);
	return err;
}

void metrics_close(struct metrics *metrics)
{
	if (!metrics)
		return;
	MHD_stop_daemon(metrics->daemon);
	free(metrics);
}
