// SPDX-License-Identifier: GPL-2.0-or-later
/* Counters in Prometheus's text format, and in a file. */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/file/write_whole.h"
#include "metrics.h"

struct metric {
	const char *name, *type, *help;
	size_t offset; /* of its counter */
};

#define COUNTER(name, field, help) { name, "counter", help, offsetof(struct receiver_counters, field) }
#define GAUGE(name, field, help) { name, "gauge", help, offsetof(struct receiver_counters, field) }

static const struct metric list[] = {
	COUNTER("netcon_datagrams_total", datagrams, "Datagrams received."),
	COUNTER("netcon_bytes_total", bytes, "Bytes of the datagrams received, without headers of IP and UDP."),
	COUNTER("netcon_messages_total", messages, "Messages given to the outputs, incomplete ones included."),
	COUNTER("netcon_basic_messages_total", basic, "Messages that were not in the extended format."),
	COUNTER("netcon_fragments_total", fragments, "Datagrams that were a piece of a message."),
	COUNTER("netcon_incomplete_messages_total", incomplete, "Messages given to the outputs although pieces were missing."),
	COUNTER("netcon_conflicting_fragments_total", conflicting, "Pieces that other pieces of the message contradicted."),
	COUNTER("netcon_duplicate_messages_total", duplicates, "Messages dropped because they had come before."),
	COUNTER("netcon_late_messages_total", late, "Messages that came behind one with a higher sequence number."),
	COUNTER("netcon_lost_messages_total", lost, "Messages that did not come in time."),
	COUNTER("netcon_found_messages_total", found, "Messages that came after they had been counted as lost."),
	COUNTER("netcon_restarts_total", restarts, "Boots of hosts that were known."),
	COUNTER("netcon_refused_datagrams_total", refused_sources, "Datagrams of sources that are not allowed."),
	COUNTER("netcon_kernel_dropped_datagrams_total", kernel_drops, "Datagrams that a socket of the receiver had no room for."),
	COUNTER("netcon_memory_dropped_datagrams_total", memory_drops, "Datagrams dropped because memory was short."),
	COUNTER("netcon_new_hosts_total", hosts_new, "Hosts that were not known before."),
	COUNTER("netcon_forgotten_hosts_total", hosts_forgotten, "Hosts that were silent for long, or that there was no room for."),
	GAUGE("netcon_hosts", hosts, "Hosts that are known."),
	GAUGE("netcon_memory_bytes", memory_bytes, "Memory that hosts and pieces of messages take."),
};

static void print_head(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void print_label(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\\' || *text == '"')
			putc('\\', out);
		if (*text == '\n')
			fputs("\\n", out);
		else
			putc(*text, out);
	}
}

/* A second sample with the same label would be refused as a whole. */
static void print_outputs(FILE *out, const struct receiver_counters *counters)
{
	print_head(out, "netcon_output_errors_total", "counter", "Messages and batches that an output failed at.");
	for (unsigned int i = 0; i < counters->output_count; i++) {
		const char *name = counters->outputs[i].name;
		__u64 errors = 0;
		unsigned int first;

		for (first = 0; strcmp(counters->outputs[first].name, name); first++)
			;
		if (first < i)
			continue;
		for (unsigned int j = i; j < counters->output_count; j++)
			if (!strcmp(counters->outputs[j].name, name))
				errors += counters->outputs[j].errors;
		fputs("netcon_output_errors_total{output=\"", out);
		print_label(out, name);
		fprintf(out, "\"} %llu\n", (unsigned long long)errors);
	}
}

void metrics_print(FILE *out, const struct receiver_counters *counters)
{
	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++) {
		const __u64 *counter = (const __u64 *)((const char *)counters + list[i].offset);

		print_head(out, list[i].name, list[i].type, list[i].help);
		fprintf(out, "%s %llu\n", list[i].name, (unsigned long long)*counter);
	}
	print_outputs(out, counters);
}

int metrics_file_write(struct metrics_file *file)
{
	struct receiver_counters counters = { 0 };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int err;

	if (!out)
		return -ENOMEM;
	file->snapshot(file->context, &counters);
	metrics_print(out, &counters);
	err = fclose(out) ? -ENOMEM : file_write_whole(file->path, text, size);
	free(text);
	return err;
}

int metrics_file_tick(struct metrics_file *file)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (file->written && now.tv_sec - file->written < METRICS_FILE_SECONDS)
		return 0;
	file->written = now.tv_sec ? now.tv_sec : 1;
	return metrics_file_write(file);
}
