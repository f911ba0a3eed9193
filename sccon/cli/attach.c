// SPDX-License-Identifier: GPL-2.0-or-later
#include "attach_state.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>
#include "../../lib/file/write_whole.h"
#include "../../lib/time/clock.h"
#include "cli.h"
#include "screen_terminal.h"

/* Between two attempts to connect again: doubled from the first to the last. */
#define WAIT_FIRST (500 * CLOCK_MILLISECOND)
#define WAIT_LAST (10 * CLOCK_SECOND)

enum { FRAMES_A_TURN = 64 };

void attach_end(struct attach *attach, int code)
{
	attach->is_done = true;
	attach->code = code;
}

void attach_ask(struct attach *attach, bool is_forced)
{
	attach->wants_write = true;
	attach->is_asking = !client_ask(attach->client, is_forced);
}

/* words: why not. 0 or a negative errno. */
static int connect_to_server(struct attach *attach, bool is_forced, char words[FAILURE_SIZE])
{
	struct client_settings settings = attach->settings->client;
	struct client *client;
	int err;

	settings.window = terminal_window();
	settings.waiter = (struct waiter){ .wait = attach_wait_for_server, .context = attach };
	err = client_open(&settings, &client, words);
	if (err)
		return err;
	attach->client = client;
	attach->wait = 0;
	attach->may_write = attach->is_asking = false;
	client_window(attach->client, terminal_window());
	if (attach->wants_write)
		attach_ask(attach, is_forced);
	if (attach->escape.character == ESCAPE_NONE)
		terminal_say("attached to %s", attach->settings->target);
	else
		terminal_say("attached to %s: %s? for help, %s. to end", attach->settings->target, attach->escape_name,
			attach->escape_name);
	return 0;
}

/* The connection is gone: an end, or another attempt. */
static void lose(struct attach *attach, int code, const char *words)
{
	client_close(attach->client);
	attach->client = NULL;
	attach->may_write = attach->is_asking = false;
	if (!attach->settings->reconnects) {
		terminal_say("%s", words);
		attach_end(attach, code);
		return;
	}
	if (!attach->wait)
		terminal_say("%s: connecting again", words);
	attach->wait = clock_back_off(attach->wait, WAIT_FIRST, WAIT_LAST);
	attach->retry = clock_now() + attach->wait;
}

static void connect_again(struct attach *attach)
{
	char words[FAILURE_SIZE];

	if (connect_to_server(attach, false, words) && !attach->is_done)
		lose(attach, EXIT_ERROR, words);
}

static void show(struct attach *attach, const struct frame *frame)
{
	int err = 0;

	if (attach->log >= 0)
		err = file_write_all(attach->log, frame->payload, frame->size);
	if (err) {
		terminal_say("%s: %s: nothing more is written there", attach->settings->log, strerror(-err));
		close(attach->log);
		attach->log = -1;
	}
	err = terminal_write(STDOUT_FILENO, frame->payload, frame->size);
	if (!err)
		return;
	/* A reader of a pipe that has gone has enough. */
	if (err != -EPIPE)
		complain("standard output: %s", strerror(-err));
	attach_end(attach, err == -EPIPE ? EXIT_OK : EXIT_ERROR);
}

static void granted(struct attach *attach)
{
	if (!attach->may_write)
		terminal_say("you write");
	attach->may_write = true;
	attach->is_asking = false;
	client_window(attach->client, terminal_window());
}

/* Somebody else writes. */
static void not_granted(struct attach *attach, const struct frame *frame)
{
	char who[FRAME_TEXT_MOST + 1];
	bool was_taken = frame->type == FRAME_WRITE_TAKEN;

	frame_text(frame, who);
	attach->may_write = attach->is_asking = false;
	if (was_taken)
		attach->wants_write = false;
	if (attach->escape.character == ESCAPE_NONE)
		terminal_say(was_taken ? "%s has taken over: you watch" : "%s writes: you watch", who);
	else
		terminal_say(was_taken ? "%s has taken over: you watch; %sf takes it back" : "%s writes: you watch; %sf takes over", who,
			attach->escape_name);
}

static void take_frame(struct attach *attach, const struct frame *frame)
{
	char words[FRAME_TEXT_MOST + 1];

	switch (frame->type) {
	case FRAME_DATA:
		show(attach, frame);
		break;
	case FRAME_WRITE_GRANTED:
		granted(attach);
		break;
	case FRAME_WRITE_REFUSED:
	case FRAME_WRITE_TAKEN:
		not_granted(attach, frame);
		break;
	case FRAME_NOTICE:
		frame_text(frame, words);
		terminal_say("%s", words);
		break;
	case FRAME_END:
		frame_text(frame, words);
		lose(attach, EXIT_NO, *words ? words : "the server has ended it");
		break;
	default:
		break;
	}
}

static void attend_server(struct attach *attach)
{
	struct frame frame;
	int result = client_flush(attach->client), error = result;

	if (result == -EPIPE || result == -ECONNRESET)
		result = 0;
	for (int i = 0; i < FRAMES_A_TURN && !result; i++) {
		result = client_next(attach->client, &frame);
		if (result <= 0)
			break;
		take_frame(attach, &frame);
		if (!attach->client || attach->is_done)
			return;
		result = 0;
	}
	if (!result && error)
		result = error;
	if (result == -ENODATA)
		lose(attach, EXIT_ERROR, "the server is gone");
	else if (result == -EPROTO)
		lose(attach, EXIT_ERROR, "the server sent what is no frame");
	else if (result)
		lose(attach, EXIT_ERROR, strerror(-result));
}

static void loop(struct attach *attach)
{
	struct pollfd fds[2];

	while (!attach->is_done) {
		/* Frames may be here of which poll(2) does not know; what was typed is to be sent. */
		if (attach->client)
			attend_server(attach);
		else if (clock_now() >= attach->retry)
			connect_again(attach);
		if (attach->is_done || attach_wait(attach, fds))
			break;
		attach_attend_signals(attach);
		if (fds[0].revents && !attach->is_done)
			attach_read_input(attach);
	}
}

static int open_log(struct attach *attach)
{
	const char *name = attach->settings->log;

	attach->log = -1;
	if (!name)
		return EXIT_OK;
	attach->log = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0600);
	if (attach->log >= 0)
		return EXIT_OK;
	complain("%s: %s", name, strerror(errno));
	return EXIT_ERROR;
}

static void begin(struct attach *attach, const struct attach_settings *settings)
{
	*attach = (struct attach){
		.settings = settings,
		.escape = { .character = settings->escape },
		.wants_write = !settings->reads_only,
		.has_terminal = isatty(STDIN_FILENO),
	};
	/* A file may have any bytes. */
	if (!attach->has_terminal)
		attach->escape.character = ESCAPE_NONE;
	escape_print(attach->escape_name, attach->escape.character == ESCAPE_NONE ? '~' : attach->escape.character);
}

int attach_run(const struct attach_settings *settings)
{
	char words[FAILURE_SIZE];
	struct attach attach;

	begin(&attach, settings);
	if (open_log(&attach))
		return EXIT_ERROR;
	terminal_signals(&attach.mask);
	if (connect_to_server(&attach, settings->is_forced, words)) {
		if (!attach.is_done)
			complain("%s", words);
		attach.code = EXIT_ERROR;
	} else {
		attach.has_begun = true;
		if (attach.has_terminal)
			terminal_raw();
		loop(&attach);
	}
	client_close(attach.client);
	terminal_restore(true);
	if (attach.log >= 0)
		close(attach.log);
	if (terminal_end) {
		signal(terminal_end, SIG_DFL);
		raise(terminal_end);
		sigprocmask(SIG_SETMASK, &attach.mask, NULL);
	}
	return attach.code;
}
