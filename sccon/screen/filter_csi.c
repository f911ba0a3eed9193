// SPDX-License-Identifier: GPL-2.0-or-later
/* Control sequences that are whole. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "filter_parts.h"

static void repeat(struct filter *filter)
{
	char bytes[FILTER_REPEAT_MAX];
	unsigned long count = strtoul(filter->sequence, NULL, 10);

	if (!filter->last)
		return;
	count = !count ? 1 : count > FILTER_REPEAT_MAX ? FILTER_REPEAT_MAX : count;
	memset(bytes, filter->last, count);
	filter_give(filter, bytes, count);
}

/* The sequence behind ESC [, with its numbers bounded. */
static void give_csi(struct filter *filter)
{
	char out[2 * FILTER_SEQUENCE_MAX + 8] = "\x1b[", *end = out + 2;
	unsigned int numbers = 1;

	for (const char *text = filter->sequence; *text;) {
		unsigned long number;
		char *rest;

		if (*text < '0' || *text > '9') {
			numbers += *text == ';' || *text == ':';
			*end++ = *text++;
			continue;
		}
		number = strtoul(text, &rest, 10);
		end += sprintf(end, "%lu", number < FILTER_NUMBER_MAX ? number : FILTER_NUMBER_MAX);
		text = rest;
	}
	if (numbers <= FILTER_NUMBERS_MAX)
		filter_give(filter, out, (size_t)(end - out));
}

/* Leading signs, numbers, intermediate bytes: in another order libvterm would end it earlier, and take the rest for something else. */
static bool is_well_formed(const struct filter *filter)
{
	const char *text = filter->sequence;

	text += strspn(text, "<=>?");
	text += strspn(text, "0123456789;:");
	text += strspn(text, " !\"#$%&'()*+,-./");
	return !*text;
}

/* CSI h and l, a sequence for each mode. */
static void give_modes(struct filter *filter, char byte)
{
	size_t leaders = strspn(filter->sequence, "<=>?");
	const char *text = filter->sequence + leaders;
	unsigned int count = 0;

	if (filter->is_too_long || strspn(text, "0123456789;") != filter->size - leaders)
		return;
	for (; *text && count < FILTER_NUMBERS_MAX; count++) {
		char out[FILTER_SEQUENCE_MAX + 32], *rest;
		unsigned long number = strtoul(text, &rest, 10);

		if (number <= FILTER_NUMBER_MAX) {
			filter_give(filter, out, (size_t)snprintf(out, sizeof(out), "\x1b[%.*s%lu%c", (int)leaders, filter->sequence, number, byte));
			if (!leaders)
				modes_set(&filter->modes, (unsigned int)number, byte == 'h');
		}
		text = rest + (*rest == ';');
	}
}

/* libvterm keeps some of these where terminals do not. */
void filter_reset(struct filter *filter, bool is_soft)
{
	static const char soft[] = "\x1b[4l\x1b(B\x1b)B\x1b*B\x1b+B\x0f", hard[] = "\x1b[4l\x1b[20l";

	if (is_soft) {
		modes_soft_reset(&filter->modes);
		filter_give(filter, soft, sizeof(soft) - 1);
	} else {
		filter_give(filter, hard, sizeof(hard) - 1);
	}
}

/* CSI r, with a region that is in the screen. */
static void give_region(struct filter *filter)
{
	unsigned long top, bottom;
	char out[64], *rest;

	if (filter->is_too_long || strspn(filter->sequence, "0123456789;") != filter->size)
		return;
	top = strtoul(filter->sequence, &rest, 10);
	bottom = *rest ? strtoul(rest + 1, NULL, 10) : 0;
	if (!top)
		top = 1;
	if (!bottom || bottom > filter->rows)
		bottom = filter->rows;
	if (top < bottom)
		filter_give(filter, out, (size_t)snprintf(out, sizeof(out), "\x1b[%lu;%lur", top, bottom));
}

void filter_end_csi(struct filter *filter, char byte)
{
	bool is_simple = strspn(filter->sequence, "0123456789") == filter->size;

	filter->state = FILTER_TEXT;
	if (byte == 'b') {
		if (is_simple && !filter->is_too_long)
			repeat(filter);
		return;
	}
	filter->still = 0;
	if (byte == 'r')
		give_region(filter);
	else if (byte == 'h' || byte == 'l')
		give_modes(filter, byte);
	if (strchr("rshl", byte) || !is_well_formed(filter))
		return;
	filter_keep(filter, byte);
	if (filter->is_too_long)
		return;
	give_csi(filter);
	if (!strcmp(filter->sequence, "!p"))
		filter_reset(filter, true);
}
