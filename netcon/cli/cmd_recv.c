// SPDX-License-Identifier: GPL-2.0-or-later
/* netcon recv: receives the messages of many kernels. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include "../../lib/text/text.h"
#include "../../lib/thread/pool.h"
#include "../receive/receiver.h"
#include "cli.h"
#include "recv_loop.h"
#include "recv_metrics.h"
#include "recv_outputs.h"

struct recv_settings {
	struct option_list listen, groups, allowed;
	bool verbose;
	struct output_settings outputs;
	const char *metrics, *metrics_file;
	unsigned int threads;
	__u64 buffer, memory, messages;
	unsigned int hosts;
	double assemble, join, lose, forget, duration;
};

static const struct command_option options[] = {
	{ OPTION_LIST, 'l', "listen", "ADDRESS:PORT", "where to receive: " ENDPOINT_RULE " (default: [::]:6666)",
		OPTION_FIELD(struct recv_settings, listen) },
	{ OPTION_LIST, 'g', "group", "ADDRESS[%INTERFACE]", "also receive what is sent to that multicast group",
		OPTION_FIELD(struct recv_settings, groups) },
	{ OPTION_LIST, 'a', "allow", "ADDRESS[/BITS]", "take messages of that network alone; may be repeated",
		OPTION_FIELD(struct recv_settings, allowed) },
	{ OPTION_GROUP, OPTION_FIELD(struct recv_settings, outputs), .group = output_options },
	{ OPTION_VALUE, 0, "metrics", "[ADDRESS:]PORT", "answer Prometheus there: /metrics over HTTP",
		OPTION_FIELD(struct recv_settings, metrics) },
	{ OPTION_VALUE, 0, "metrics-file", "FILE", "write the same to that file every 15 seconds",
		OPTION_FIELD(struct recv_settings, metrics_file), .offer = OFFER_FILES },
	{ OPTION_FLAG, 'v', "verbose", NULL, "say at the end, and on SIGUSR1, what was received and lost",
		OPTION_FIELD(struct recv_settings, verbose) },
	{ OPTION_NUMBER, 'c', "count", "N", "end after so many messages", OPTION_FIELD(struct recv_settings, messages),
		.least = 1, .most = ~0ULL },
	{ OPTION_DURATION, 0, "for", "DURATION", "end after that time", OPTION_FIELD(struct recv_settings, duration) },
	{ OPTION_NUMBER, 0, "threads", "N", "how many threads receive (default: one for each processor, at most 8)",
		OPTION_FIELD(struct recv_settings, threads), .least = 1, .most = RECEIVER_THREADS_MAX },
	{ OPTION_SIZE, 0, "buffer", "SIZE", "what each thread's socket may hold (default: 16M)",
		OPTION_FIELD(struct recv_settings, buffer) },
	{ OPTION_NUMBER, 0, "max-hosts", "N", "how many hosts to know at a time (default: 200000)",
		OPTION_FIELD(struct recv_settings, hosts), .least = 1, .most = 100000000 },
	{ OPTION_SIZE, 0, "max-memory", "SIZE", "what incomplete messages may take (default: 64M)",
		OPTION_FIELD(struct recv_settings, memory) },
	{ OPTION_DURATION, 0, "assemble", "DURATION", "how long to wait for the rest of a message (default: 3s)",
		OPTION_FIELD(struct recv_settings, assemble) },
	{ OPTION_DURATION, 0, "join", "DURATION", "put the parts of a line together, for which each message is held so long",
		OPTION_FIELD(struct recv_settings, join) },
	{ OPTION_DURATION, 0, "lost-after", "DURATION", "when a message that did not come is called lost (default: 10s)",
		OPTION_FIELD(struct recv_settings, lose) },
	{ OPTION_DURATION, 0, "forget", "DURATION", "when a silent host is forgotten (default: 1d)",
		OPTION_FIELD(struct recv_settings, forget) },
	{ 0 },
};

static __u64 milliseconds(double seconds)
{
	return (__u64)(seconds * 1000);
}

/* The endpoints of --listen; *count of them. */
static int take_endpoints(const struct option_list *list, struct endpoint *endpoints, unsigned int *count)
{
	if (list->count > RECEIVER_ENDPOINTS_MAX)
		return usage_error("--listen: at most %d times", RECEIVER_ENDPOINTS_MAX);
	*count = 1;
	endpoints[0] = (struct endpoint){ .host = "::", .port = NETCON_PORT };
	for (size_t i = 0; i < list->count; i++) {
		if (endpoint_parse(list->values[i], NETCON_PORT, &endpoints[i]))
			return usage_error("--listen: %s: not one of %s", list->values[i], ENDPOINT_RULE);
		*count = (unsigned int)i + 1;
	}
	return EXIT_OK;
}

static int take_allowed(const struct option_list *list, struct allowed *allowed)
{
	for (size_t i = 0; i < list->count; i++)
		if (allowed_add(allowed, list->values[i]))
			return usage_error("--allow: %s: not an address, or a network such as 192.0.2.0/24", list->values[i]);
	return EXIT_OK;
}

static int complain_of_opening(int err, const char *what)
{
	if (err == -EINVAL && what)
		complain("%s: not a numeric address, or no group", what);
	else if (err == -EADDRINUSE)
		complain("%s: another program receives there: see ss -lunp", what);
	else
		complain("%s%s%s", what ? what : "", what ? ": " : "", strerror(-err));
	return EXIT_ERROR;
}

static void print_counts(const struct receiver_counts *counts)
{
	const struct tracker_counts *tracker = &counts->tracker;

	complain("%llu message%s, %llu lost, %llu incomplete, %llu twice, %llu datagrams dropped by full sockets, "
		 "%llu refused, %llu for want of memory",
		(unsigned long long)tracker->messages, text_plural(tracker->messages),
		(unsigned long long)(tracker->lost - tracker->found), (unsigned long long)tracker->torn,
		(unsigned long long)tracker->duplicates, (unsigned long long)counts->dropped,
		(unsigned long long)counts->refused, (unsigned long long)tracker->short_of_memory);
}

static int open_metrics(const char *address, struct counted *counted, struct metrics **metrics)
{
	int err = address ? metrics_open(address, count_all, counted, metrics) : 0;

	if (err == -EINVAL)
		return usage_error("--metrics: %s: not one of %s", address, METRICS_RULE);
	if (err) {
		complain("--metrics: %s: %s", address, strerror(-err));
		return EXIT_ERROR;
	}
	return EXIT_OK;
}

/* While the threads receive. */
static int attend(const struct recv_settings *settings, struct receiver *receiver, struct output_set *outputs)
{
	struct counted counted = { receiver, outputs };
	struct metrics_file file = { settings->metrics_file, count_all, &counted, 0 };
	struct metrics *metrics = NULL;
	int err, code = open_metrics(settings->metrics, &counted, &metrics);

	if (code)
		return code;
	sd_notify(0, "READY=1");
	recv_loop(receiver, outputs, settings->duration, &file, print_counts);
	metrics_close(metrics);
	err = file.path ? metrics_file_write(&file) : 0;
	if (err) {
		complain("%s: %s", file.path, strerror(-err));
		code = EXIT_ERROR;
	}
	return code;
}

static int receive(const struct recv_settings *settings, struct receiver_settings *to)
{
	struct receiver_counts counts;
	struct receiver *receiver;
	const char *what;
	int err, code;

	recv_block_signals();
	err = receiver_open(to, &receiver, &what);
	if (err)
		return complain_of_opening(err, what);
	err = receiver_start(receiver);
	if (err) {
		complain("%s", strerror(-err));
		code = EXIT_ERROR;
	} else {
		code = attend(settings, receiver, to->outputs);
	}
	receiver_stop(receiver);
	receiver_counts(receiver, &counts);
	if (settings->verbose)
		print_counts(&counts);
	receiver_close(receiver);
	return code;
}

static int set_up(const struct recv_settings *settings)
{
	struct endpoint endpoints[RECEIVER_ENDPOINTS_MAX];
	struct output_set outputs = { .count = 0 };
	struct allowed allowed = { 0 };
	unsigned int processors = pool_processors();
	struct receiver_settings to = {
		.endpoints = endpoints,
		.groups = (const char *const *)settings->groups.values,
		.group_count = (unsigned int)settings->groups.count,
		.threads = settings->threads ? settings->threads : processors < 8 ? processors : 8,
		.buffer = settings->buffer,
		.allowed = &allowed,
		.tracker = {
			.hosts_max = settings->hosts,
			.memory_max = settings->memory,
			.assemble = milliseconds(settings->assemble),
			.join = milliseconds(settings->join),
			.lose = milliseconds(settings->lose),
			.forget = milliseconds(settings->forget),
		},
		.messages_max = settings->messages,
		.outputs = &outputs,
	};
	int code, err;

	code = take_endpoints(&settings->listen, endpoints, &to.endpoint_count);
	if (!code)
		code = take_allowed(&settings->allowed, &allowed);
	if (!code)
		code = open_outputs(&settings->outputs, &outputs);
	if (!code)
		code = receive(settings, &to);
	err = output_set_close(&outputs);
	if (err && !code) {
		complain("%s", strerror(-err));
		code = EXIT_ERROR;
	}
	allowed_free(&allowed);
	return code;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct recv_settings settings = {
		.outputs = OUTPUT_SETTINGS_USUAL,
		.buffer = 16 << 20,
		.memory = 64 << 20,
		.hosts = 200000,
		.assemble = 3,
		.lose = 10,
		.forget = 86400,
	};
	int code;

	if (options_take(command, &argc, &argv, &settings, &code))
		code = set_up(&settings);
	option_list_free(&settings.listen);
	option_list_free(&settings.groups);
	option_list_free(&settings.allowed);
	option_list_free(&settings.outputs.syslog);
	return code;
}

const struct command recv_command = {
	.name = "recv",
	.summary = "receive the messages of kernels",
	.usage = "[OPTION...]",
	.about = "Receives the messages of kernels, as netconsole and netcon send send them, puts together\n"
		 "what came in pieces, drops what came twice, and says what was lost.\n",
	.options = options,
	.notes = "Signals: SIGTERM and SIGINT end it, SIGHUP opens files anew, SIGUSR1 prints counts.\n"
		 "Exit codes: 0 ended as asked; 2 usage; 3 could not receive, or not keep what it received.\n",
	.run = run,
};
