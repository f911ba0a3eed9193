// SPDX-License-Identifier: GPL-2.0-or-later
/* Waits: for the link, and for whatever may happen to it. */
#include <errno.h>
#include <poll.h>
#include <time.h>
#include "../../lib/time/clock.h"
#include "sender.h"
#include "socket.h"

/* How often the link is looked at, at most, while routes of whatever kind change; and the neighbour asked for. */
#define LOOK_INTERVAL (CLOCK_SECOND / 10)
#define ASK_INTERVAL CLOCK_SECOND
/* How often it is looked at while there is none: not all that leads to one is told, such as a rule of routing. */
#define LOOK_AGAIN (5 * CLOCK_SECOND)

static __u64 least(__u64 one, __u64 other)
{
	return one < other ? one : other;
}

static __u64 time_until(__u64 when, __u64 now)
{
	return when > now ? when - now : 0;
}

int sender_look(struct sender *sender, struct link_view *view)
{
	int err = link_look(sender->link, view);

	sender->look_time = clock_now();
	sender->is_look_due = false;
	if (err)
		sender->result->failed = SEND_LINK;
	return err;
}

/* Whether the link through which it sends is the one that has settled. */
static int check_link(struct sender *sender)
{
	struct link_view view;
	int err = sender_look(sender, &view);

	if (err || !link_was_lost(&sender->settle.view, &view))
		return err;
	return sender_interrupt(sender, 0);
}

static int take_news(struct sender *sender)
{
	struct link_news news;

	link_read_news(sender->link, &news);
	sender->is_look_due |= news.is_any;
	return news.is_loss && sender->phase == SENDER_SENDING ? sender_interrupt(sender, 0) : 0;
}

int sender_watch(struct sender *sender, __u64 wait, bool with_kmsg)
{
	struct pollfd polled[] = {
		{ .fd = sender->settings->stop_fd, .events = POLLIN },
		{ .fd = link_fd(sender->link), .events = POLLIN },
		{ .fd = with_kmsg ? sender->kmsg.fd : -1, .events = POLLIN },
		{ .fd = sender->phase == SENDER_SENDING ? sender->socket : -1 }, /* POLLERR */
	};
	__u64 look_end = sender->look_time + LOOK_INTERVAL;
	struct timespec time;
	int err = 0;

	if (sender->is_look_due)
		wait = least(wait, time_until(look_end, clock_now()));
	time = clock_timespec(wait);
	if (ppoll(polled, 4, wait == SETTLE_NEVER ? NULL : &time, NULL) < 0)
		return errno == EINTR ? 0 : -errno;
	if (polled[0].revents) {
		sender->phase = SENDER_DONE;
		return 0;
	}
	if (polled[1].revents)
		err = take_news(sender);
	if (!err && sender->phase == SENDER_SENDING && polled[3].revents)
		err = sender_take_error(sender);
	if (!err && sender->phase == SENDER_SENDING && sender->is_look_due && clock_now() >= look_end)
		err = check_link(sender);
	return err;
}

static void tell_waiting(struct sender *sender, enum settle_state state, __u64 now)
{
	if (state != sender->told_state)
		sender_tell(sender, (struct send_happening){ .what = SEND_WAITING, .state = state });
	sender->told_state = state;
	if (settle_lacks_link(&sender->settle, now) && !sender->lacks_link) {
		sender->lacks_link = true;
		sender_tell(sender, (struct send_happening){ .what = SEND_WITHOUT_LINK, .state = state });
	}
}

/* The wait is over. */
static int begin_sending(struct sender *sender, enum settle_state state)
{
	int err = 0;

	if (sender->socket < 0)
		err = send_socket_open(sender->settings, &sender->socket);
	/* The interface may go between two looks at it. */
	if (err == -ENODEV) {
		settle_begin(&sender->settle, clock_now());
		return 0;
	}
	if (err) {
		sender->result->failed = SEND_SOCKET;
		return err;
	}
	link_want_neighbours(sender->link, false);
	sender->is_refused = false;
	sender->failing = sender->told_failing = 0;
	sender->phase = SENDER_SENDING;
	sender_tell(sender, (struct send_happening){ .what = state == SETTLE_SETTLED ? SEND_SETTLED : SEND_UNSETTLED,
		.state = state == SETTLE_SETTLED ? state : sender->settle.given_up });
	return 0;
}

static bool is_over(enum settle_state state)
{
	return state == SETTLE_SETTLED || state == SETTLE_GIVEN_UP;
}

/* Without the right to ask the kernel, a datagram has the same effect. */
static void ask_neighbour(struct sender *sender)
{
	if (link_ask_neighbour(sender->link))
		socket_touch(sender->settings);
}

int sender_wait_for_link(struct sender *sender)
{
	struct link_view view;
	enum settle_state state;
	int err = sender_look(sender, &view);
	__u64 now = sender->look_time, wait;

	if (err)
		return err;
	state = settle_see(&sender->settle, now, &view);
	/* During the pause after an error. */
	if (is_over(state) && link_was_lost(&sender->settle.view, &view)) {
		settle_begin(&sender->settle, now);
		state = settle_see(&sender->settle, now, &view);
	}
	if (is_over(state) && now >= sender->pause_end)
		return begin_sending(sender, state);
	if (!is_over(state))
		tell_waiting(sender, state, now);
	if (sender->lacks_link && sender->settings->once) {
		sender->result->failed = SEND_LINK;
		return -ENETDOWN;
	}
	wait = least(is_over(state) ? sender->pause_end - now : settle_wait(&sender->settle, now), LOOK_AGAIN);
	if (state == SETTLE_UNANSWERED) {
		ask_neighbour(sender);
		wait = least(wait, ASK_INTERVAL);
	}
	do {
		err = sender_watch(sender, wait, false);
		wait = time_until(sender->look_time + LOOK_INTERVAL, clock_now());
	} while (!err && sender->phase == SENDER_WAITING && sender->is_look_due && wait);
	return err;
}
