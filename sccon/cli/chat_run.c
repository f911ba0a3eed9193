// SPDX-License-Identifier: GPL-2.0-or-later
#include "chat_run.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/command/output.h"
#include "../../lib/time/clock.h"
#include "../chat/chat.h"
#include "cli.h"
#include "log_print.h"

/* What is shown of the console's output when a script fails. */
enum { LAST_MAX = 2048 };

/* How long the server may take to say who writes, and to bring what was sent to the line. */
#define ANSWER_TIME (10 * CLOCK_SECOND)

struct running {
	const struct chat_run_settings *settings;
	struct client *client;
	struct chat *chat;
	bool may_write, is_synced;
};

/* --- frames */

static void take_data(struct running *running, const struct frame *frame)
{
	static char bytes[FRAME_PAYLOAD_MOST + 1];

	_Static_assert((int)FRAME_PAYLOAD_MOST <= (int)CHAT_PIECE_MAX, "a frame is a piece");
	memcpy(bytes, frame->payload, frame->size);
	bytes[frame->size] = '\0';
	chat_put(running->chat, bytes, frame->size);
	if (running->settings->shows)
		console_print_safely(stderr, bytes, frame->size);
}

/* EXIT_OK, or an exit code, having complained. */
static int take_frame(struct running *running, const struct frame *frame)
{
	char words[FRAME_TEXT_MOST + 1] = "";

	switch (frame->type) {
	case FRAME_DATA:
		take_data(running, frame);
		break;
	case FRAME_WRITE_GRANTED:
		running->may_write = true;
		break;
	case FRAME_WRITE_REFUSED:
		frame_text(frame, words);
		complain("%s writes: --force takes over", words);
		return EXIT_ERROR;
	case FRAME_WRITE_TAKEN:
		frame_text(frame, words);
		complain("%s has taken over", words);
		return EXIT_ERROR;
	case FRAME_NOTICE:
		frame_text(frame, words);
		complain("%s", words);
		break;
	case FRAME_SYNCED:
		running->is_synced = true;
		break;
	case FRAME_END:
		chat_put_end(running->chat);
		break;
	default:
		break;
	}
	return EXIT_OK;
}

/* Waits for one frame; *has_ended: nothing comes any more. EXIT_OK or an exit code. */
static int wait_for_frame(struct running *running, __u64 deadline, bool *has_ended)
{
	struct frame frame;
	int result = client_wait(running->client, deadline, &frame);

	if (result == 1) {
		*has_ended = frame.type == FRAME_END;
		return take_frame(running, &frame);
	}
	*has_ended = result != -ETIMEDOUT && result != -EINTR && result;
	if (*has_ended)
		chat_put_end(running->chat);
	return EXIT_OK;
}

/* Until *is_done, the end, or too long a time: then words say what has not come. */
static int wait_for(struct running *running, const bool *is_done, const char *words)
{
	__u64 deadline = clock_now() + ANSWER_TIME;
	bool has_ended = false;
	int code = EXIT_OK;

	while (!*is_done && !has_ended && code == EXIT_OK && clock_now() < deadline)
		code = wait_for_frame(running, deadline, &has_ended);
	if (code != EXIT_OK || *is_done)
		return code;
	complain("%s", words);
	return EXIT_ERROR;
}

/* --- what the script does */

static int send_frame(struct running *running, enum frame_type type, const void *bytes, size_t size)
{
	__u64 deadline = clock_now() + ANSWER_TIME;
	bool has_ended = false;
	int code = EXIT_OK;

	/* What waits there goes out meanwhile. */
	while (client_room(running->client) < size + FRAME_HEADER_SIZE && !has_ended && code == EXIT_OK && clock_now() < deadline)
		code = wait_for_frame(running, clock_now() + CLOCK_SECOND / 10, &has_ended);
	if (code != EXIT_OK)
		return code;
	if (!client_send(running->client, type, bytes, size))
		return EXIT_OK;
	complain("the server takes nothing");
	return EXIT_ERROR;
}

static int fail(struct running *running, const struct chat_action *action)
{
	size_t size;
	const char *last = chat_last(running->chat, LAST_MAX, &size);

	if (size) {
		output_flush();
		fputs("--- the last output of the console:\n", stderr);
		console_print_safely(stderr, last, size);
		fputs("---\n", stderr);
	}
	complain("%s:%u: %s", running->settings->name, action->line, action->words);
	return action->line < EXIT_LINE_MAX - EXIT_LINE ? EXIT_LINE + (int)action->line : EXIT_LINE_MAX;
}

static int carry_out(struct running *running, enum chat_do what, const struct chat_action *action)
{
	bool has_ended;

	switch (what) {
	case CHAT_DO_SEND:
		return send_frame(running, FRAME_DATA, action->text, action->size);
	case CHAT_DO_BREAK:
		return send_frame(running, FRAME_BREAK, NULL, 0);
	case CHAT_DO_WINDOW:
		client_window(running->client, (struct frame_window){ (__u16)action->rows, (__u16)action->columns });
		return EXIT_OK;
	case CHAT_DO_PRINT:
		console_print_safely(stdout, action->text, action->size);
		return output_flush() ? EXIT_ERROR : EXIT_OK;
	case CHAT_DO_WAIT:
		return wait_for_frame(running, action->until, &has_ended);
	case CHAT_DO_FAIL:
		return fail(running, action);
	case CHAT_DO_END:
		break;
	}
	return EXIT_OK;
}

static int carry_out_all(struct running *running)
{
	static struct chat_action action;
	enum chat_do what;
	int code;

	do {
		what = chat_next(running->chat, clock_now(), &action);
		code = carry_out(running, what, &action);
	} while (code == EXIT_OK && what != CHAT_DO_END);
	if (code != EXIT_OK)
		return code;
	/* All of it is with the line before the connection ends. */
	code = send_frame(running, FRAME_SYNC, "c", 1);
	return code == EXIT_OK ? wait_for(running, &running->is_synced, "not all that was sent has reached the console") : code;
}

int chat_run(const struct chat_run_settings *settings)
{
	struct running running = { .settings = settings, .chat = chat_new(settings->script) };
	char words[FAILURE_SIZE];
	int code = EXIT_ERROR;

	if (!running.chat) {
		complain("out of memory");
	} else if (client_open(&settings->client, &running.client, words)) {
		running.client = NULL;
		complain("%s", words);
	} else {
		client_ask(running.client, settings->is_forced);
		code = wait_for(&running, &running.may_write, "the server does not say who may write");
		if (code == EXIT_OK)
			code = carry_out_all(&running);
	}
	client_close(running.client);
	chat_free(running.chat);
	return code;
}
