// SPDX-License-Identifier: GPL-2.0-or-later
#include "tracker.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "boot.h"
#include "tracker_parts.h"

int tracker_open(const struct tracker_settings *settings, const struct tracker_sink *sink, struct tracker **tracker)
{
	struct tracker *new = calloc(1, sizeof(*new));

	if (!new || hosts_open(settings->hosts_max, &new->hosts)) {
		free(new);
		return -ENOMEM;
	}
	new->settings = *settings;
	new->sink = *sink;
	LIST_INIT(&new->waiting);
	TAILQ_INIT(&new->pending[0]);
	TAILQ_INIT(&new->pending[1]);
	*tracker = new;
	return 0;
}

static void say(struct tracker *tracker, const struct host *host, enum happening what, __u64 first, __u64 last)
{
	const struct happened happened = {
		.what = what,
		.source = host->source,
		.when = tracker->time.calendar,
		.first = first,
		.last = last,
	};

	tracker->sink.happened(tracker->sink.context, &happened);
}

static void say_lost(struct tracker *tracker, const struct host *host, const struct sequence_gap *gap)
{
	if (gap->first > gap->last)
		return;
	count(&tracker->counts.lost, gap->last - gap->first + 1);
	say(tracker, host, HAPPENED_LOST, gap->first, gap->last);
}

static void lose_gaps(struct tracker *tracker, struct host *host, __u64 before)
{
	struct sequence_gap gap;

	while (sequences_lose(&host->sequences, before, &gap))
		say_lost(tracker, host, &gap);
}

void tracker_wait(struct tracker *tracker, struct host *host)
{
	if (host->is_waiting)
		return;
	host->is_waiting = true;
	LIST_INSERT_HEAD(&tracker->waiting, host, waiting);
}

/* --- whole messages */

void tracker_give_on(struct tracker *tracker, const struct received *received)
{
	count(&tracker->counts.messages, 1 + received->joined);
	count(&tracker->counts.basic, !received->message.is_extended);
	count(&tracker->counts.torn, received->is_torn);
	tracker->sink.message(tracker->sink.context, received);
}

struct received tracker_received(const struct tracker *tracker, const struct host *host)
{
	return (struct received){ .source = host->source, .arrived = tracker->time.calendar };
}

static void give_on_held(struct tracker *tracker, struct host *host)
{
	struct held *held = host->held;

	if (!held)
		return;
	host->held = NULL;
	tracker->rest_memory -= held_memory(held);
	tracker_give_on(tracker, held_read(held));
	held_close(held);
}

/* The message is put behind what is held. false: it does not continue that, or there is no room. */
static bool join(struct tracker *tracker, struct host *host, const struct received *received)
{
	size_t before;

	if (!host->held || !held_continues(host->held, received))
		return false;
	before = held_memory(host->held);
	if (held_append(host->held, &received->message))
		return false;
	tracker->rest_memory += held_memory(host->held) - before;
	host->held_since = tracker->time.now;
	return true;
}

/* Gives it on, or, if continuations are joined, holds it back until it is known that none comes. */
static void hold(struct tracker *tracker, struct host *host, const struct received *received)
{
	bool is_room = tracker->pending_memory + tracker->rest_memory + received->message.body_size <= tracker->settings.memory_max;

	if (join(tracker, host, received))
		return;
	give_on_held(tracker, host);
	if (tracker->settings.join && !received->is_torn && is_room)
		host->held = held_open(received);
	if (!host->held) {
		tracker_give_on(tracker, received);
		return;
	}
	tracker->rest_memory += held_memory(host->held);
	host->held_since = tracker->time.now;
	tracker_wait(tracker, host);
}

/* Gives it on, unless its number has been seen. Of the present boot; boot_id: "": it has none. */
void tracker_take_numbered(struct tracker *tracker, struct host *host, struct received *received, const char *boot_id, __u64 heard)
{
	const struct netcon_message *message = &received->message;
	enum sequence_place place;
	struct sequence_gap given_up;

	if (sequences_add(&host->sequences, message->sequence, tracker->time.now, &place, &given_up)) {
		/* It is given on all the same; only its place is not kept. */
		count(&tracker->counts.short_of_memory, 1);
		place = SEQUENCE_NEWEST;
		given_up = (struct sequence_gap){ 1, 0 };
	}
	if (place == SEQUENCE_SEEN) {
		count(&tracker->counts.duplicates, 1);
		return;
	}
	boot_note(host, message, boot_id, place == SEQUENCE_NEWEST, heard);
	say_lost(tracker, host, &given_up);
	if (place == SEQUENCE_FOUND) {
		count(&tracker->counts.found, 1);
		say(tracker, host, HAPPENED_FOUND, message->sequence, message->sequence);
	}
	received->is_late = place != SEQUENCE_NEWEST;
	count(&tracker->counts.late, received->is_late);
	if (sequences_are_waiting(&host->sequences))
		tracker_wait(tracker, host);
	received->boot_id = *host->boot_id ? host->boot_id : NULL;
	hold(tracker, host, received);
}

/* --- boots */

/* What has not come of the former boot will not: a host that has booted sends none of it any more. */
static void begin_boot(struct tracker *tracker, struct host *host, const struct netcon_message *message, __u64 heard)
{
	__u64 highest;
	struct pending *pending, *next;

	for (pending = TAILQ_FIRST(&host->pending); pending; pending = next) {
		next = TAILQ_NEXT(pending, of_host);
		if (boot_is_former(host, &pending->assembly.header, pending->begun, message, heard))
			pieces_finish(tracker, pending, true);
	}
	give_on_held(tracker, host);
	lose_gaps(tracker, host, ~0ULL);
	highest = sequences_highest(&host->sequences);
	sequences_free(&host->sequences);
	boot_forget(host);
	count(&tracker->counts.restarts, 1);
	say(tracker, host, HAPPENED_RESTART, message->sequence, highest);
}

/* An extended message, whole or torn; heard: milliseconds, when its first piece came. */
void tracker_take_extended(struct tracker *tracker, struct host *host, struct received *received, __u64 heard)
{
	char boot_id[BOOT_ID_ROOM];

	boot_id_of(&received->message, boot_id);
	/* What is torn may have had an id where a piece is missing. */
	if ((*boot_id || !received->is_torn) && boot_is_new(host, &received->message, boot_id, heard))
		begin_boot(tracker, host, &received->message, heard);
	tracker_take_numbered(tracker, host, received, boot_id, heard);
}

/* --- hosts and time */

static void give_up_host(struct tracker *tracker, struct host *host)
{
	while (!TAILQ_EMPTY(&host->pending))
		pieces_finish(tracker, TAILQ_FIRST(&host->pending), false);
	basic_give_on_rest(tracker, host);
	give_on_held(tracker, host);
	lose_gaps(tracker, host, ~0ULL);
}

static void forget(struct tracker *tracker, struct host *host)
{
	give_up_host(tracker, host);
	count(&tracker->counts.forgotten_hosts, 1);
	say(tracker, host, HAPPENED_FORGOTTEN, 0, 0);
	hosts_remove(tracker->hosts, host);
}

static struct host *host_of(struct tracker *tracker, const struct netcon_source *source, __u64 sequence)
{
	struct host *host = hosts_find(tracker->hosts, source);

	if (host)
		return host;
	if (hosts_are_full(tracker->hosts))
		forget(tracker, hosts_least(tracker->hosts));
	host = hosts_add(tracker->hosts, source, tracker->time.now);
	if (!host)
		return NULL;
	count(&tracker->counts.new_hosts, 1);
	say(tracker, host, HAPPENED_NEW, sequence, 0);
	return host;
}

bool tracker_has_established(const struct tracker *tracker, const struct netcon_source *source)
{
	const struct host *host = hosts_find(tracker->hosts, source);

	return host && host->is_established;
}

static void update_counts(struct tracker *tracker)
{
	__atomic_store_n(&tracker->counts.hosts, hosts_count(tracker->hosts), __ATOMIC_RELAXED);
	__atomic_store_n(&tracker->counts.memory,
		hosts_memory(tracker->hosts) + tracker->pending_memory + tracker->rest_memory, __ATOMIC_RELAXED);
}

void tracker_take(struct tracker *tracker, const struct netcon_source *source, const char *bytes, size_t size,
	const struct tracker_time *time)
{
	struct received received;
	struct host *host;

	tracker->time = *time;
	count(&tracker->counts.datagrams, 1);
	count(&tracker->counts.bytes, size);
	netcon_parse(bytes, size, &received.message);
	host = host_of(tracker, source, received.message.sequence);
	if (!host) {
		count(&tracker->counts.short_of_memory, 1);
		return;
	}
	hosts_heard(tracker->hosts, host, time->now);
	if (received.message.is_fragment) {
		pieces_take(tracker, host, &received.message);
	} else if (received.message.is_extended) {
		const struct netcon_message message = received.message;

		received = tracker_received(tracker, host);
		received.message = message;
		tracker_take_extended(tracker, host, &received, time->now);
	} else {
		basic_take(tracker, host, bytes, size);
	}
	update_counts(tracker);
}

/* What of the host has waited too long. */
static void tick_host(struct tracker *tracker, struct host *host)
{
	__u64 now = tracker->time.now;

	basic_tick(tracker, host);
	if (host->held && now - host->held_since >= tracker->settings.join)
		give_on_held(tracker, host);
	if (now > tracker->settings.lose)
		lose_gaps(tracker, host, now - tracker->settings.lose);
	if (host->rest || host->held || sequences_are_waiting(&host->sequences))
		return;
	host->is_waiting = false;
	LIST_REMOVE(host, waiting);
}

void tracker_tick(struct tracker *tracker, const struct tracker_time *time)
{
	struct host *host, *next;

	tracker->time = *time;
	pieces_tick(tracker);
	for (host = LIST_FIRST(&tracker->waiting); host; host = next) {
		next = LIST_NEXT(host, waiting);
		tick_host(tracker, host);
	}
	while ((host = hosts_oldest(tracker->hosts)) && time->now - host->last_heard >= tracker->settings.forget)
		forget(tracker, host);
	update_counts(tracker);
}

void tracker_counts(const struct tracker *tracker, struct tracker_counts *counts)
{
	const __u64 *from = (const __u64 *)&tracker->counts;
	__u64 *to = (__u64 *)counts;

	for (size_t i = 0; i < sizeof(*counts) / sizeof(*to); i++)
		to[i] = __atomic_load_n(&from[i], __ATOMIC_RELAXED);
}

void tracker_give_up(struct tracker *tracker, const struct tracker_time *time)
{
	struct host *host;

	tracker->time = *time;
	while ((host = hosts_oldest(tracker->hosts))) {
		give_up_host(tracker, host);
		hosts_remove(tracker->hosts, host);
	}
	update_counts(tracker);
}

void tracker_close(struct tracker *tracker)
{
	struct host *host;

	if (!tracker)
		return;
	while ((host = hosts_oldest(tracker->hosts))) {
		pieces_drop(tracker, host);
		hosts_remove(tracker->hosts, host);
	}
	hosts_close(tracker->hosts);
	free(tracker);
}
