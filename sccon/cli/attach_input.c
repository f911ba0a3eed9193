// SPDX-License-Identifier: GPL-2.0-or-later
/* What is typed, and the escapes in it. */
#include <errno.h>
#include <unistd.h>
#include "../../lib/time/clock.h"
#include "attach_state.h"
#include "cli.h"
#include "screen_terminal.h"

/* How often who only watches is told that nothing is sent. */
#define SAY_AGAIN (2 * CLOCK_SECOND)

static void help(const struct attach *attach)
{
	const char *name = attach->escape_name;

	terminal_say("%s. ends, %sb sends a break, %sw asks to write, %sf takes over, %sr lets others write, %s^Z suspends, %s? is this, "
		     "%s%s sends %s; each at the beginning of a line", name, name, name, name, name, name, name, name, name, name);
}

static void act(struct attach *attach, enum escape_action action)
{
	if (action == ESCAPE_END)
		attach_end(attach, EXIT_OK);
	else if (action == ESCAPE_HELP)
		help(attach);
	else if (action == ESCAPE_SUSPEND)
		terminal_suspend();
	else if (action && !attach->client)
		terminal_say("there is no connection");
	else if (action == ESCAPE_BREAK)
		client_send(attach->client, FRAME_BREAK, NULL, 0);
	else if (action == ESCAPE_ASK || action == ESCAPE_FORCE)
		attach_ask(attach, action == ESCAPE_FORCE);
	if (action != ESCAPE_RELEASE || !attach->client)
		return;
	client_send(attach->client, FRAME_WRITE_RELEASE, NULL, 0);
	attach->may_write = attach->wants_write = false;
	terminal_say("you watch");
}

static void send_typed(struct attach *attach, const char *bytes, size_t size)
{
	if (!size)
		return;
	if (attach->client && (attach->may_write || attach->is_asking)) {
		client_send(attach->client, FRAME_DATA, bytes, size);
		return;
	}
	if (clock_now() < attach->told + SAY_AGAIN)
		return;
	attach->told = clock_now();
	if (!attach->client)
		terminal_say("there is no connection: what you type goes nowhere");
	else
		terminal_say("you watch: what you type goes nowhere; %sw asks to write", attach->escape_name);
}

void attach_read_input(struct attach *attach)
{
	char in[ATTACH_CHUNK], out[2 * ATTACH_CHUNK];
	ssize_t count = read(STDIN_FILENO, in, sizeof(in));

	if (count < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (count <= 0) {
		attach->input_has_ended = true;
		/* A terminal that is gone; a file that has ended lets who started this go on watching. */
		if (attach->has_terminal)
			attach_end(attach, EXIT_OK);
		return;
	}
	for (size_t at = 0; at < (size_t)count && !attach->is_done;) {
		enum escape_action action;
		size_t size;

		at += escape_take(&attach->escape, in + at, (size_t)count - at, out, &size, &action);
		send_typed(attach, out, size);
		act(attach, action);
	}
}
