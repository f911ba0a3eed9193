// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Publishes numbered messages with lib/stream, or reads a stream as any other client does.
 *
 *   put [OPTION...]          puts messages; prints counts as NAME=VALUE, and on stderr what the stream reports
 *   put --read [OPTION...]   prints the identity and the size of every message of the stream
 *   put --make MESSAGES      makes the stream, which stores so many messages and refuses more
 *
 * The identity of message 7 is "id-7", its subject PREFIX.7 modulo 10.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <nats/nats.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include "lib/stream/stream.h"

enum { NAME_MAX_SIZE = 64, THREADS_MAX = 16 };

static struct stream_settings settings = { .subject_prefix = "test", .stream = "TEST" };
static unsigned long from = 1, count = 1, rate, size = 100, threads = 1, linger;
static double close_timeout = 10;
static bool reads, shows, flushes, goes_on;
static long most = -1;
static const char *log_path;
static int log_fd = -1;
static struct stream *stream;
static unsigned long refused;

static const struct option options[] = {
	{ "url", required_argument, NULL, 'u' },
	{ "spool", required_argument, NULL, 's' },
	{ "limit", required_argument, NULL, 'l' },
	{ "name", required_argument, NULL, 'n' },
	{ "prefix", required_argument, NULL, 'p' },
	{ "credentials", required_argument, NULL, 'c' },
	{ "ca", required_argument, NULL, 'a' },
	{ "certificate", required_argument, NULL, 'e' },
	{ "key", required_argument, NULL, 'k' },
	{ "inbox", required_argument, NULL, 'i' },
	{ "must-exist", no_argument, NULL, 'm' },
	{ "from", required_argument, NULL, 'f' },
	{ "count", required_argument, NULL, 'N' },
	{ "rate", required_argument, NULL, 'r' },
	{ "size", required_argument, NULL, 'z' },
	{ "threads", required_argument, NULL, 't' },
	{ "linger", required_argument, NULL, 'L' }, /* milliseconds between the last message and the close */
	{ "close", required_argument, NULL, 'C' },
	{ "flush", no_argument, NULL, 'F' },
	{ "go-on", no_argument, NULL, 'g' }, /* a message that is refused is no failure */
	{ "log", required_argument, NULL, 'o' }, /* a line for each message that was taken: its number, milliseconds */
	{ "file-size", required_argument, NULL, 'b' }, /* what a file may have: the disk is full then */
	{ "read", no_argument, NULL, 'R' },
	{ "show", no_argument, NULL, 'S' }, /* with --read: the bytes instead of their number */
	{ "make", required_argument, NULL, 'M' },
	{ NULL, 0, NULL, 0 },
};

static void limit_file_size(const char *text)
{
	struct rlimit limit = { strtoul(text, NULL, 10), RLIM_INFINITY };

	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
}

static void take_setting(int letter, const char *value)
{
	switch (letter) {
	case 'u': settings.url = value; break;
	case 's': settings.spool = value; break;
	case 'l': settings.spool_limit = strtoul(value, NULL, 10); break;
	case 'n': settings.stream = *value ? value : NULL; break;
	case 'p': settings.subject_prefix = value; break;
	case 'c': settings.credentials = value; break;
	case 'a': settings.tls_ca = value; break;
	case 'e': settings.tls_certificate = value; break;
	case 'k': settings.tls_key = value; break;
	case 'i': settings.inbox_prefix = value; break;
	case 'm': settings.must_exist = true; break;
	case 'b': limit_file_size(value); break;
	default: exit(2);
	}
}

static void take_option(int letter, const char *value)
{
	switch (letter) {
	case 'f': from = strtoul(value, NULL, 10); break;
	case 'N': count = strtoul(value, NULL, 10); break;
	case 'r': rate = strtoul(value, NULL, 10); break;
	case 'z': size = strtoul(value, NULL, 10); break;
	case 't': threads = strtoul(value, NULL, 10); break;
	case 'L': linger = strtoul(value, NULL, 10); break;
	case 'C': close_timeout = strtod(value, NULL); break;
	case 'F': flushes = true; break;
	case 'g': goes_on = true; break;
	case 'o': log_path = value; break;
	case 'R': reads = true; break;
	case 'S': shows = true; break;
	case 'M': most = strtol(value, NULL, 10); break;
	default: take_setting(letter, value);
	}
}

static unsigned long milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (unsigned long)now.tv_sec * 1000 + (unsigned long)now.tv_nsec / 1000000;
}

/* --- putting */

static void report(void *closure, const char *text)
{
	(void)closure;
	fprintf(stderr, "%s\n", text);
}

static void note(unsigned long number)
{
	char line[64];
	int length = snprintf(line, sizeof(line), "%lu %lu\n", number, milliseconds());

	if (log_fd >= 0 && write(log_fd, line, (size_t)length) != length)
		exit(4);
}

static void put_one(unsigned long number, const char *bytes)
{
	char id[NAME_MAX_SIZE], subject[NAME_MAX_SIZE];
	int err;

	snprintf(id, sizeof(id), "id-%lu", number);
	snprintf(subject, sizeof(subject), "%lu", number % 10);
	err = stream_put(stream, subject, id, bytes, size);
	if (!err) {
		note(number);
		return;
	}
	__atomic_add_fetch(&refused, 1, __ATOMIC_RELAXED);
	if (!goes_on) {
		fprintf(stderr, "message %lu: %s\n", number, strerror(-err));
		exit(5);
	}
}

static void *put_some(void *argument)
{
	unsigned long first = (unsigned long)(uintptr_t)argument;
	char *bytes = malloc(size + 1);

	memset(bytes, 'x', size);
	for (unsigned long i = first; i < count; i += threads) {
		put_one(from + i, bytes);
		if (rate)
			usleep((useconds_t)(1000000 * threads / rate));
	}
	free(bytes);
	return NULL;
}

static void print_counts(void)
{
	struct stream_counts counts;

	stream_counts(stream, &counts);
	printf("put=%llu recovered=%llu acknowledged=%llu duplicates=%llu waiting=%llu spooled=%llu spool_bytes=%llu "
	       "refused=%llu rejected=%llu damaged=%llu reconnects=%llu connected=%d\n",
		(unsigned long long)counts.put, (unsigned long long)counts.recovered,
		(unsigned long long)counts.acknowledged, (unsigned long long)counts.duplicates,
		(unsigned long long)counts.waiting, (unsigned long long)counts.spooled,
		(unsigned long long)counts.spool_bytes, (unsigned long long)counts.refused,
		(unsigned long long)counts.rejected, (unsigned long long)counts.damaged_bytes,
		(unsigned long long)counts.reconnects, counts.is_connected);
	fflush(stdout);
}

static int put_all(void)
{
	pthread_t thread[THREADS_MAX];
	int err;

	settings.report = report;
	err = stream_open(&settings, &stream);
	if (err) {
		fprintf(stderr, "%s: %s\n", settings.spool, stream_open_problem(err));
		return 3;
	}
	for (unsigned long i = 0; i < threads; i++)
		pthread_create(&thread[i], NULL, put_some, (void *)(uintptr_t)i);
	for (unsigned long i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
	err = flushes ? stream_flush(stream) : 0;
	if (err)
		fprintf(stderr, "flush: %s\n", strerror(-err));
	if (flushes)
		print_counts();
	usleep((useconds_t)linger * 1000);
	print_counts();
	err = stream_close(stream, close_timeout);
	if (err)
		fprintf(stderr, "close: %s\n", strerror(-err));
	return err ? 3 : 0;
}

/* --- reading, with libnats alone */

static void check(natsStatus status, const char *what)
{
	if (!status)
		return;
	fprintf(stderr, "%s: %s\n", what, natsStatus_GetText(status));
	exit(3);
}

static void read_stream(jsCtx *jetstream)
{
	natsSubscription *subscription = NULL;
	jsStreamInfo *info = NULL;
	jsSubOptions how;

	check(js_GetStreamInfo(&info, jetstream, settings.stream, NULL, NULL), "stream");
	jsSubOptions_Init(&how);
	how.Stream = settings.stream;
	how.Config.AckPolicy = js_AckNone;
	how.Config.DeliverPolicy = js_DeliverAll;
	check(js_SubscribeSync(&subscription, jetstream, ">", NULL, &how, NULL), "subscribe");
	natsSubscription_SetPendingLimits(subscription, -1, -1);
	for (uint64_t i = 0; i < info->State.Msgs; i++) {
		natsMsg *message = NULL;
		const char *id = "-";

		check(natsSubscription_NextMsg(&message, subscription, 20000), "message");
		natsMsgHeader_Get(message, "Nats-Msg-Id", &id);
		printf("%s %s ", id, natsMsg_GetSubject(message));
		if (shows)
			printf("%.*s\n", natsMsg_GetDataLength(message), natsMsg_GetData(message));
		else
			printf("%d\n", natsMsg_GetDataLength(message));
		natsMsg_Destroy(message);
	}
	natsSubscription_Destroy(subscription);
	jsStreamInfo_Destroy(info);
}

static void make_stream(jsCtx *jetstream)
{
	char subject[NAME_MAX_SIZE];
	const char *subjects[] = { subject };
	jsStreamConfig config;

	snprintf(subject, sizeof(subject), "%s.>", settings.subject_prefix);
	jsStreamConfig_Init(&config);
	config.Name = settings.stream;
	config.Subjects = subjects;
	config.SubjectsLen = 1;
	config.MaxMsgs = most;
	config.Discard = js_DiscardNew;
	if (js_UpdateStream(NULL, jetstream, &config, NULL, NULL))
		check(js_AddStream(NULL, jetstream, &config, NULL, NULL), "make");
}

static int use_server(void)
{
	natsConnection *connection = NULL;
	jsCtx *jetstream = NULL;

	check(natsConnection_ConnectTo(&connection, settings.url), "connect");
	check(natsConnection_JetStream(&jetstream, connection, NULL), "JetStream");
	if (reads)
		read_stream(jetstream);
	else
		make_stream(jetstream);
	jsCtx_Destroy(jetstream);
	natsConnection_Destroy(connection);
	return 0;
}

int main(int argc, char **argv)
{
	int letter;

	while ((letter = getopt_long(argc, argv, "", options, NULL)) != -1)
		take_option(letter, optarg);
	if (threads < 1 || threads > THREADS_MAX || optind < argc)
		return 2;
	if (log_path) {
		log_fd = open(log_path, O_WRONLY | O_CREAT | O_APPEND, 0600);
		if (log_fd < 0)
			return 4;
	}
	return reads || most >= 0 ? use_server() : put_all();
}
