// SPDX-License-Identifier: GPL-2.0-or-later
/* Opens what sending needs, goes from phase to phase, and closes it again. */
#include "send.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "../../lib/time/clock.h"
#include "sender.h"
#include "socket.h"

enum { BURST = 32 };

/* So long the kernel may take to notice that a neighbour is gone: it trusts one for up to 45 s, then asks for 8 s. */
#define UNREACHABLE_WINDOW (60 * CLOCK_SECOND)

static __u64 nanoseconds(double seconds)
{
	return (__u64)(seconds * 1e9);
}

void sender_tell(const struct sender *sender, struct send_happening happening)
{
	happening.interface = sender->link ? link_interface(sender->link) : "";
	if (sender->settings->happened)
		sender->settings->happened(&happening, sender->settings->context);
}

/* The place of an earlier run, if it is of this boot. */
static void take_place(struct sender *sender)
{
	struct place place;
	int err = place_read(sender->settings->state_path, &place);

	if (err && err != -ENOENT)
		sender_tell(sender, (struct send_happening){ .what = SEND_STATE_IGNORED, .err = err });
	if (err || strcmp(place.boot_id, sender->boot_id))
		return;
	sender->next = sender->start = sender->highest = place.next;
	sender->has_next = sender->is_from_file = place.next;
}

static struct place place_now(const struct sender *sender)
{
	struct place place = { .next = sender->next };

	memcpy(place.boot_id, sender->boot_id, sizeof(place.boot_id));
	return place;
}

/* It is written at once, so that a file that cannot be is known before anything is sent. */
static int open_place(struct sender *sender)
{
	struct place place;
	int err;

	if (!sender->settings->state_path)
		return 0;
	take_place(sender);
	place = place_now(sender);
	err = place_write(sender->settings->state_path, &place);
	return err ? err : place_keeper_start(sender->settings->state_path, &sender->keeper);
}

static int open_part(struct sender *sender, enum send_part part)
{
	switch (part) {
	case SEND_BOOT_ID:
		return boot_id_read(sender->boot_id);
	case SEND_KMSG:
		return kmsg_open(&sender->kmsg);
	case SEND_STATE:
		return open_place(sender);
	case SEND_LINK:
		return link_open(&sender->settings->receiver, sender->settings->interface, &sender->link);
	case SEND_SOCKET:
		return send_socket_open(sender->settings, &sender->socket);
	case SEND_NO_PART:
		break;
	}
	return 0;
}

static __u64 longer(__u64 one, __u64 other)
{
	return one > other ? one : other;
}

static struct sender *new_sender(const struct send_settings *settings, struct send_result *result)
{
	struct sender *sender = calloc(1, sizeof(*sender));
	struct utsname system;

	if (!sender)
		return NULL;
	sender->settings = settings;
	sender->result = result;
	sender->kmsg.fd = sender->socket = -1;
	sender->settle.min = nanoseconds(settings->settle_min);
	sender->settle.max = nanoseconds(settings->settle_max);
	sender->resend.window = longer(nanoseconds(settings->resend), UNREACHABLE_WINDOW);
	pace_set(&sender->pace, settings->rate, BURST);
	if (!uname(&system) && !settings->without_release)
		memcpy(sender->release, system.release, sizeof(sender->release));
	return sender;
}

static int open_parts(struct sender *sender)
{
	int err = 0;

	for (enum send_part part = SEND_BOOT_ID; !err && part <= SEND_SOCKET; part++) {
		err = open_part(sender, part);
		if (err)
			sender->result->failed = part;
	}
	return err;
}

static void begin_waiting(struct sender *sender)
{
	sender->phase = SENDER_WAITING;
	sender->told_state = SETTLE_SETTLED;
	sender->lacks_link = false;
	link_want_neighbours(sender->link, true);
	settle_begin(&sender->settle, clock_now());
}

int sender_interrupt(struct sender *sender, int err)
{
	__u64 window = err ? sender->resend.window : nanoseconds(sender->settings->resend), from = sender->next;

	resend_from(&sender->resend, clock_now(), window, &from);
	resend_forget(&sender->resend);
	sender->next = from < sender->next ? from : sender->next;
	sender->result->interruptions++;
	sender_tell(sender, (struct send_happening){ .what = SEND_INTERRUPTED, .err = err });
	begin_waiting(sender);
	/* The kernel takes datagrams of an interface that is not there, and the errors of one that was may still come. */
	close(sender->socket);
	sender->socket = -1;
	if (err)
		sender->pause_end = clock_now() + CLOCK_SECOND / 2;
	return kmsg_rewind(&sender->kmsg);
}

/* Tells the keeper's thread where sending is, and the caller of the settings what the thread says. */
static void keep_place(struct sender *sender)
{
	struct place place = place_now(sender);
	int err;

	if (!sender->keeper || !sender->has_next)
		return;
	place_keeper_put(sender->keeper, &place);
	err = place_keeper_error(sender->keeper);
	if (err && err != sender->keeper_err)
		sender_tell(sender, (struct send_happening){ .what = SEND_STATE_NOT_WRITTEN, .err = err });
	sender->keeper_err = err;
}

static int run(struct sender *sender)
{
	__u64 kept = sender->next;
	int err = 0;

	sender_tell(sender, (struct send_happening){ .what = SEND_READY });
	begin_waiting(sender);
	while (!err && sender->phase != SENDER_DONE) {
		err = sender->phase == SENDER_WAITING ? sender_wait_for_link(sender) : sender_send_next(sender);
		if (sender->next != kept)
			keep_place(sender);
		kept = sender->next;
	}
	return err;
}

static int close_parts(struct sender *sender)
{
	int err = place_keeper_stop(sender->keeper);

	if (sender->socket >= 0)
		close(sender->socket);
	link_close(sender->link);
	kmsg_close(&sender->kmsg);
	free(sender);
	return err;
}

int send_records(const struct send_settings *settings, struct send_result *result)
{
	struct sender *sender;
	int err, state_err;

	*result = (struct send_result){ 0 };
	sender = new_sender(settings, result);
	if (!sender)
		return -ENOMEM;
	err = open_parts(sender);
	if (!err)
		err = run(sender);
	result->next = sender->next;
	state_err = close_parts(sender);
	if (!err && state_err)
		result->failed = SEND_STATE;
	return err ? err : state_err;
}
