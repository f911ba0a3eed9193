// SPDX-License-Identifier: GPL-2.0-or-later
#include "tracker.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "boot.h"

/* What pending messages of one host may take, and how many there may be: more than its processors send at a time. */
#define HOST_MEMORY_MAX (4 * (size_t)NETCON_BODY_MAX)
#define HOST_PENDING_MAX 64

/* A line of basic messages that is longer is given on in parts. The kernel's have about a thousand bytes at most. */
#define REST_MAX 4096

/* Milliseconds after which the end of a basic line is no longer waited for. */
#define REST_WAITS 500

LIST_HEAD(waiting_list, host);

struct tracker {
	struct tracker_settings settings;
	struct tracker_sink sink;
	struct hosts *hosts;
	struct waiting_list waiting;
	/* Of all hosts, the oldest first: those that began while the host was on probation, and the others. */
	struct pending_list pending[2];
	size_t pending_memory, rest_memory; /* bytes, together at most memory_max; held messages are in the second */
	struct tracker_counts counts;
	struct tracker_time time; /* of the call */
};

/* This thread alone writes them, so the addition need not be one step. */
static void count(__u64 *counter, __u64 number)
{
	__atomic_store_n(counter, *counter + number, __ATOMIC_RELAXED);
}

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

static void wait_for(struct tracker *tracker, struct host *host)
{
	if (host->is_waiting)
		return;
	host->is_waiting = true;
	LIST_INSERT_HEAD(&tracker->waiting, host, waiting);
}

/* --- whole messages */

static void give_on(struct tracker *tracker, const struct received *received)
{
	count(&tracker->counts.messages, 1 + received->joined);
	count(&tracker->counts.basic, !received->message.is_extended);
	count(&tracker->counts.torn, received->is_torn);
	tracker->sink.message(tracker->sink.context, received);
}

static struct received received_of(const struct tracker *tracker, const struct host *host)
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
	give_on(tracker, held_read(held));
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
		give_on(tracker, received);
		return;
	}
	tracker->rest_memory += held_memory(host->held);
	host->held_since = tracker->time.now;
	wait_for(tracker, host);
}

/* Gives it on, unless its number has been seen. Of the present boot; boot_id: "": it has none. */
static void take_numbered(struct tracker *tracker, struct host *host, struct received *received, const char *boot_id, __u64 heard)
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
		wait_for(tracker, host);
	received->boot_id = *host->boot_id ? host->boot_id : NULL;
	hold(tracker, host, received);
}

/* --- pieces and boots */

static void take_extended(struct tracker *tracker, struct host *host, struct received *received, __u64 heard);

/* From here on it is the caller's alone. */
static void detach_pending(struct tracker *tracker, struct pending *pending)
{
	struct host *host = pending->host;

	TAILQ_REMOVE(&host->pending, pending, of_host);
	TAILQ_REMOVE(&tracker->pending[pending->was_established], pending, of_all);
	host->pending_count--;
	host->pending_memory -= pending->assembly.memory;
	tracker->pending_memory -= pending->assembly.memory;
}

static void free_pending(struct pending *pending)
{
	assembly_close(&pending->assembly);
	free(pending);
}

/* Gives it on, complete or torn. is_of_present: of the present boot; otherwise it may begin another. */
static void finish_pending(struct tracker *tracker, struct pending *pending, bool is_of_present)
{
	const struct assembly *assembly = &pending->assembly;
	struct received received = received_of(tracker, pending->host);
	char *body = malloc(assembly_room(assembly));

	detach_pending(tracker, pending);
	if (body) {
		assembly_read(assembly, body, &received.message);
		received.missing = assembly->header.total - assembly->have;
		received.is_torn = received.missing;
		if (is_of_present)
			take_numbered(tracker, pending->host, &received, "", pending->begun);
		else
			take_extended(tracker, pending->host, &received, pending->begun);
	} else {
		count(&tracker->counts.short_of_memory, 1);
	}
	free(body);
	free_pending(pending);
}

/* What has not come of the former boot will not: a host that has booted sends none of it any more. */
static void begin_boot(struct tracker *tracker, struct host *host, const struct netcon_message *message, __u64 heard)
{
	__u64 highest;
	struct pending *pending, *next;

	for (pending = TAILQ_FIRST(&host->pending); pending; pending = next) {
		next = TAILQ_NEXT(pending, of_host);
		if (boot_is_former(host, &pending->assembly.header, pending->begun, message, heard))
			finish_pending(tracker, pending, true);
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
static void take_extended(struct tracker *tracker, struct host *host, struct received *received, __u64 heard)
{
	char boot_id[BOOT_ID_ROOM];

	boot_id_of(&received->message, boot_id);
	/* What is torn may have had an id where a piece is missing. */
	if ((*boot_id || !received->is_torn) && boot_is_new(host, &received->message, boot_id, heard))
		begin_boot(tracker, host, &received->message, heard);
	take_numbered(tracker, host, received, boot_id, heard);
}

static struct pending *find_pending(const struct host *host, const struct netcon_message *message)
{
	struct pending *pending;

	TAILQ_FOREACH(pending, &host->pending, of_host)
		if (assembly_takes(&pending->assembly, message))
			break;
	return pending;
}

/*
 * Gives up the oldest until there is room: of this host, if it has too much; otherwise of hosts on probation before others, so
 * that who forges sources takes the place of the like.
 */
static void make_memory(struct tracker *tracker, const struct host *host)
{
	while (host->pending_memory > HOST_MEMORY_MAX || host->pending_count > HOST_PENDING_MAX)
		finish_pending(tracker, TAILQ_FIRST(&host->pending), false);
	while (tracker->pending_memory && tracker->pending_memory + tracker->rest_memory > tracker->settings.memory_max)
		finish_pending(tracker, TAILQ_FIRST(&tracker->pending[TAILQ_EMPTY(&tracker->pending[0])]), false);
}

static struct pending *add_pending(struct tracker *tracker, struct host *host, const struct netcon_message *message)
{
	struct pending *pending = calloc(1, sizeof(*pending));

	if (!pending || assembly_open(&pending->assembly, message)) {
		free(pending);
		return NULL;
	}
	pending->host = host;
	pending->begun = tracker->time.now;
	pending->was_established = host->is_established;
	TAILQ_INSERT_TAIL(&host->pending, pending, of_host);
	TAILQ_INSERT_TAIL(&tracker->pending[pending->was_established], pending, of_all);
	host->pending_count++;
	host->pending_memory += pending->assembly.memory;
	tracker->pending_memory += pending->assembly.memory;
	return pending;
}

static void take_piece(struct tracker *tracker, struct host *host, const struct netcon_message *message)
{
	struct pending *pending = find_pending(host, message);
	enum assembly_result result = ASSEMBLY_REPEATED;
	size_t before;
	int err;

	count(&tracker->counts.fragments, 1);
	if (!pending)
		pending = add_pending(tracker, host, message);
	if (!pending) {
		count(&tracker->counts.short_of_memory, 1);
		return;
	}
	before = pending->assembly.memory;
	err = assembly_add(&pending->assembly, message, &result);
	host->pending_memory += pending->assembly.memory - before;
	tracker->pending_memory += pending->assembly.memory - before;
	if (err)
		count(&tracker->counts.short_of_memory, 1);
	else if (result == ASSEMBLY_CONFLICT)
		count(&tracker->counts.conflicts, 1);
	else if (result == ASSEMBLY_COMPLETE)
		finish_pending(tracker, pending, false);
	make_memory(tracker, host);
}

/* --- basic messages: text in which lines end with a newline, cut wherever the kernel's buffer ended */

static void give_on_line(struct tracker *tracker, const struct host *host, const char *text, size_t size)
{
	struct received received = received_of(tracker, host);

	received.message.body = text;
	received.message.body_size = size;
	give_on(tracker, &received);
}

static void give_on_rest(struct tracker *tracker, struct host *host)
{
	if (host->rest)
		give_on_line(tracker, host, host->rest, host->rest_size);
	tracker->rest_memory -= host->rest_size;
	free(host->rest);
	host->rest = NULL;
	host->rest_size = 0;
}

/* What has no end yet is kept, behind what was kept before, if there is room. */
static void keep_rest(struct tracker *tracker, struct host *host, const char *text, size_t size)
{
	bool is_room = host->rest_size + size <= REST_MAX &&
		tracker->pending_memory + tracker->rest_memory + size <= tracker->settings.memory_max;
	char *rest = size && is_room ? realloc(host->rest, host->rest_size + size) : NULL;

	if (!rest) {
		give_on_rest(tracker, host);
		if (size)
			give_on_line(tracker, host, text, size);
		return;
	}
	memcpy(rest + host->rest_size, text, size);
	host->rest = rest;
	host->rest_size += size;
	tracker->rest_memory += size;
	host->rest_begun = tracker->time.now;
	wait_for(tracker, host);
}

static void take_basic(struct tracker *tracker, struct host *host, const char *text, size_t size)
{
	while (size) {
		const char *newline = memchr(text, '\n', size);
		size_t length = newline ? (size_t)(newline - text) : size;

		if (!newline || host->rest)
			keep_rest(tracker, host, text, length);
		else
			give_on_line(tracker, host, text, length);
		if (!newline)
			return;
		give_on_rest(tracker, host);
		text += length + 1;
		size -= length + 1;
	}
}

/* --- hosts and time */

static void give_up_host(struct tracker *tracker, struct host *host)
{
	while (!TAILQ_EMPTY(&host->pending))
		finish_pending(tracker, TAILQ_FIRST(&host->pending), false);
	give_on_rest(tracker, host);
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
	__atomic_store_n(&tracker->counts.memory, hosts_memory(tracker->hosts) + tracker->pending_memory + tracker->rest_memory, __ATOMIC_RELAXED);
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
		take_piece(tracker, host, &received.message);
	} else if (received.message.is_extended) {
		const struct netcon_message message = received.message;

		received = received_of(tracker, host);
		received.message = message;
		take_extended(tracker, host, &received, time->now);
	} else {
		take_basic(tracker, host, bytes, size);
	}
	update_counts(tracker);
}

/* What of the host has waited too long. */
static void tick_host(struct tracker *tracker, struct host *host)
{
	__u64 now = tracker->time.now;

	if (host->rest && now - host->rest_begun >= REST_WAITS)
		give_on_rest(tracker, host);
	if (host->held && now - host->held_since >= tracker->settings.join)
		give_on_held(tracker, host);
	if (now > tracker->settings.lose)
		lose_gaps(tracker, host, now - tracker->settings.lose);
	if (host->rest || host->held || sequences_are_waiting(&host->sequences))
		return;
	host->is_waiting = false;
	LIST_REMOVE(host, waiting);
}

static void tick_pending(struct tracker *tracker, struct pending_list *list)
{
	struct pending *pending;

	while ((pending = TAILQ_FIRST(list)) && tracker->time.now - pending->begun >= tracker->settings.assemble)
		finish_pending(tracker, pending, false);
}

void tracker_tick(struct tracker *tracker, const struct tracker_time *time)
{
	struct host *host, *next;

	tracker->time = *time;
	tick_pending(tracker, &tracker->pending[0]);
	tick_pending(tracker, &tracker->pending[1]);
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
		while (!TAILQ_EMPTY(&host->pending)) {
			struct pending *pending = TAILQ_FIRST(&host->pending);

			detach_pending(tracker, pending);
			free_pending(pending);
		}
		hosts_remove(tracker->hosts, host);
	}
	hosts_close(tracker->hosts);
	free(tracker);
}
