// SPDX-License-Identifier: GPL-2.0-or-later
/* Sends record after record. */
#include <errno.h>
#include <string.h>
#include "../../lib/time/clock.h"
#include "sender.h"
#include "socket.h"

/* How long a full queue is left alone. */
#define BUSY_PAUSE (CLOCK_SECOND / 20)

/* And how long it is not tried again what has failed twice. */
#define FAILURE_PAUSE (CLOCK_SECOND / 2)

static int fail(struct sender *sender, enum send_part part, int err)
{
	sender->result->failed = part;
	return err;
}

static void tell_refused(struct sender *sender)
{
	if (!sender->is_refused)
		sender_tell(sender, (struct send_happening){ .what = SEND_REFUSED });
	sender->is_refused = true;
}

/* It was given up to wait for the neighbour, and it still does not answer. */
static bool lacks_neighbour(const struct sender *sender, const struct link_view *view)
{
	return sender->settle.state == SETTLE_GIVEN_UP && view->needs_neighbour && !view->neighbour_answers;
}

/* With once: nothing has arrived, and the place is the one of the beginning. */
static int give_up(struct sender *sender, int err)
{
	sender->next = sender->start;
	return fail(sender, SEND_LINK, err);
}

/*
 * Sending has failed, or what was sent before did not arrive. Is the link to blame? If not, it is a firewall or a
 * router that says so, or somebody who pretends to be one: their word must not make it send the same for ever.
 */
static int take_failure(struct sender *sender, int err)
{
	struct link_view view;
	int look_err = sender_look(sender, &view);

	if (look_err)
		return look_err;
	if (sender->settings->once && lacks_neighbour(sender, &view))
		return give_up(sender, -EHOSTUNREACH);
	if (link_was_lost(&sender->settle.view, &view) || (view.needs_neighbour && !view.neighbour_answers))
		return sender_interrupt(sender, err);
	if (sender->failing)
		sender->pause_end = clock_now() + FAILURE_PAUSE;
	if (err != sender->told_failing)
		sender_tell(sender, (struct send_happening){ .what = SEND_FAILING, .err = err });
	sender->failing = sender->told_failing = err;
	return 0;
}

int sender_take_error(struct sender *sender)
{
	int err = socket_take_error(sender->socket);

	switch (socket_outcome_of(-err)) {
	case SOCKET_REFUSED:
		if (err == -ECONNREFUSED)
			tell_refused(sender);
		return 0;
	case SOCKET_LOST:
		return take_failure(sender, err);
	case SOCKET_SENT:
	case SOCKET_BUSY:
	case SOCKET_FAILED:
		break;
	}
	return 0;
}

/* One try; *is_sent: it succeeded. */
static int try_datagram(struct sender *sender, const char *bytes, size_t size, bool *is_sent)
{
	int err;

	switch (socket_send(sender->socket, &sender->settings->receiver, bytes, size, &err)) {
	case SOCKET_SENT:
		pace_take(&sender->pace, clock_now());
		sender->result->datagrams++;
		sender->failing = 0;
		*is_sent = true;
		return 0;
	case SOCKET_REFUSED:
		if (err == -ECONNREFUSED)
			tell_refused(sender);
		return 0;
	case SOCKET_BUSY:
		sender->pause_end = clock_now() + BUSY_PAUSE;
		return 0;
	case SOCKET_LOST:
		return take_failure(sender, err);
	case SOCKET_FAILED:
		break;
	}
	return fail(sender, SEND_SOCKET, err);
}

/* Not sent where the phase is another one afterwards. */
static int send_datagram(struct sender *sender, const char *bytes, size_t size)
{
	bool is_sent = false;
	int err = 0;

	while (!err && !is_sent && sender->phase == SENDER_SENDING) {
		__u64 now = clock_now(), wait = pace_wait(&sender->pace, now);

		if (sender->pause_end > now + wait)
			wait = sender->pause_end - now;
		err = sender_watch(sender, wait, false);
		if (!err && !wait && sender->phase == SENDER_SENDING)
			err = try_datagram(sender, bytes, size, &is_sent);
	}
	return err;
}

static int send_message(struct sender *sender, const struct netcon_message *message)
{
	char bytes[SEND_MTU_MAX];
	size_t room = socket_datagram_size(sender->settings), offset = 0;
	int err = 0;

	do {
		size_t size = netcon_format(message, &offset, bytes, room);

		if (!size)
			return fail(sender, SEND_SOCKET, -EMSGSIZE);
		err = send_datagram(sender, bytes, size);
	} while (!err && sender->phase == SENDER_SENDING && offset < message->body_size);
	return err;
}

static void note_sent(struct sender *sender, __u64 sequence)
{
	resend_note(&sender->resend, clock_now(), sequence);
	sender->result->messages++;
	if (sequence < sender->highest)
		sender->result->repeated++;
	sender->next = sequence + 1;
	if (sender->next > sender->highest)
		sender->highest = sender->next;
}

/* Records between the one that was wanted and this one are gone. */
static void note_gap(struct sender *sender, __u64 sequence)
{
	__u64 count = sender->has_next ? sequence - sender->next : 0;

	sender->next = sequence;
	sender->has_next = true;
	if (!count)
		return;
	sender->result->overwritten += count;
	sender_tell(sender, (struct send_happening){ .what = SEND_OVERWRITTEN, .count = count });
}

static int send_record(struct sender *sender, struct netcon_message *message)
{
	__u64 sequence = message->sequence, until = sender->settings->until;
	int err;

	sender->is_from_file &= sequence + 1 < sender->next;
	if (sender->has_next && sequence < sender->next)
		return 0;
	note_gap(sender, sequence < until ? sequence : until);
	if (sequence >= until)
		return 0;
	message->release = sender->release;
	message->release_size = strlen(sender->release);
	err = kmsg_add(&sender->kmsg, message, "netcon_boot_id", sender->boot_id);
	if (err)
		return fail(sender, SEND_KMSG, err);
	err = send_message(sender, message);
	if (!err && sender->phase == SENDER_SENDING)
		note_sent(sender, sequence);
	return err;
}

/* The kernel has been read to its end, and the file's place is behind it. */
static int leave_place(struct sender *sender)
{
	sender->is_from_file = sender->has_next = false;
	sender->next = sender->highest = 0;
	sender_tell(sender, (struct send_happening){ .what = SEND_STATE_IGNORED, .err = -ERANGE });
	return kmsg_rewind(&sender->kmsg);
}

/* With once: whether all that was sent can have arrived. */
static int finish(struct sender *sender)
{
	struct link_view view;
	int err;

	sender->phase = SENDER_DONE;
	err = sender_look(sender, &view);
	if (err)
		return err;
	return lacks_neighbour(sender, &view) ? give_up(sender, -EHOSTUNREACH) : 0;
}

static int wait_for_record(struct sender *sender)
{
	if (sender->is_from_file)
		return leave_place(sender);
	if (sender->settings->once)
		return finish(sender);
	return sender_watch(sender, SETTLE_NEVER, true);
}

int sender_send_next(struct sender *sender)
{
	struct netcon_message message;
	int err;

	if (sender->has_next && !sender->is_from_file && sender->next >= sender->settings->until) {
		sender->phase = SENDER_DONE;
		return 0;
	}
	err = kmsg_read(&sender->kmsg, &message);
	switch (err) {
	case 0:
		return send_record(sender, &message);
	case -EAGAIN:
		return wait_for_record(sender);
	case -EPIPE: /* the gap shows in the next record's number */
		return 0;
	case -EBADMSG:
		sender->result->skipped++;
		return 0;
	}
	return fail(sender, SEND_KMSG, err);
}
