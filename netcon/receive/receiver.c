// SPDX-License-Identifier: GPL-2.0-or-later
#include "receiver.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include "sockets.h"

/* Datagrams that one system call takes, and how often, at least, what waits is looked at. */
enum { BATCH = 64, TICK_MS = 100 };

/* The longest datagram of IP. */
#define DATAGRAM_MAX 65536

struct worker {
	struct receiver *receiver;
	pthread_t thread;
	bool is_running;
	struct pollfd polls[RECEIVER_ENDPOINTS_MAX + 1]; /* sockets, and at the end what says stop */
	__u32 dropped_before[RECEIVER_ENDPOINTS_MAX]; /* as the sockets count */
	struct tracker *tracker;
	__u64 refused, dropped;
	char *bytes; /* BATCH * DATAGRAM_MAX */
	struct mmsghdr headers[BATCH];
	struct iovec places[BATCH];
	struct sockaddr_storage addresses[BATCH];
	char controls[BATCH][CMSG_SPACE(sizeof(__u32))] __attribute__((aligned(__alignof__(struct cmsghdr))));
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
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &time->calendar);
	clock_gettime(CLOCK_MONOTONIC, &now);
	time->now = (__u64)now.tv_sec * 1000 + (__u64)now.tv_nsec / 1000000 + 1;
}

/* The socket says with each datagram how many it has had no room for, if there were any. */
static void note_drops(struct worker *worker, unsigned int socket, struct msghdr *header, const struct tracker_time *time)
{
	struct happened happened = { .what = HAPPENED_DROPPED, .when = time->calendar };

	for (struct cmsghdr *control = CMSG_FIRSTHDR(header); control; control = CMSG_NXTHDR(header, control)) {
		__u32 dropped;

		if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SO_RXQ_OVFL)
			continue;
		memcpy(&dropped, CMSG_DATA(control), sizeof(dropped));
		/* Of 32 bits, which may begin anew. */
		happened.first = (__u32)(dropped - worker->dropped_before[socket]);
		worker->dropped_before[socket] = dropped;
		if (!happened.first)
			continue;
		count(&worker->dropped, happened.first);
		take_happened(worker->receiver, &happened);
	}
}

static void prepare(struct worker *worker)
{
	for (unsigned int i = 0; i < BATCH; i++) {
		worker->places[i] = (struct iovec){ worker->bytes + (size_t)i * DATAGRAM_MAX, DATAGRAM_MAX };
		worker->headers[i].msg_hdr = (struct msghdr){
			.msg_name = &worker->addresses[i],
			.msg_namelen = sizeof(worker->addresses[i]),
			.msg_iov = &worker->places[i],
			.msg_iovlen = 1,
			.msg_control = worker->controls[i],
			.msg_controllen = sizeof(worker->controls[i]),
		};
	}
}

/* One batch; false: there was none. */
static bool receive(struct worker *worker, unsigned int socket)
{
	struct tracker_time time;
	int received;

	prepare(worker);
	received = recvmmsg(worker->polls[socket].fd, worker->headers, BATCH, MSG_DONTWAIT, NULL);
	if (received <= 0)
		return false;
	read_time(&time);
	for (int i = 0; i < received; i++) {
		struct netcon_source source;

		source_of(&worker->addresses[i], &source);
		note_drops(worker, socket, &worker->headers[i].msg_hdr, &time);
		if (allowed_has(worker->receiver->settings.allowed, &source.address))
			tracker_take(worker->tracker, &source, worker->places[i].iov_base, worker->headers[i].msg_len, &time);
		else
			count(&worker->refused, 1);
	}
	return received == BATCH;
}

static void *work(void *context)
{
	struct worker *worker = context;
	const struct receiver_settings *settings = &worker->receiver->settings;
	struct tracker_time time, ticked = { .now = 0 };
	struct pollfd *stop = &worker->polls[settings->endpoint_count];

	while (!stop->revents) {
		bool is_more = false;

		for (unsigned int i = 0; i < settings->endpoint_count; i++)
			is_more = receive(worker, i) || is_more;
		read_time(&time);
		if (time.now - ticked.now >= TICK_MS) {
			tracker_tick(worker->tracker, &time);
			ticked = time;
		}
		output_set_flush(settings->outputs);
		if (poll(worker->polls, settings->endpoint_count + 1, is_more ? 0 : TICK_MS) < 0 && errno != EINTR)
			break;
	}
	/* What had come before the end was said. */
	for (unsigned int i = 0; i < settings->endpoint_count; i++)
		for (unsigned int batches = 0; batches < 1024 && receive(worker, i); batches++)
			;
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
