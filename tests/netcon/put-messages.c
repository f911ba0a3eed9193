// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Puts messages through one output of netcon recv, as standard input says, a line each:
 *
 *   HEX                 a datagram, taken for a whole message
 *   from ADDRESS PORT   who sends those that follow (192.0.2.1 6665)
 *   boot TEXT           the boot that they are of
 *   torn BYTES          so many are missing of those that follow
 *   event NAME FIRST LAST
 *   flush, reopen       what the output does then
 *
 *   put-messages journal:SOCKET | syslog:PLACE | files:FOLDER | json-files:FOLDER [ROTATE-SIZE KEEP]
 *   put-messages metrics:ADDRESS    until the end of standard input
 *   put-messages metrics-file:FILE
 *
 * Exit code 3: there were errors, which it says.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "lib/text/text.h"
#include "netcon/output/line.h"
#include "netcon/output/metrics.h"
#include "netcon/output/output.h"

static unsigned int errors;

static void note(struct output *output, const char *what, int err)
{
	if (!err)
		return;
	errors++;
	fprintf(stderr, "%s: %s: %s\n", output->name, what, output->explain ? output->explain(output, err) : strerror(-err));
}

static int open_output(int argc, char **argv, struct output **output)
{
	const char *place = strchr(argv[1], ':') + 1;
	struct file_rotation rotation = { 0 };

	if (argc == 4) {
		rotation.size = strtoull(argv[2], NULL, 10);
		rotation.keep = (unsigned int)strtoul(argv[3], NULL, 10);
	}
	if (!strncmp(argv[1], "journal:", 8))
		return output_journal(place, output);
	if (!strncmp(argv[1], "syslog:", 7))
		return output_syslog(place, output);
	return output_files(place, *argv[1] == 'j', &rotation, output);
}

static void set_source(struct netcon_source *source, const char *address, unsigned int port)
{
	*source = (struct netcon_source){ .port = htons((in_port_t)port) };
	if (inet_pton(AF_INET6, address, &source->address) == 1) {
		source->scope = IN6_IS_ADDR_LINKLOCAL(&source->address) ? 2 : 0;
		return;
	}
	source->address.s6_addr[10] = source->address.s6_addr[11] = 0xff;
	if (inet_pton(AF_INET, address, &source->address.s6_addr[12]) != 1)
		exit(2);
}

static void put_event(struct output *output, const struct netcon_source *source, const char *line)
{
	struct happened happened = { .source = *source };
	unsigned long long first, last;
	char name[16];

	if (sscanf(line, "event %15s %llu %llu", name, &first, &last) != 3)
		exit(2);
	happened.first = first;
	happened.last = last;
	clock_gettime(CLOCK_REALTIME, &happened.when);
	while (strcmp(happening_name(happened.what), name))
		if (happened.what++ == HAPPENED_DROPPED)
			exit(2);
	note(output, "happened", output->happened(output, &happened));
}

static void put_datagram(struct output *output, struct received *received, const char *line)
{
	size_t size = strlen(line) / 2;
	char *bytes = malloc(size + 1);

	if (!bytes || !parse_hex(line, (__u8 *)bytes, size))
		exit(2);
	clock_gettime(CLOCK_REALTIME, &received->arrived);
	netcon_parse(bytes, size, &received->message);
	note(output, "put", output->put(output, received));
	free(bytes);
}

static void take_line(struct output *output, struct received *received, const char *line)
{
	static char boot_id[64];
	char address[64];
	unsigned int port;

	if (sscanf(line, "from %63s %u", address, &port) == 2)
		set_source(&received->source, address, port);
	else if (sscanf(line, "boot %63s", boot_id) == 1)
		received->boot_id = boot_id;
	else if (sscanf(line, "torn %zu", &received->missing) == 1)
		received->is_torn = received->missing;
	else if (!strncmp(line, "event ", 6))
		put_event(output, &received->source, line);
	else if (!strcmp(line, "flush"))
		note(output, "flush", output->flush ? output->flush(output) : 0);
	else if (!strcmp(line, "reopen"))
		note(output, "reopen", output->reopen ? output->reopen(output) : 0);
	else
		put_datagram(output, received, line);
}

static void fill(void *context, struct receiver_counters *counters)
{
	__u64 *numbers = (__u64 *)counters;

	(void)context;
	for (size_t i = 0; i <= offsetof(struct receiver_counters, memory_bytes) / sizeof(*numbers); i++)
		numbers[i] = 1000 + i;
	counters->output_count = 3;
	counters->outputs[0].name = "journal";
	counters->outputs[0].errors = 5;
	counters->outputs[1].name = "a\"b\\c\nd";
	counters->outputs[1].errors = ~0ULL;
	counters->outputs[2].name = "journal";
	counters->outputs[2].errors = 2;
}

static int serve_metrics(const char *address)
{
	struct metrics *metrics;
	int err = metrics_open(address, fill, NULL, &metrics);

	if (err) {
		fprintf(stderr, "%s: %s\n", address, strerror(-err));
		return 3;
	}
	puts("ready");
	fflush(stdout);
	while (getchar() != EOF)
		;
	metrics_close(metrics);
	return 0;
}

static int write_metrics(const char *path)
{
	struct metrics_file file = { .path = path, .snapshot = fill };
	int err = metrics_file_tick(&file);

	if (err)
		fprintf(stderr, "%s: %s\n", path, strerror(-err));
	return err ? 3 : 0;
}

int main(int argc, char **argv)
{
	struct received received = { 0 };
	struct output *output;
	char *line = NULL;
	size_t room = 0;
	ssize_t size;
	int err;

	if (argc < 2 || !strchr(argv[1], ':'))
		return 2;
	if (!strncmp(argv[1], "metrics:", 8))
		return serve_metrics(argv[1] + 8);
	if (!strncmp(argv[1], "metrics-file:", 13))
		return write_metrics(argv[1] + 13);
	err = open_output(argc, argv, &output);
	if (err) {
		fprintf(stderr, "%s: %s\n", argv[1], strerror(-err));
		return 3;
	}
	set_source(&received.source, "192.0.2.1", 6665);
	while ((size = getline(&line, &room, stdin)) > 0) {
		line[size - 1] = '\0';
		take_line(output, &received, line);
	}
	free(line);
	if (output->flush)
		note(output, "flush", output->flush(output));
	err = output->close(output);
	if (err) {
		fprintf(stderr, "close: %s\n", strerror(-err));
		errors++;
	}
	return errors ? 3 : 0;
}
