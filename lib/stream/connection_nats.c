// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The connection, by libnats. Acknowledgements are read from a subscription to an inbox of our own: a message asks for
 * its answer at INBOX.NUMBER, so that the answer names it. libnats' own publishing (js_PublishMsgAsync) calls back from
 * threads of which one cannot know when the last call was, and waits in the thread that publishes.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "connection_nats.h"
#include "puback.h"

enum { ANSWER_MILLISECONDS = 5000 }; /* of requests about the stream */

struct connection {
	natsConnection *nats;
	natsSubscription *answers;
	char inbox[256];
	size_t inbox_size;
};

static natsStatus create_stream(const struct connection_options *options, jsCtx *jetstream, jsErrCode *code)
{
	const char *subjects[] = { options->subjects };
	jsStreamConfig config;
	natsStatus status;

	jsStreamConfig_Init(&config);
	config.Name = options->stream;
	config.Subjects = subjects;
	config.SubjectsLen = 1;
	config.Storage = js_FileStorage;
	config.Duplicates = STREAM_DUPLICATE_WINDOW * 1000000000LL;
	status = js_AddStream(NULL, jetstream, &config, NULL, code);
	/* Another publisher was faster. */
	return status && *code == JSStreamNameExistErr ? NATS_OK : status;
}

/* That the stream is there. 0; -ENOTCONN: problem says why it is not. */
static int find_stream(const struct connection_options *options, natsConnection *nats, char *problem)
{
	jsCtx *jetstream = NULL;
	jsErrCode code = 0;
	jsOptions wait;
	natsStatus status;

	jsOptions_Init(&wait);
	wait.Wait = ANSWER_MILLISECONDS;
	status = natsConnection_JetStream(&jetstream, nats, &wait);
	if (!status) {
		jsStreamInfo *info = NULL;

		status = js_GetStreamInfo(&info, jetstream, options->stream, NULL, &code);
		jsStreamInfo_Destroy(info);
		if (status == NATS_NOT_FOUND && !options->must_exist)
			status = create_stream(options, jetstream, &code);
	}
	jsCtx_Destroy(jetstream);
	if (status == NATS_NOT_FOUND)
		nats_put_problem(problem, "there is no stream %s: make it, or let it be made", options->stream);
	else if (status == NATS_NO_RESPONDERS || code == JSNotEnabledErr || code == JSNotEnabledForAccountErr)
		nats_put_problem(problem, "JetStream is not enabled there, or not ready");
	else if (status == NATS_TIMEOUT)
		nats_put_problem(problem, "JetStream does not answer about the stream %s: may this user ask?", options->stream);
	else if (status)
		nats_put_problem(problem, "stream %s: %s", options->stream, nats_words_of(status));
	return status ? -ENOTCONN : 0;
}

/* libnats makes one of the usual prefix alone, and of a dot and a word that is its own. */
static natsStatus make_inbox(struct connection *connection, const char *prefix)
{
	natsInbox *usual;
	natsStatus status = natsInbox_Create(&usual);
	const char *word = status ? NULL : strrchr(usual, '.');
	int size;

	if (status)
		return status;
	size = snprintf(connection->inbox, sizeof(connection->inbox), "%s%s", prefix ? prefix : "_INBOX", word ? word : "");
	natsInbox_Destroy(usual);
	connection->inbox_size = (size_t)size;
	return word && size < (int)sizeof(connection->inbox) ? NATS_OK : NATS_ERR;
}

static natsStatus subscribe(struct connection *connection, const char *prefix)
{
	char subject[sizeof(connection->inbox) + 2];
	natsStatus status = make_inbox(connection, prefix);

	if (status)
		return status;
	snprintf(subject, sizeof(subject), "%s.*", connection->inbox);
	status = natsConnection_SubscribeSync(&connection->answers, connection->nats, subject);
	return status ? status : natsSubscription_SetPendingLimits(connection->answers, -1, -1);
}

int connection_open(struct connection_options *options, struct connection **opened, char *problem)
{
	struct connection *connection = calloc(1, sizeof(*connection));
	natsStatus status;
	int err = 0;

	if (!connection) {
		nats_put_problem(problem, "%s", strerror(ENOMEM));
		return -ENOTCONN;
	}
	status = natsConnection_Connect(&connection->nats, options->nats);
	if (!status)
		status = subscribe(connection, options->inbox_prefix);
	if (status) {
		nats_put_connect_problem(problem, status);
		err = -ENOTCONN;
	} else if (options->stream) {
		err = find_stream(options, connection->nats, problem);
	}
	if (err) {
		connection_close(connection);
		return err;
	}
	*opened = connection;
	return 0;
}

int connection_prepare(
	struct connection *connection, const struct message *message, struct publication **publication, char *problem)
{
	natsMsg *made = NULL;
	natsStatus status;
	char reply[sizeof(connection->inbox) + 32];

	snprintf(reply, sizeof(reply), "%s.%llu", connection->inbox, (unsigned long long)message->number);
	status = natsMsg_Create(&made, message->subject, reply, message->bytes, (int)message->size);
	if (!status)
		status = natsMsgHeader_Set(made, "Nats-Msg-Id", message->id);
	if (status) {
		natsMsg_Destroy(made);
		nats_put_problem(problem, "%s", nats_words_of(status));
		return -ENOMEM;
	}
	*publication = (struct publication *)made;
	return 0;
}

int connection_publish(struct connection *connection, struct publication *publication, char *problem)
{
	natsMsg *message = (natsMsg *)publication;
	int size = natsMsg_GetDataLength(message);
	natsStatus status = natsConnection_PublishMsg(connection->nats, message);

	natsMsg_Destroy(message);
	if (status == NATS_MAX_PAYLOAD) {
		nats_put_problem(problem, "a message of %d bytes, more than the server takes (max_payload), is dropped", size);
		return -EMSGSIZE;
	}
	if (status)
		nats_put_problem(problem, "%s", nats_words_of(status));
	return status ? -ENOTCONN : 0;
}

/* The number that the answer is about. false: it is none of ours. */
static bool parse_number(const struct connection *connection, const char *subject, __u64 *number)
{
	char *end;

	if (!subject || strlen(subject) <= connection->inbox_size + 1)
		return false;
	subject += connection->inbox_size + 1;
	*number = strtoull(subject, &end, 10);
	return *subject >= '0' && *subject <= '9' && !*end;
}

int connection_acknowledgement(
	struct connection *connection, unsigned int milliseconds, struct acknowledgement *acknowledgement)
{
	natsMsg *answer = NULL;
	natsStatus status = natsSubscription_NextMsg(&answer, connection->answers, milliseconds);
	bool is_known;

	/* libnats makes an error of that answer, and does not tell which message it is about. */
	if (status == NATS_NO_RESPONDERS) {
		acknowledgement->number = 0;
		acknowledgement->kind = REFUSED_FOR_NOW;
		nats_put_problem(acknowledgement->problem, "no stream takes the subject, or JetStream is not ready");
		return 0;
	}
	if (status)
		return status == NATS_TIMEOUT ? -EAGAIN : -ENOTCONN;
	is_known = parse_number(connection, natsMsg_GetSubject(answer), &acknowledgement->number);
	puback_parse(natsMsg_GetData(answer), (size_t)natsMsg_GetDataLength(answer), acknowledgement);
	natsMsg_Destroy(answer);
	return is_known ? 0 : -EAGAIN;
}

void connection_complaint(struct connection *connection, char *problem)
{
	const char *text = NULL;

	natsConnection_GetLastError(connection->nats, &text);
	nats_put_problem(problem, "%s", text ? text : "");
}

void connection_close(struct connection *connection)
{
	natsSubscription_Destroy(connection->answers);
	natsConnection_Close(connection->nats);
	natsConnection_Destroy(connection->nats);
	free(connection);
}
