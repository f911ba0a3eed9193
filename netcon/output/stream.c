// SPDX-License-Identifier: GPL-2.0-or-later
#include "stream.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/command/complain.h"
#include "json.h"
#include "stream_names.h"

#define CLOSE_SECONDS 5.0

struct stream_output {
	struct output output;
	struct stream *stream;
};

static void report(void *closure, const char *text)
{
	(void)closure;
	complain("stream: %s", text);
}

/* Takes the object, which may be NULL. */
static int put_object(struct output *output, const char *subject, const char *identity, struct json_object *object)
{
	struct stream *stream = output_stream_of(output);
	const char *text = NULL;
	size_t size;
	int err = -ENOMEM;

	if (object)
		text = json_object_to_json_string_length(
			object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &size);
	if (text)
		err = stream_put(stream, subject, identity, text, size);
	json_object_put(object);
	return err;
}

static int put(struct output *output, const struct received *received)
{
	char subject[STREAM_NAME_MAX], identity[STREAM_NAME_MAX];

	stream_subject_of(subject, &received->source);
	stream_identity_of(identity, received);
	return put_object(output, subject, identity, json_of(received));
}

static int put_happened(struct output *output, const struct happened *happened)
{
	char identity[STREAM_NAME_MAX];

	stream_identity_of_happened(identity, happened);
	return put_object(output, "events", identity, json_of_happened(happened));
}

static const char *explain(struct output *output, int err)
{
	(void)output;
	return err == -ENOSPC ? "the stream's spool, or its disk, is full: messages are lost" : NULL;
}

static int close_output(struct output *output)
{
	int err = stream_close(output_stream_of(output), CLOSE_SECONDS);

	free(output);
	return err;
}

struct stream *output_stream_of(struct output *output)
{
	return ((struct stream_output *)output)->stream;
}

int output_stream(const struct stream_settings *settings, struct output **output)
{
	struct stream_output *made = calloc(1, sizeof(*made));
	struct stream_settings used = *settings;
	int err;

	if (!made)
		return -ENOMEM;
	if (!used.report)
		used.report = report;
	/* No flush: at the end of a batch nothing has to be written that the server may have acknowledged by then. */
	made->output = (struct output){ .name = "stream", .put = put, .happened = put_happened, .close = close_output,
		.explain = explain };
	err = stream_open(&used, &made->stream);
	if (err)
		free(made);
	else
		*output = &made->output;
	return err;
}
