// SPDX-License-Identifier: GPL-2.0-or-later
#include "print.h"
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/columns.h"
#include "../../lib/text/size.h"
#include "../../lib/text/text.h"
#include "../../lib/text/wrap.h"

enum {
	INDENT = 2,
	SIZE_TEXT_MAX = 16,
	LINE_MAX_BYTES = 1024,
};

#define BOLD "\033[1m"
#define RED "\033[31m"
#define YELLOW "\033[33m"
#define CYAN "\033[36m"
#define PLAIN "\033[m"

/* Where the words go. */
struct page {
	FILE *out;
	int width;
	bool has_colour;
};

static void put_coloured(const struct page *page, const char *colour, const char *text)
{
	if (page->has_colour)
		fprintf(page->out, "%s%s%s", colour, text, PLAIN);
	else
		fputs(text, page->out);
}

/* Text that may be anything, in lines from column on. first: where the cursor is. */
static void put_wrapped(const struct page *page, const char *text, int column)
{
	char *safe = safe_text(text);

	print_wrapped(page->out, safe ? safe : "(memory is short)", column, page->width);
	free(safe);
}

static void put_line(const struct page *page, const char *text)
{
	fprintf(page->out, "%*s", INDENT, "");
	put_wrapped(page, text, INDENT);
}

static const char *size_text(char text[SIZE_TEXT_MAX], __u64 bytes)
{
	size_print(text, SIZE_TEXT_MAX, (double)bytes);
	return text;
}

static __u64 swap_size(const struct ramswap_plan *plan, size_t *count)
{
	__u64 size = 0;

	*count = 0;
	for (size_t i = 0; i < plan->device_count; i++)
		if (plan->devices[i].kind != RAMSWAP_AS_MEMORY) {
			size += plan->devices[i].size;
			++*count;
		}
	return size;
}

/* "2 swap devices of 962.0M, 1 device as memory, 1 setting of the kernel" */
static void print_what(const struct ramswap_plan *plan, char *text, size_t size)
{
	char bytes[SIZE_TEXT_MAX];
	size_t swaps, memory, length = 0;
	__u64 sum = swap_size(plan, &swaps);

	*text = 0;
	memory = plan->device_count - swaps;
	if (swaps)
		length += (size_t)snprintf(
			text, size, "%zu swap device%s of %s", swaps, text_plural(swaps), size_text(bytes, sum));
	if (memory)
		length += (size_t)snprintf(text + length, size - length, "%s%zu device%s as memory", length ? ", " : "",
			memory, text_plural(memory));
	if (plan->tuning_count)
		snprintf(text + length, size - length, "%s%zu setting%s of the kernel", length ? ", " : "",
			plan->tuning_count, text_plural(plan->tuning_count));
}

static void put_headline(const struct page *page, const struct ramswap_plan *plan)
{
	char what[256], line[320];

	print_what(plan, what, sizeof(what));
	if (plan->answer == RAMSWAP_REFUSED)
		snprintf(line, sizeof(line), "Refused: nothing will be set up.");
	else if (plan->answer == RAMSWAP_NOTHING)
		snprintf(line, sizeof(line), "Nothing to set up: leave this machine as it is.");
	else if (plan_is_done(plan))
		snprintf(line, sizeof(line), "As planned already: %s.", what);
	else
		snprintf(line, sizeof(line), "To set up: %s.", what);
	put_coloured(page, plan->answer == RAMSWAP_REFUSED ? RED : BOLD, line);
	fputc('\n', page->out);
}

/* The cells of a device's row. */
enum { CELL_DEVICE, CELL_SIZE, CELL_PRIORITY, CELL_RAM, CELL_GAIN, CELL_STATE, CELL_DETAILS, CELLS };

struct row {
	char cells[CELLS][LINE_MAX_BYTES];
};

static const struct row headings = { { "DEVICE", "SIZE", "PRIORITY", "RAM AT MOST", "GAIN", "STATE", "HOW" } };

/* Whether a column stands to the right. */
static bool is_number(size_t cell)
{
	return cell >= CELL_SIZE && cell <= CELL_GAIN;
}

static const char *what_it_is(enum ramswap_device_kind kind)
{
	switch (kind) {
	case RAMSWAP_ON_PMEM:
		return "memory that the kernel does not use";
	case RAMSWAP_ON_BRD:
		return "a RAM disk";
	default:
		return "becomes memory of the kernel";
	}
}

static void print_details(const struct ramswap_device *device, char *text, size_t size)
{
	if (device->kind != RAMSWAP_ON_ZRAM)
		snprintf(text, size, "%s", what_it_is(device->kind));
	else
		snprintf(text, size, "%s%s%s%s%.256s",
			*device->algorithm ? device->algorithm : "the kernel's default algorithm",
			*device->recompression ? ", again with " : "", device->recompression,
			*device->writeback ? ", writes back to " : "", device->writeback);
}

/* Whether it is in use, and not as planned. */
static bool differs(const struct ramswap_plan *plan, const struct ramswap_device *device)
{
	for (size_t i = 0; i < plan->reason_count; i++)
		if (!strcmp(plan->reasons[i].code, "differs") && !strcmp(plan->reasons[i].subject, device->name))
			return true;
	return false;
}

/* Text that may be anything. */
static void put_cell(struct row *row, size_t cell, const char *text)
{
	char *safe = safe_text(text);

	snprintf(row->cells[cell], LINE_MAX_BYTES, "%s", safe ? safe : "");
	free(safe);
}

static void make_row(struct row *row, const struct ramswap_plan *plan, const struct ramswap_device *device)
{
	char text[LINE_MAX_BYTES];

	put_cell(row, CELL_DEVICE, *device->name ? device->name : "zram (new)");
	size_text(row->cells[CELL_SIZE], device->size);
	size_text(row->cells[CELL_RAM], device->cost_worst);
	size_text(row->cells[CELL_GAIN], device->gain_expected);
	if (device->priority >= 0)
		snprintf(row->cells[CELL_PRIORITY], LINE_MAX_BYTES, "%d", device->priority);
	if (differs(plan, device))
		put_cell(row, CELL_STATE, "differs");
	else
		put_cell(row, CELL_STATE, device->is_up ? "in use" : "to do");
	print_details(device, text, sizeof(text));
	put_cell(row, CELL_DETAILS, text);
}

static void put_row(const struct page *page, const struct row *row, const size_t widths[CELLS])
{
	fprintf(page->out, "%*s", INDENT, "");
	for (size_t i = 0; i < CELL_DETAILS; i++) {
		int padding = (int)(widths[i] - text_columns(row->cells[i]));

		fprintf(page->out, "%*s%s%*s  ", is_number(i) ? padding : 0, "", row->cells[i],
			is_number(i) ? 0 : padding, "");
	}
	fprintf(page->out, "%s\n", row->cells[CELL_DETAILS]);
}

static void put_devices(const struct page *page, const struct ramswap_plan *plan)
{
	struct row *rows = calloc(plan->device_count + 1, sizeof(*rows));
	size_t widths[CELLS] = { 0 };

	if (!rows || !plan->device_count) {
		free(rows);
		return;
	}
	rows[0] = headings;
	for (size_t i = 0; i < plan->device_count; i++)
		make_row(&rows[i + 1], plan, &plan->devices[i]);
	for (size_t i = 0; i <= plan->device_count; i++)
		for (size_t cell = 0; cell < CELLS; cell++) {
			size_t columns = text_columns(rows[i].cells[cell]);

			widths[cell] = columns > widths[cell] ? columns : widths[cell];
		}
	fputc('\n', page->out);
	for (size_t i = 0; i <= plan->device_count; i++)
		put_row(page, &rows[i], widths);
	free(rows);
}

static void put_heading(const struct page *page, const char *colour, const char *heading)
{
	fputc('\n', page->out);
	put_coloured(page, colour, heading);
	fputc('\n', page->out);
}

static void put_tunings(const struct page *page, const struct ramswap_plan *plan)
{
	if (plan->tuning_count)
		put_heading(page, BOLD, "Settings of the kernel:");
	for (size_t i = 0; i < plan->tuning_count; i++) {
		const struct ramswap_tuning *tuning = &plan->tunings[i];
		char line[LINE_MAX_BYTES];

		snprintf(line, sizeof(line), "%s: %s, now %s", tuning->name, tuning->value, tuning->was);
		put_line(page, line);
	}
}

static void put_reasons(const struct page *page, const struct ramswap_plan *plan, enum ramswap_severity severity,
	const char *colour, const char *heading)
{
	bool is_first = true;

	for (size_t i = 0; i < plan->reason_count; i++) {
		const struct ramswap_reason *reason = &plan->reasons[i];
		char line[LINE_MAX_BYTES];

		if (reason->severity != severity)
			continue;
		if (is_first)
			put_heading(page, colour, heading);
		is_first = false;
		snprintf(line, sizeof(line), "%s%s%s", reason->subject, *reason->subject ? ": " : "", reason->text);
		put_line(page, line);
	}
}

void plan_print(FILE *out, const struct ramswap_plan *plan, int width, bool has_colour)
{
	const struct page page = { out, width < PLAN_WIDTH_LEAST ? PLAN_WIDTH_LEAST : width, has_colour };

	put_headline(&page, plan);
	put_devices(&page, plan);
	put_tunings(&page, plan);
	put_reasons(&page, plan, RAMSWAP_REFUSAL, RED, "Because:");
	put_reasons(&page, plan, RAMSWAP_WARNING, YELLOW, "Warnings:");
	put_reasons(&page, plan, RAMSWAP_ADVICE, CYAN, "Advice:");
	/* Of a plan that is none, the reasons are about what would be planned. */
	if (plan->answer != RAMSWAP_REFUSED)
		put_reasons(&page, plan, RAMSWAP_REASON, BOLD, "Why:");
}
