// SPDX-License-Identifier: GPL-2.0-or-later
/* Waiting for the server, the terminal and signals. */
#include <errno.h>
#include <unistd.h>
#include "../../lib/time/clock.h"
#include "attach_state.h"
#include "cli.h"
#include "screen_terminal.h"

/* Of a file nothing is read that would go nowhere. */
static bool wants_input(const struct attach *attach)
{
	if (attach->input_has_ended)
		return false;
	if (!attach->client)
		return attach->has_terminal;
	return (attach->has_terminal || attach->may_write) && client_room(attach->client) >= ATTACH_INPUT_ROOM;
}

void attach_attend_signals(struct attach *attach)
{
	if (terminal_end)
		attach_end(attach, EXIT_OK);
	if (terminal_continued) {
		terminal_continued = 0;
		terminal_resized = 1;
		if (attach->has_terminal)
			terminal_raw();
	}
	if (!terminal_resized)
		return;
	terminal_resized = 0;
	if (attach->client)
		client_window(attach->client, terminal_window());
}

int attach_wait_for_server(void *context, int fd, short events, unsigned long long deadline)
{
	struct attach *attach = context;
	__u64 now;

	while ((now = clock_now()) < deadline) {
		struct pollfd fds[] = {
			{ .fd = attach->has_begun && wants_input(attach) ? STDIN_FILENO : -1, .events = POLLIN },
			{ .fd = fd, .events = events },
		};
		struct timespec timeout = clock_timespec(deadline - now);
		int count = ppoll(fds, 2, &timeout, &attach->mask);

		if (count < 0 && errno != EINTR)
			return -errno;
		attach_attend_signals(attach);
		if (count > 0 && fds[0].revents && !attach->is_done)
			attach_read_input(attach);
		if (attach->is_done)
			return -ECANCELED;
		if (count > 0 && fds[1].revents)
			return 0;
	}
	return -ETIMEDOUT;
}

int attach_wait(struct attach *attach, struct pollfd fds[2])
{
	__u64 now = clock_now(), left = attach->retry > now ? attach->retry - now : 0;
	struct timespec timeout = clock_timespec(left);

	fds[0] = (struct pollfd){ .fd = wants_input(attach) ? STDIN_FILENO : -1, .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = -1 };
	if (attach->client)
		fds[1] = (struct pollfd){ .fd = client_fd(attach->client), .events = client_events(attach->client) };
	if (ppoll(fds, 2, attach->client ? NULL : &timeout, &attach->mask) >= 0)
		return 0;
	fds[0].revents = fds[1].revents = 0;
	return errno == EINTR ? 0 : -errno;
}
