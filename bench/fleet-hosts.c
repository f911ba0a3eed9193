// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Many hosts of a fleet in one process, each with a connection of its own, for bench/fleet.sh.
 *
 *   fleet-hosts URL FOLDER CERTIFICATE FIRST HOSTS SECONDS
 *
 * FIRST is the first one's number; SECONDS are between two checks, and between two statuses, of a host.
 *
 * Reads commands from stdin, and answers each with a line:
 *
 *   connected        when all hosts have a connection: the seconds since the start
 *   state N          when state N is ready on all: when it was on half of them, and on the last, in nanoseconds since 1970
 *   events H N       H hosts have N events each in their logs, and publish them: the seconds until all are acknowledged
 *   memory           its resident memory, in KiB
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>
#include "digsig/fleetd/events.h"
#include "digsig/fleetd/host.h"
#include "digsig/fleetd/position.h"
#include "lib/time/clock.h"

enum { WORKERS = 16, STREAMS = 4, STACK = 256 << 10 };

struct worker {
	pthread_t thread;
	int wake; /* eventfd */
	size_t number;
};

struct simulated {
	char name[32], folder[512];
	char boot[BOOT_SIZE]; /* identities of events are those of a boot */
	struct fleet_host_settings settings;
	struct fleet_host *host;
	struct worker *worker;
	atomic_bool is_woken;
	atomic_bool is_connected;
	_Atomic(__u64) ready, ready_at; /* nanoseconds since 1970 */
	__u64 due_at; /* milliseconds; of its worker */
	struct fleet_events *events;
};

static const char *url, *folder;
static struct simulated *hosts;
static size_t first_host, host_count;
static struct worker workers[WORKERS];
static struct stream *streams[STREAMS];
static struct trust_store *keys;
static __u64 begin;

static void die(const char *what, int err)
{
	fprintf(stderr, "fleet-hosts: %s: %s\n", what, strerror(-err));
	exit(EXIT_FAILURE);
}

static void wake(void *closure)
{
	struct simulated *simulated = closure;

	atomic_store(&simulated->is_woken, true);
	eventfd_write(simulated->worker->wake, 1);
}

static void step(struct simulated *simulated, __u64 now)
{
	__u64 ready;

	atomic_store(&simulated->is_woken, false);
	simulated->due_at = now + fleet_host_step(simulated->host);
	atomic_store(&simulated->is_connected, fleet_host_is_connected(simulated->host));
	ready = fleet_host_ready(simulated->host);
	if (ready == atomic_load(&simulated->ready))
		return;
	atomic_store(&simulated->ready_at, clock_read(CLOCK_REALTIME));
	atomic_store(&simulated->ready, ready);
}

static void *work(void *argument)
{
	struct worker *worker = argument;
	struct pollfd wait = { .fd = worker->wake, .events = POLLIN };
	eventfd_t unused;

	for (;;) {
		__u64 first = ~0ULL, now;

		for (size_t i = worker->number; i < host_count; i += WORKERS) {
			now = clock_now() / CLOCK_MILLISECOND;
			if (atomic_load(&hosts[i].is_woken) || hosts[i].due_at <= now)
				step(&hosts[i], now);
			first = hosts[i].due_at < first ? hosts[i].due_at : first;
		}
		now = clock_now() / CLOCK_MILLISECOND;
		if (poll(&wait, 1, first > now ? (int)(first - now) : 0) > 0)
			eventfd_read(worker->wake, &unused);
	}
	return NULL;
}

static void make_host(size_t i, unsigned int every)
{
	struct simulated *simulated = &hosts[i];
	int err;

	snprintf(simulated->name, sizeof(simulated->name), "host-%05zu", first_host + i);
	snprintf(simulated->folder, sizeof(simulated->folder), "%s/%s", folder, simulated->name);
	snprintf(simulated->boot, sizeof(simulated->boot), "00000000-0000-4000-8000-%012zx", first_host + i);
	simulated->worker = &workers[i % WORKERS];
	simulated->settings = (struct fleet_host_settings){
		.group = "web",
		.host = simulated->name,
		.folder = simulated->folder,
		.fleet_keys = keys,
		.link = { .url = url },
		.facts = { .boot = simulated->boot, .kernel = "6.12.0", .machine = "x86_64", .version = "0" },
		.check_every = every,
		.status_every = every,
		.wake = wake,
		.closure = simulated,
	};
	err = fleet_host_open(&simulated->settings, &simulated->host);
	if (err)
		die(simulated->folder, err);
}

static void start_workers(void)
{
	pthread_attr_t attributes;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK);
	for (size_t i = 0; i < WORKERS; i++) {
		workers[i].number = i;
		if (pthread_create(&workers[i].thread, &attributes, work, &workers[i]))
			die("pthread_create", -EAGAIN);
	}
}

static void wait_a_little(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
}

static void await_connections(void)
{
	for (size_t i = 0; i < host_count; i++)
		while (!atomic_load(&hosts[i].is_connected))
			wait_a_little();
	printf("%.3f\n", (double)(clock_now() - begin) / 1e9);
}

static int compare_times(const void *one, const void *other)
{
	const __u64 *first = one, *second = other;

	return *first < *second ? -1 : *first > *second;
}

static void await_state(__u64 sequence)
{
	__u64 *times = calloc(host_count, sizeof(*times));

	for (size_t i = 0; i < host_count; i++) {
		while (atomic_load(&hosts[i].ready) < sequence)
			wait_a_little();
		times[i] = atomic_load(&hosts[i].ready_at);
	}
	qsort(times, host_count, sizeof(*times), compare_times);
	printf("%llu %llu\n", (unsigned long long)times[host_count / 2], (unsigned long long)times[host_count - 1]);
	free(times);
}

/* As digsigd writes it: of that size about. */
static void write_log(const char *path, unsigned long count)
{
	FILE *file = fopen(path, "w");

	for (unsigned long i = 0; file && i < count; i++)
		fprintf(file,
			"{\"time\":\"2026-11-30T21:00:00.%06luZ\",\"boot_ns\":%lu,\"action\":\"allowed\",\"hook\":\"exec\",\"verdict\":\"unsigned\",\"reason\":\"it has no signature\",\"path\":\"/usr/local/lib/program/bin/program-%lu\",\"path_cut\":false,\"pid\":%lu,\"ppid\":1,\"uid\":1000,\"comm\":\"program\",\"digest\":\"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\",\"identity\":null,\"epoch\":0,\"key_id\":null,\"device\":64769,\"inode\":%lu,\"mode\":\"monitor\",\"cached\":false,\"catalog\":false,\"lost_before\":0}\n",
			i % 1000000, i, i % 100, i % 30000, i);
	if (!file || fclose(file))
		die(path, -errno);
}

static void open_streams(void)
{
	char spool[600];

	for (size_t i = 0; i < STREAMS; i++) {
		struct stream_settings settings = { .url = url, .subject_prefix = FLEET_EVENTS_PREFIX, .spool = spool };
		int err;

		snprintf(spool, sizeof(spool), "%s/events-%zu", folder, i);
		err = stream_open(&settings, &streams[i]);
		if (err)
			die(spool, err);
	}
}

struct burst {
	size_t first, count; /* of hosts; every STREAMS-th */
};

static void *publish_burst(void *argument)
{
	const struct burst *burst = argument;
	struct stream_counts counts;
	bool goes_on = true;

	while (goes_on) {
		unsigned int least = 1000;

		goes_on = false;
		for (size_t i = burst->first; i < burst->count; i += STREAMS) {
			unsigned int wait = fleet_events_step(hosts[i].events);

			least = wait < least ? wait : least;
			goes_on |= wait < 100;
		}
		if (goes_on && least)
			nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
	}
	do
		stream_counts(streams[burst->first], &counts);
	while (counts.waiting && (wait_a_little(), true));
	return NULL;
}

static void run_events(size_t count, unsigned long each)
{
	char (*logs)[600] = calloc(count, sizeof(*logs));
	pthread_t threads[STREAMS];
	struct burst bursts[STREAMS];
	__u64 since;

	open_streams();
	for (size_t i = 0; i < count; i++) {
		struct fleet_events_settings settings = { .group = "web", .host = hosts[i].name, .boot = hosts[i].boot,
			.folder = hosts[i].folder, .log_file = logs[i], .stream = streams[i % STREAMS] };
		int err;

		snprintf(logs[i], sizeof(logs[i]), "%s/log", hosts[i].folder);
		write_log(logs[i], each);
		err = fleet_events_open(&settings, &hosts[i].events);
		if (err)
			die(logs[i], err);
	}
	since = clock_now();
	for (size_t i = 0; i < STREAMS; i++) {
		bursts[i] = (struct burst){ .first = i, .count = count };
		pthread_create(&threads[i], NULL, publish_burst, &bursts[i]);
	}
	for (size_t i = 0; i < STREAMS; i++)
		pthread_join(threads[i], NULL);
	printf("%.3f\n", (double)(clock_now() - since) / 1e9);
}

static void print_memory(void)
{
	FILE *file = fopen("/proc/self/status", "r");
	char line[128];

	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, "VmRSS:", 6))
			printf("%lu\n", strtoul(line + 6, NULL, 10));
	if (file)
		fclose(file);
}

static void obey(const char *line)
{
	unsigned long long first;
	unsigned long second;

	if (!strncmp(line, "connected", 9))
		await_connections();
	else if (sscanf(line, "state %llu", &first) == 1)
		await_state(first);
	else if (sscanf(line, "events %llu %lu", &first, &second) == 2)
		run_events(first < host_count ? first : host_count, second);
	else if (!strncmp(line, "memory", 6))
		print_memory();
	else
		die(line, -EINVAL);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	char line[128];
	int err;

	if (argc != 7) {
		fputs("usage: fleet-hosts URL FOLDER CERTIFICATE FIRST HOSTS SECONDS\n", stderr);
		return 2;
	}
	begin = clock_now();
	url = argv[1];
	folder = argv[2];
	first_host = strtoul(argv[4], NULL, 10);
	host_count = strtoul(argv[5], NULL, 10);
	hosts = calloc(host_count, sizeof(*hosts));
	err = hosts ? trust_store_new(&keys) : -ENOMEM;
	if (!err)
		err = trust_store_add(keys, argv[3], NULL);
	if (err)
		die(argv[3], err);
	for (size_t i = 0; i < WORKERS; i++)
		workers[i].wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	for (size_t i = 0; i < host_count; i++)
		make_host(i, (unsigned int)strtoul(argv[6], NULL, 10) * 1000);
	start_workers();
	while (fgets(line, sizeof(line), stdin))
		obey(line);
	_exit(EXIT_SUCCESS);
}
