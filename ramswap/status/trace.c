// SPDX-License-Identifier: GPL-2.0-or-later
#include "trace.h"
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/number.h"
#include "../../lib/text/text.h"

#define TRACE_HEAD "ramswap-trace 1"
#define FIELD(name) offsetof(struct status_sample, name)

static const struct {
	const char *name;
	size_t offset;
	size_t flag; /* of the bool that says that the kernel has it; 0: none */
} fields[] = {
	{ "time", FIELD(time), 0 },
	{ "page_size", FIELD(page_size), 0 },
	{ "total", FIELD(total), 0 },
	{ "available", FIELD(available), 0 },
	{ "anonymous", FIELD(anonymous), 0 },
	{ "file", FIELD(file), 0 },
	{ "swap", FIELD(swap), 0 },
	{ "swap_used", FIELD(swap_used), 0 },
	{ "swap_cached", FIELD(swap_cached), 0 },
	{ "fast", FIELD(fast), 0 },
	{ "fast_used", FIELD(fast_used), 0 },
	{ "stored", FIELD(stored), 0 },
	{ "in_memory", FIELD(in_memory), 0 },
	{ "resident", FIELD(resident), 0 },
	{ "in", FIELD(counters.in), FIELD(has_counters) },
	{ "out", FIELD(counters.out), FIELD(has_counters) },
	{ "zeros_in", FIELD(counters.zeros_in), FIELD(counters.has_zeros) },
	{ "zeros_out", FIELD(counters.zeros_out), FIELD(counters.has_zeros) },
	{ "zswap_in", FIELD(counters.zswap_in), FIELD(has_counters) },
	{ "zswap_out", FIELD(counters.zswap_out), FIELD(has_counters) },
	{ "refault_anon", FIELD(counters.refaults_anonymous), FIELD(counters.has_refaults) },
	{ "refault_file", FIELD(counters.refaults_file), FIELD(counters.has_refaults) },
	{ "major_faults", FIELD(counters.major_faults), FIELD(has_counters) },
	{ "stalls", FIELD(counters.stalls), FIELD(has_counters) },
	{ "kills", FIELD(counters.kills), FIELD(has_counters) },
	{ "some", FIELD(some), FIELD(has_pressure) },
	{ "full", FIELD(full), FIELD(has_pressure) },
};

enum { FIELDS = sizeof(fields) / sizeof(*fields) };

void trace_print_head(FILE *out)
{
	fputs(TRACE_HEAD "\n", out);
}

void trace_print_sample(FILE *out, const struct status_sample *sample)
{
	const char *base = (const char *)sample;
	bool is_first = true;

	for (size_t i = 0; i < FIELDS; i++) {
		if (fields[i].flag && !*(const bool *)(base + fields[i].flag))
			continue;
		fprintf(out, "%s%s=%llu", is_first ? "" : " ", fields[i].name,
			(unsigned long long)*(const __u64 *)(base + fields[i].offset));
		is_first = false;
	}
	putc('\n', out);
}

struct reading {
	const char *name;
	size_t line;
	struct ramswap_problem *problem;
};

static int fail(const struct reading *reading, int err, const char *format, ...) __attribute__((format(printf, 3, 4)));

static int fail(const struct reading *reading, int err, const char *format, ...)
{
	char what[256];
	va_list arguments;

	va_start(arguments, format);
	print_safe_message(what, sizeof(what), err, format, arguments);
	va_end(arguments);
	snprintf(reading->problem->text, sizeof(reading->problem->text), "%.200s:%zu: %s", reading->name, reading->line, what);
	return err;
}

static void take(struct status_sample *sample, const char *name, size_t length, __u64 number)
{
	char *base = (char *)sample;

	for (size_t i = 0; i < FIELDS; i++) {
		if (strlen(fields[i].name) != length || memcmp(fields[i].name, name, length) != 0)
			continue;
		*(__u64 *)(base + fields[i].offset) = number;
		if (fields[i].flag)
			*(bool *)(base + fields[i].flag) = true;
	}
}

/* Up to the newline or 0 at end. */
static int parse_line(const struct reading *reading, const char *line, const char *end, struct status_sample *sample)
{
	*sample = (struct status_sample){ .page_size = 4096 };
	while (line < end) {
		size_t length = strcspn(line, "= \n");
		const char *digits = line + length + 1;
		__u64 number;

		if (*line == ' ') {
			line++;
			continue;
		}
		if (line[length] != '=' || number_read(&digits, &number) || !strchr(" \n", *digits))
			return fail(reading, -EINVAL, "\"%.*s\" is not NAME=NUMBER", (int)strcspn(line, " \n"), line);
		take(sample, line, length, number);
		line = digits;
	}
	if (!sample->time)
		return fail(reading, -EINVAL, "there is no time=");
	return 0;
}

static int add_sample(const struct reading *reading, struct trace *trace, size_t *room, const struct status_sample *sample)
{
	if (trace->count && sample->time <= trace->samples[trace->count - 1].time)
		return fail(reading, -EINVAL, "its time is not after that of the line before");
	if (trace->count == TRACE_SAMPLES_MAX)
		return fail(reading, -EFBIG, "there are more than %d samples", TRACE_SAMPLES_MAX);
	if (trace->count == *room) {
		size_t more = *room ? 2 * *room : 64;
		struct status_sample *samples = reallocarray(trace->samples, more, sizeof(*samples));

		if (!samples)
			return fail(reading, -ENOMEM, "memory is short");
		trace->samples = samples;
		*room = more;
	}
	trace->samples[trace->count++] = *sample;
	return 0;
}

static int parse_lines(struct reading *reading, const char *text, struct trace *trace)
{
	size_t room = 0;
	int err = 0;

	while (!err && *text) {
		const char *end = strchrnul(text, '\n');
		struct status_sample sample;

		reading->line++;
		err = parse_line(reading, text, end, &sample);
		if (!err)
			err = add_sample(reading, trace, &room, &sample);
		text = *end ? end + 1 : end;
	}
	if (!err && !trace->count)
		err = fail(reading, -EINVAL, "there is no sample in it");
	return err;
}

int trace_parse(const char *name, const char *text, size_t size, struct trace *trace, struct ramswap_problem *problem)
{
	struct reading reading = { .name = name, .line = 1, .problem = problem };
	size_t head = strlen(TRACE_HEAD "\n");
	int err;

	*trace = (struct trace){ 0 };
	if (memchr(text, '\0', size) || strncmp(text, TRACE_HEAD "\n", head) != 0)
		return fail(&reading, -EINVAL, "it is no trace: its first line is not \"" TRACE_HEAD "\"");
	err = parse_lines(&reading, text + head, trace);
	if (err)
		trace_free(trace);
	return err;
}

void trace_free(struct trace *trace)
{
	free(trace->samples);
	*trace = (struct trace){ 0 };
}
