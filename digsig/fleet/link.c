// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/stream/puback.h"
#include "../../lib/text/number.h"
#include "../../lib/text/time.h"
#include "link_nats.h"
#include "names.h"

_Static_assert((int)FLEET_LINK_PROBLEM == (int)NATS_PROBLEM_MAX, "one buffer for both");

void fleet_message_free(struct fleet_message *message)
{
	free(message->bytes);
	*message = (struct fleet_message){ 0 };
}

int fleet_link_open(const struct fleet_link_settings *settings, struct fleet_link **opened, char *problem)
{
	const struct nats_settings nats = {
		.url = settings->url,
		.ca = settings->ca,
		.certificate = settings->certificate,
		.key = settings->key,
		.credentials = settings->credentials,
		.inbox_prefix = settings->inbox_prefix,
	};
	struct fleet_link *link = calloc(1, sizeof(*link));
	natsStatus status;
	int err = link ? nats_options_new(&nats, &link->options, problem) : -ENOMEM;

	if (err) {
		free(link);
		return err;
	}
	/* One thread calls back for all links of a process, of which there may be thousands. */
	status = natsOptions_UseGlobalMessageDelivery(link->options, true);
	if (!status)
		status = natsConnection_Connect(&link->nats, link->options);
	if (!status) {
		*opened = link;
		return 0;
	}
	nats_put_connect_problem(problem, status);
	fleet_link_close(link);
	return -ENOTCONN;
}

void fleet_link_close(struct fleet_link *link)
{
	if (!link)
		return;
	link_stop_hearing(link);
	natsConnection_Close(link->nats);
	natsConnection_Destroy(link->nats);
	natsOptions_Destroy(link->options);
	free(link);
}

bool fleet_link_is_connected(const struct fleet_link *link)
{
	return natsConnection_Status(link->nats) == NATS_CONN_STATUS_CONNECTED;
}

/* Whether the server has complained that the subject is not allowed: it does not answer a request then. */
static bool is_forbidden(struct fleet_link *link, const char *subject)
{
	const char *text = NULL;

	return natsConnection_GetLastError(link->nats, &text) == NATS_NOT_PERMITTED && text && strstr(text, subject);
}

int link_fail(struct fleet_link *link, natsStatus status, const char *subject, char *problem)
{
	switch (status) {
	case NATS_TIMEOUT:
		if (is_forbidden(link, subject)) {
			nats_put_problem(problem, "the server does not allow %s", subject);
			return -EACCES;
		}
		nats_put_problem(problem, "the server does not answer to %s", subject);
		return -ETIMEDOUT;
	case NATS_NOT_PERMITTED:
		nats_put_problem(problem, "the server does not allow %s", subject);
		return -EACCES;
	case NATS_NO_RESPONDERS:
		nats_put_problem(problem, "no stream takes %s, or JetStream is not ready", subject);
		return -ETIMEDOUT;
	case NATS_MAX_PAYLOAD:
		nats_put_problem(problem, "larger than what the server takes (max_payload)");
		return -EMSGSIZE;
	case NATS_NO_MEMORY:
		nats_put_problem(problem, "%s", strerror(ENOMEM));
		return -ENOMEM;
	default:
		nats_put_problem(problem, "%s", nats_words_of(status));
		return -ENOTCONN;
	}
}

__s64 link_parse_time(const char *text)
{
	__u64 seconds, fraction = 0, unit = 100000000;

	if (!time_read(&text, &seconds))
		return 0;
	if (*text == '.')
		for (text++; *text >= '0' && *text <= '9'; text++, unit /= 10)
			fraction += (__u64)(*text - '0') * unit;
	/* A year beyond 2262 does not fit. */
	return strcmp(text, "Z") || seconds > 9223372035 ? 0 : (__s64)(seconds * 1000000000 + fraction);
}

int link_take_message(
	natsMsg *from, const char *subject, __u64 sequence, __s64 time, struct fleet_message *message, char *problem)
{
	size_t size = (size_t)natsMsg_GetDataLength(from);

	*message = (struct fleet_message){ .size = size, .sequence = sequence, .time = time };
	snprintf(message->subject, sizeof(message->subject), "%s", subject);
	message->bytes = malloc(size + 1);
	if (!message->bytes) {
		nats_put_problem(problem, "%s", strerror(ENOMEM));
		return -ENOMEM;
	}
	if (size)
		memcpy(message->bytes, natsMsg_GetData(from), size);
	message->bytes[size] = '\0';
	return 0;
}

static const char *header_of(natsMsg *message, const char *name)
{
	const char *value = NULL;

	return natsMsgHeader_Get(message, name, &value) || !value ? "" : value;
}

/* What a direct get was answered: headers, or a status in place of a message. */
static int take_answer(natsMsg *answer, const char *subject, size_t max, struct fleet_message *message, char *problem)
{
	const char *status = header_of(answer, "Status");
	__u64 sequence;

	if (!strcmp(status, "404")) {
		nats_put_problem(problem, "there is nothing at %s", subject);
		return -ENOENT;
	}
	if (*status || number_parse(header_of(answer, "Nats-Sequence"), 1, ~0ULL, &sequence) ||
		strcmp(header_of(answer, "Nats-Subject"), subject)) {
		nats_put_problem(problem, "no answer to a direct get: %.3s %.200s", status, header_of(answer, "Description"));
		return -ENOENT;
	}
	if ((size_t)natsMsg_GetDataLength(answer) > max) {
		nats_put_problem(problem, "%s: more than %zu bytes", subject, max);
		return -EMSGSIZE;
	}
	return link_take_message(
		answer, subject, sequence, link_parse_time(header_of(answer, "Nats-Time-Stamp")), message, problem);
}

int fleet_link_last(struct fleet_link *link, const char *stream, const char *subject, size_t max,
	struct fleet_message *message, char *problem)
{
	char request[FLEET_SUBJECT_MAX + 80];
	natsMsg *answer = NULL;
	natsStatus status;
	int err;

	*message = (struct fleet_message){ 0 };
	snprintf(request, sizeof(request), "$JS.API.DIRECT.GET.%.40s.%s", stream, subject);
	status = natsConnection_Request(&answer, link->nats, request, NULL, 0, LINK_MILLISECONDS);
	err = status ? link_fail(link, status, request, problem) : take_answer(answer, subject, max, message, problem);
	natsMsg_Destroy(answer);
	return err;
}

static int take_acknowledgement(natsMsg *answer, char *problem)
{
	struct acknowledgement acknowledgement;

	puback_parse(natsMsg_GetData(answer), (size_t)natsMsg_GetDataLength(answer), &acknowledgement);
	if (acknowledgement.kind == ACKNOWLEDGED || acknowledgement.kind == ACKNOWLEDGED_DUPLICATE)
		return 0;
	nats_put_problem(problem, "%s", acknowledgement.problem);
	if (acknowledgement.is_out_of_sequence)
		return -EAGAIN;
	return acknowledgement.kind == REFUSED_FOREVER ? -EMSGSIZE : -EIO;
}

int fleet_link_publish(struct fleet_link *link, const char *subject, const void *bytes, size_t size, __u64 last,
	char *problem)
{
	natsMsg *message = NULL, *answer = NULL;
	natsStatus status = natsMsg_Create(&message, subject, NULL, bytes, (int)size);
	char number[32];
	int err;

	snprintf(number, sizeof(number), "%llu", (unsigned long long)last);
	if (!status && last != FLEET_LINK_ANY)
		status = natsMsgHeader_Set(message, "Nats-Expected-Last-Subject-Sequence", number);
	if (!status)
		status = natsConnection_RequestMsg(&answer, link->nats, message, LINK_MILLISECONDS);
	err = status ? link_fail(link, status, subject, problem) : take_acknowledgement(answer, problem);
	natsMsg_Destroy(answer);
	natsMsg_Destroy(message);
	return err;
}
