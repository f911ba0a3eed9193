// SPDX-License-Identifier: GPL-2.0-or-later
#include "receiver.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include "../../lib/time/clock.h"
#include "sockets.h"

/* Datagrams that one system call takes, and how often, at least, what waits is looked at. */
enum { BATCH = 64, TICK_MS = 100 };

/*
 * A thread that has emptied its sockets twice within twice as many milliseconds lets datagrams come for so many before it
 * waits for them one by one: to be woken costs more than a datagram does.
 */
#define GATHER_MS 4

/* What a socket must have room for, so that none is lost meanwhile: 8,000 datagrams, as the kernel accounts for them. */
#define GATHER_BUFFER (8 << 20)

/* The longest datagram of IP. */
#define DATAGRAM_MAX 65536

struct worker {
	struct receiver *receiver;
	pthread_t thread;
	bool is_running;
	bool can_gather; /* its sockets have room for it */
	struct pollfd polls[RECEIVER_ENDPOINTS_MAX + 1]; /* sockets, and at the end what says stop */
	__u32 dropped_before[RECEIVER_ENDPOINTS_MAX]; /* as the sockets count */
	struct tracker *tracker;
	__u64 refused, dropped;
	char *bytes; /* BATCH * DATAGRAM_MAX */
	unsigned int used; /* headers that are to be prepared anew */
	__u64 emptied; /* milliseconds: when its sockets last were, after there was something in them */
	struct mmsghdr headers[BATCH];
	struct iovec places[BATCH];
	struct sockaddr_storage addresses[BATCH];
};

struct receiver {
	struct receiver_settings settings;
	int stop; /* an eventfd */
	__u64 messages;
	struct receiver_counts ended; /* of workers that are closed */
	struct worker *workers;
};

static void count(__u64 *counter, __u64 number)
{
	__atomic_store_n(counter, *counter + number, __ATOMIC_RELAXED);
}

static void take_message(void *context, const struct received *received)
{
	struct receiver *receiver = context;
	__u64 number = __atomic_add_fetch(&receiver->messages, 1, __ATOMIC_RELAXED);

	if (!receiver->settings.messages_max || number <= receiver->settings.messages_max)
		output_set_put(receiver->settings.outputs, received);
}

static void take_happened(void *context, const struct happened *happened)
{
	struct receiver *receiver = context;

	if (!receiver_is_done(receiver))
		output_set_happened(receiver->settings.outputs, happened);
}

bool receiver_is_done(const struct receiver *receiver)
{
	return receiver->settings.messages_max &&
		__atomic_load_n(&receiver->messages, __ATOMIC_RELAXED) >= receiver->settings.messages_max;
}

static void read_time(struct tracker_time *time)
{
	clock_gettime(CLOCK_REALTIME, &time->calendar);
	time->now = clock_now() / CLOCK_MILLISECOND + 1;
}

static void say_dropped(struct worker *worker, __u32 number, const struct tracker_time *time)
{
	const struct happened happened = { .what = HAPPENED_DROPPED, .when = time->calendar, .first = number };

	if (!number)
		return;
	count(&worker->dropped, number);
	take_happened(worker->receiver, &happened);
}

/* What each socket had no room for since the last time. The kernel counts in 32 bits, which may begin anew. */
static void note_drops(struct worker *worker, const struct tracker_time *time)
{
	for (unsigned int i = 0; i < worker->receiver->settings.endpoint_count; i++) {
		__u32 dropped = socket_drops(worker->polls[i].fd);

		say_dropped(worker, dropped - worker->dropped_before[i], time);
		worker->dropped_before[i] = dropped;
	}
}

/*
 * is_full: the socket that it came by is about to drop datagrams of whomever. Those of hosts that are not established are dropped
 * then: a flood of forged sources must not take the room that the hosts need. false: it was dropped.
 */
static bool take(struct worker *worker, unsigned int number, bool is_full, const struct tracker_time *time)
{
	struct netcon_source source;

	source_of(&worker->addresses[number], &source);
	if (!allowed_has(worker->receiver->settings.allowed, &source.address))
		count(&worker->refused, 1);
	else if (is_full && !tracker_has_established(worker->tracker, &source))
		return false;
	else
		tracker_take(worker->tracker, &source, worker->places[number].iov_base, worker->headers[number].msg_len, time);
	return true;
}

static void prepare(struct worker *worker)
{
	for (unsigned int i = 0; i < worker->used; i++) {
		worker->places[i] = (struct iovec){ worker->bytes + (size_t)i * DATAGRAM_MAX, DATAGRAM_MAX };
		worker->headers[i].msg_hdr = (struct msghdr){
			.msg_name = &worker->addresses[i],
			.msg_namelen = sizeof(worker->addresses[i]),
			.msg_iov = &worker->places[i],
			.msg_iovlen = 1,
		};
	}
	worker->used = 0;
}

/* One batch: how many datagrams there were. */
static unsigned int receive(struct worker *worker, unsigned int socket)
{
	struct tracker_time time;
	__u32 not_taken = 0;
	bool is_full;
	int received;

	prepare(worker);
	received = recvmmsg(worker->polls[socket].fd, worker->headers, BATCH, MSG_DONTWAIT, NULL);
	if (received <= 0)
		return 0;
	worker->used = (unsigned int)received;
	read_time(&time);
	is_full = received == BATCH && socket_is_full(worker->polls[socket].fd);
	for (unsigned int i = 0; i < worker->used; i++)
		not_taken += !take(worker, i, is_full, &time);
	say_dropped(worker, not_taken, &time);
	return worker->used;
}

/* Until there is more to receive, a tick is due, or the end is said. most: of a socket's last batch. */
static void wait_for_more(struct worker *worker, unsigned int most, __u64 now)
{
	const struct timespec gather = { .tv_nsec = GATHER_MS * 1000000 };
	bool is_busy = most == BATCH;

	if (most && !is_busy) {
		is_busy = worker->can_gather && now - worker->emptied <= 2 * GATHER_MS;
		worker->emptied = now;
		if (is_busy)
			nanosleep(&gather, NULL);
	}
	poll(worker->polls, worker->receiver->settings.endpoint_count + 1, is_busy ? 0 : TICK_MS);
}

static void *work(void *context)
{
	struct worker *worker = context;
	const struct receiver_settings *settings = &worker->receiver->settings;
	struct tracker_time time, ticked = { .now = 0 };
	struct pollfd *stop = &worker->polls[settings->endpoint_count];

	while (!stop->revents) {
		unsigned int most = 0;

		for (unsigned int i = 0; i < settings->endpoint_count; i++) {
			unsigned int received = receive(worker, i);

			most = received > most ? received : most;
		}
		read_time(&time);
		if (time.now - ticked.now >= TICK_MS) {
			tracker_tick(worker->tracker, &time);
			note_drops(worker, &time);
			ticked = time;
		}
		output_set_flush(settings->outputs);
		wait_for_more(worker, most, time.now);
	}
	/* What had come before the end was said. */
	for (unsigned int i = 0; i < settings->endpoint_count; i++)
		for (unsigned int batches = 0; batches < 1024 && receive(worker, i) == BATCH; batches++)
			;
	read_time(&time);
	note_drops(worker, &time);
	return NULL;
}

static int look_for_others(const struct receiver_settings *settings, const char **what)
{
	for (unsigned int i = 0; i < settings->endpoint_count; i++) {
		int err = socket_is_free(&settings->endpoints[i]);

		*what = settings->endpoints[i].host;
		if (err)
			return err;
	}
	*what = NULL;
	return 0;
}

static int open_sockets(struct worker *worker, const char **what)
{
	const struct receiver_settings *settings = &worker->receiver->settings;

	for (unsigned int i = 0; i < settings->endpoint_count; i++) {
		int err = socket_open(&settings->endpoints[i], settings->buffer, &worker->polls[i].fd);

		*what = settings->endpoints[i].host;
		if (err)
			return err;
		worker->can_gather = worker->can_gather && socket_buffer(worker->polls[i].fd) >= GATHER_BUFFER;
	}
	*what = NULL;
	return 0;
}

static int join_groups(struct worker *worker, const char **what)
{
	const struct receiver_settings *settings = &worker->receiver->settings;

	for (unsigned int i = 0; i < settings->group_count; i++) {
		int err = -EINVAL;

		*what = settings->groups[i];
		for (unsigned int j = 0; j < settings->endpoint_count && err; j++)
			err = socket_join(worker->polls[j].fd, settings->groups[i]);
		if (err)
			return err;
	}
	*what = NULL;
	return 0;
}

static int open_worker(struct receiver *receiver, struct worker *worker, const char **what)
{
	const struct tracker_sink sink = { receiver, take_message, take_happened };
	struct tracker_settings tracker = receiver->settings.tracker;
	int err;

	worker->receiver = receiver;
	worker->can_gather = true;
	worker->used = BATCH;
	for (unsigned int i = 0; i <= receiver->settings.endpoint_count; i++)
		worker->polls[i] = (struct pollfd){ .fd = -1, .events = POLLIN };
	worker->polls[receiver->settings.endpoint_count].fd = receiver->stop;
	tracker.hosts_max = tracker.hosts_max / receiver->settings.threads + 1;
	tracker.memory_max = tracker.memory_max / receiver->settings.threads + 1;
	worker->bytes = malloc((size_t)BATCH * DATAGRAM_MAX);
	if (!worker->bytes || tracker_open(&tracker, &sink, &worker->tracker))
		return -ENOMEM;
	err = open_sockets(worker, what);
	if (!err && worker == receiver->workers)
		err = join_groups(worker, what);
	return err;
}

int receiver_open(const struct receiver_settings *settings, struct receiver **receiver, const char **what)
{
	struct receiver *new = calloc(1, sizeof(*new));
	int err = 0;

	*what = NULL;
	if (!new)
		return -ENOMEM;
	new->settings = *settings;
	new->stop = eventfd(0, EFD_CLOEXEC);
	new->workers = calloc(settings->threads, sizeof(*new->workers));
	if (new->stop < 0 || !new->workers)
		err = -ENOMEM;
	else
		err = look_for_others(settings, what);
	for (unsigned int i = 0; i < settings->threads && !err; i++)
		err = open_worker(new, &new->workers[i], what);
	if (err)
		receiver_close(new);
	else
		*receiver = new;
	return err;
}

int receiver_start(struct receiver *receiver)
{
	for (unsigned int i = 0; i < receiver->settings.threads; i++) {
		int err = pthread_create(&receiver->workers[i].thread, NULL, work, &receiver->workers[i]);

		if (err)
			return -err;
		receiver->workers[i].is_running = true;
	}
	return 0;
}

static void add_counts(struct receiver_counts *sum, const struct worker *worker)
{
	struct tracker_counts counts;
	const __u64 *from = (const __u64 *)&counts;
	__u64 *to = (__u64 *)&sum->tracker;

	if (!worker->tracker)
		return;
	tracker_counts(worker->tracker, &counts);
	for (size_t i = 0; i < sizeof(counts) / sizeof(*from); i++)
		to[i] += from[i];
	sum->refused += __atomic_load_n(&worker->refused, __ATOMIC_RELAXED);
	sum->dropped += __atomic_load_n(&worker->dropped, __ATOMIC_RELAXED);
}

void receiver_counts(const struct receiver *receiver, struct receiver_counts *counts)
{
	*counts = receiver->ended;
	for (unsigned int i = 0; i < receiver->settings.threads; i++)
		add_counts(counts, &receiver->workers[i]);
}

/* All that waits in it is given on, and counted. */
static void end_tracker(struct receiver *receiver, struct worker *worker, const struct tracker_time *time)
{
	tracker_give_up(worker->tracker, time);
	add_counts(&receiver->ended, worker);
	tracker_close(worker->tracker);
	worker->tracker = NULL;
}

void receiver_stop(struct receiver *receiver)
{
	struct tracker_time time;

	if (eventfd_write(receiver->stop, 1))
		return;
	read_time(&time);
	for (unsigned int i = 0; i < receiver->settings.threads; i++) {
		struct worker *worker = &receiver->workers[i];

		if (worker->is_running)
			pthread_join(worker->thread, NULL);
		worker->is_running = false;
		end_tracker(receiver, worker, &time);
	}
	output_set_flush(receiver->settings.outputs);
}

void receiver_close(struct receiver *receiver)
{
	for (unsigned int i = 0; receiver->workers && i < receiver->settings.threads; i++) {
		struct worker *worker = &receiver->workers[i];

		for (unsigned int j = 0; worker->receiver && j < receiver->settings.endpoint_count; j++)
			if (worker->polls[j].fd >= 0)
				close(worker->polls[j].fd);
		tracker_close(worker->tracker);
		free(worker->bytes);
	}
	free(receiver->workers);
	if (receiver->stop >= 0)
		close(receiver->stop);
	free(receiver);
}
