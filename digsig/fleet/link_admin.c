// SPDX-License-Identifier: GPL-2.0-or-later
/* What administrators alone may do: streams, and consumers. */
#include <errno.h>
#include <string.h>
#include "link_nats.h"
#include "names.h"

#define SECOND 1000000000LL /* in nanoseconds */

enum {
	LISTEN_MILLISECONDS = 200, /* how often *stop is looked at */
	PATIENCE = 50, /* so many times without a message that has to come */
	DOUBT = 3, /* the same where the server says that none is to come: the last one may be on its way */
};

static const struct fleet_stream {
	const char *name, *subjects;
	jsStreamConfig limits;
} fleet_streams[] = {
	/* What is old is of use for showing what changed, and for nothing else. */
	{ FLEET_STREAM_STATE, "digsig.state.>", { .MaxMsgsPerSubject = 64, .AllowDirect = true } },
	{ FLEET_STREAM_BLOBS, "digsig.blob.>", { .MaxMsgsPerSubject = 1, .AllowDirect = true } },
	{ FLEET_STREAM_HOSTS, "digsig.host.>", { .MaxMsgsPerSubject = 1, .AllowDirect = true } },
	{ FLEET_STREAM_EVENTS, "digsig.event.>",
		{ .MaxAge = 30 * 86400 * SECOND, .MaxBytes = 16LL << 30, .Duplicates = 600 * SECOND } },
};

static natsStatus make_stream(jsCtx *jetstream, const struct fleet_stream *stream, int replicas, jsErrCode *code)
{
	const char *subjects[] = { stream->subjects };
	jsStreamConfig config;
	natsStatus status;

	jsStreamConfig_Init(&config);
	config.Name = stream->name;
	config.Subjects = subjects;
	config.SubjectsLen = 1;
	config.Storage = js_FileStorage;
	config.Replicas = replicas;
	config.AllowDirect = stream->limits.AllowDirect;
	if (stream->limits.MaxMsgsPerSubject)
		config.MaxMsgsPerSubject = stream->limits.MaxMsgsPerSubject;
	if (stream->limits.MaxAge) {
		config.MaxAge = stream->limits.MaxAge;
		config.MaxBytes = stream->limits.MaxBytes;
		config.Duplicates = stream->limits.Duplicates;
	}
	status = js_AddStream(NULL, jetstream, &config, NULL, code);
	/* It is there, made by somebody else or with other limits: they stay. */
	return status && *code == JSStreamNameExistErr ? NATS_OK : status;
}

static int stream_fail(
	struct fleet_link *link, natsStatus status, jsErrCode code, const char *stream, char *problem)
{
	if (code == JSNotEnabledErr || code == JSNotEnabledForAccountErr) {
		nats_put_problem(problem, "JetStream is not enabled there");
		return -ETIMEDOUT;
	}
	if (!code && status != NATS_ERR)
		return link_fail(link, status, stream, problem);
	nats_put_problem(problem, "stream %s: %s", stream, nats_words_of(status));
	return -EIO;
}

static natsStatus open_jetstream(struct fleet_link *link, jsCtx **jetstream)
{
	jsOptions wait;

	jsOptions_Init(&wait);
	wait.Wait = LINK_MILLISECONDS;
	return natsConnection_JetStream(jetstream, link->nats, &wait);
}

int fleet_link_make_streams(struct fleet_link *link, int replicas, char *problem)
{
	jsCtx *jetstream = NULL;
	natsStatus status = open_jetstream(link, &jetstream);
	int err = status ? link_fail(link, status, "JetStream", problem) : 0;

	for (size_t i = 0; i < sizeof(fleet_streams) / sizeof(fleet_streams[0]) && !err; i++) {
		jsErrCode code = 0;

		status = make_stream(jetstream, &fleet_streams[i], replicas, &code);
		if (status)
			err = stream_fail(link, status, code, fleet_streams[i].name, problem);
	}
	jsCtx_Destroy(jetstream);
	return err;
}

struct reading {
	struct fleet_link *link;
	natsSubscription *subscription;
	__u64 last; /* the sequence at which it ends */
	bool follow;
	bool is_empty; /* no message was to come when it began */
	const volatile int *stop;
	fleet_visitor *visit;
	void *closure;
	char *problem;
};

/* 1: go on; 0: it is over. */
static int take_message(struct reading *reading, natsMsg *from)
{
	struct fleet_message message;
	jsMsgMetaData *data = NULL;
	natsStatus status = natsMsg_GetMetaData(&data, from);
	bool is_last, goes_on;
	int err;

	if (status)
		return link_fail(reading->link, status, "a message", reading->problem);
	err = link_take_message(from, natsMsg_GetSubject(from), data->Sequence.Stream, data->Timestamp, &message,
		reading->problem);
	is_last = !reading->follow && (data->Sequence.Stream >= reading->last || !data->NumPending);
	jsMsgMetaData_Destroy(data);
	if (err)
		return err;
	goes_on = reading->visit(reading->closure, &message);
	fleet_message_free(&message);
	return goes_on && !is_last;
}

static int take_messages(struct reading *reading)
{
	int waited = 0, err = 1, patience = reading->is_empty ? DOUBT : PATIENCE;

	while (err == 1 && !(reading->stop && *reading->stop)) {
		natsMsg *message = NULL;
		natsStatus status =
			natsSubscription_NextMsg(&message, reading->subscription, LISTEN_MILLISECONDS);

		waited = status == NATS_TIMEOUT ? waited + 1 : 0;
		if (!status)
			err = take_message(reading, message);
		else if (reading->is_empty && !reading->follow && waited == patience)
			err = 0;
		else if (status != NATS_TIMEOUT || (!reading->follow && waited == patience))
			err = link_fail(reading->link, status, "a consumer", reading->problem);
		natsMsg_Destroy(message);
	}
	return err == 1 ? 0 : err;
}

/* Where the stream ends now. */
static natsStatus find_end(jsCtx *jetstream, const char *stream, __u64 *last, jsErrCode *code)
{
	jsStreamInfo *info = NULL;
	natsStatus status = js_GetStreamInfo(&info, jetstream, stream, NULL, code);

	if (!status)
		*last = info->State.LastSeq;
	jsStreamInfo_Destroy(info);
	return status;
}

/* Begins to receive. */
static natsStatus subscribe(
	struct reading *reading, jsCtx *jetstream, const char *stream, const char *subject, __s64 since, jsErrCode *code)
{
	jsConsumerInfo *info = NULL;
	jsSubOptions options;
	natsStatus status;

	jsSubOptions_Init(&options);
	options.Stream = stream;
	options.Ordered = true;
	options.Config.DeliverPolicy = since ? js_DeliverByStartTime : js_DeliverAll;
	options.Config.OptStartTime = since;
	status = js_SubscribeSync(&reading->subscription, jetstream, subject, NULL, &options, code);
	if (!status)
		status = natsSubscription_SetPendingLimits(reading->subscription, -1, -1);
	if (!status)
		status = natsSubscription_GetConsumerInfo(&info, reading->subscription, NULL, code);
	if (!status)
		reading->is_empty = !info->NumPending;
	jsConsumerInfo_Destroy(info);
	return status;
}

int fleet_link_read(struct fleet_link *link, const char *stream, const char *subject, __s64 since, bool follow,
	const volatile int *stop, fleet_visitor *visit, void *closure, char *problem)
{
	struct reading reading = { .link = link, .follow = follow, .stop = stop, .visit = visit, .closure = closure,
		.problem = problem };
	jsCtx *jetstream = NULL;
	jsErrCode code = 0;
	natsStatus status = open_jetstream(link, &jetstream);
	int err = 0;

	if (!status)
		status = find_end(jetstream, stream, &reading.last, &code);
	if (!status && (follow || reading.last))
		status = subscribe(&reading, jetstream, stream, subject, since, &code);
	if (status == NATS_NOT_FOUND) {
		nats_put_problem(problem, "there is no stream %s: digsig fleet server-init makes it", stream);
		err = -ENOENT;
	} else if (status) {
		err = stream_fail(link, status, code, stream, problem);
	} else if (reading.subscription) {
		err = take_messages(&reading);
	}
	natsSubscription_Destroy(reading.subscription);
	jsCtx_Destroy(jetstream);
	return err;
}
