// SPDX-License-Identifier: GPL-2.0-or-later
#include "status.h"
#include <stdarg.h>
#include <stdio.h>
#include "../../lib/text/size.h"
#include "../../lib/text/text.h"
#include "words.h"

struct writer {
	char *text;
	size_t size, length;
};

static void say(struct writer *writer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void say(struct writer *writer, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(
		writer->text + writer->length, writer->size - writer->length, format, arguments);
	va_end(arguments);
	writer->length += (size_t)length;
	if (writer->length >= writer->size)
		writer->length = writer->size - 1;
}

static void say_place(struct writer *writer, const struct source *source)
{
	size_t frames = slab_recording_frames(source->recording);
	char time[32], since[32];

	print_time(time, source->snapshot.time / 1000000000);
	print_duration(since, sizeof(since),
		(double)(source->snapshot.monotonic - slab_recording_time(source->recording, 0)) *
			1e-9);
	say(writer, " %zu/%zu %s, %s in%s ", source->frame + 1, frames, time, since,
		source->frame + 1 == frames ? ": the end" : "");
}

static void say_choice(struct writer *writer, const struct view *view)
{
	char size[32];

	if (view->choice.has_filter)
		say(writer, " [filter %s]", view->filter);
	if (view->choice.kind == RECLAIMABLE)
		say(writer, " [reclaimable]");
	if (view->choice.kind == UNRECLAIMABLE)
		say(writer, " [unreclaimable]");
	if (view->choice.min_growth) {
		size_print(size, sizeof(size), (double)view->choice.min_growth);
		say(writer, " [grown by %s]", size);
	}
	if (view->choice.reversed)
		say(writer, " [reversed]");
	if (*view->search)
		say(writer, " [search %s]", view->search);
}

bool print_status(char *text, size_t size, const struct source *source, const struct rows *rows,
	const struct view *view)
{
	static const char *const prompts[] = { [PROMPT_SEARCH] = "Search",
		[PROMPT_FILTER] = "Filter",
		[PROMPT_DELAY] = "Delay in seconds" };
	struct writer writer = { text, size, 0 };

	*text = '\0';
	if (view->prompt) {
		say(&writer, " %s: %s_", prompts[view->prompt], view->typed);
		if (*view->message)
			say(&writer, "  %s", view->message);
		return true;
	}
	if (*view->message) {
		say(&writer, " %s", view->message);
		return true;
	}
	if (source->recording)
		say_place(&writer, source);
	if (view->paused)
		say(&writer, " [paused: z goes on]");
	say_choice(&writer, view);
	if (source->snapshot.malformed)
		say(&writer, " [%zu lines not understood]", source->snapshot.malformed);
	if (!rows->count)
		say(&writer, " no cache is like that");
	return *text;
}
