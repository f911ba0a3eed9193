// SPDX-License-Identifier: GPL-2.0-or-later
#include "live.h"
#include <string.h>
#include "../../lib/time/clock.h"
#include "cli.h"
#include "keys.h"
#include "page.h"
#include "screen.h"

/* How long the present snapshot is to be seen, in nanoseconds. */
static __u64 pause_length(const struct source *source, const struct view *view)
{
	double seconds = view->delay;

	if (view->paused || (source->recording &&
				    source->frame + 1 >= slab_recording_frames(source->recording)))
		return 3600ULL * 1000000000;
	if (source->recording) {
		seconds = (double)(slab_recording_time(source->recording, source->frame + 1) -
				   slab_recording_time(source->recording, source->frame)) *
			  1e-9;
		/* A gap is not sat out. */
		seconds = (seconds > 5 ? 5 : seconds) / view->delay;
	}
	return (__u64)(seconds * 1e9);
}

static int draw(struct page *page, struct source *source, struct rows *rows, struct view *view,
	size_t *shown)
{
	int width, height, err;

	screen_size(&width, &height);
	err = page_resize(page, width, height);
	if (!err)
		err = rows_choose(rows, source, &view->choice);
	if (err)
		return err;
	*shown = page_compose(page, source, rows, view);
	screen_draw(page);
	return 0;
}

/* Until something wants a new snapshot. */
static enum wish serve_keys(
	struct page *page, struct source *source, struct rows *rows, struct view *view, __u64 due)
{
	size_t shown;

	for (;;) {
		enum wish wish;
		int key;

		if (draw(page, source, rows, view, &shown))
			return WISH_FAIL;
		key = screen_key(due);
		if (interrupted || key == KEY_CLOSED)
			return WISH_QUIT;
		if (key == KEY_NOTHING && clock_now() >= due)
			return WISH_REFRESH;
		if (key == KEY_NOTHING)
			continue;
		wish = take_key(key, source, rows, view, shown);
		if (wish != WISH_DRAW)
			return wish;
		/* A pause that has ended, or another delay: what is due changes. */
		if (source->snapshot.monotonic && !source->recording)
			due = source->snapshot.monotonic + pause_length(source, view);
		else
			due = clock_now() + pause_length(source, view);
	}
}

static int step(struct source *source, enum wish wish)
{
	size_t last, to = source->frame;

	if (!source->recording)
		return source_refresh(source);
	last = slab_recording_frames(source->recording) - 1;
	switch (wish) {
	case WISH_BACK:
		to = to ? to - 1 : 0;
		break;
	case WISH_FAR_BACK:
		to = to > 10 ? to - 10 : 0;
		break;
	case WISH_FAR_ON:
		to = last - to > 10 ? to + 10 : last;
		break;
	case WISH_FIRST:
		to = 0;
		break;
	case WISH_LAST:
		to = last;
		break;
	default:
		return source_refresh(source);
	}
	return source_seek(source, to);
}

static int serve(struct page *page, struct source *source, struct rows *rows, struct view *view)
{
	for (;;) {
		enum wish wish =
			serve_keys(page, source, rows, view, clock_now() + pause_length(source, view));
		int code = EXIT_OK;

		if (wish == WISH_QUIT)
			return EXIT_OK;
		if (wish == WISH_FAIL)
			complain("out of memory");
		else
			code = step(source, wish);
		if (code || wish == WISH_FAIL)
			return EXIT_ERROR;
	}
}

int run_screen(struct source *source, struct view *view)
{
	struct page page = { 0 };
	struct rows rows = { 0 };
	int code;

	/* What cannot be read is said before the screen is cleared. */
	code = source_refresh(source);
	if (!code)
		code = screen_open(view->colour);
	if (code)
		return code;
	catch_interrupts();
	complain_after(screen_close);
	code = serve(&page, source, &rows, view);
	complain_after(NULL);
	screen_close();
	page_free(&page);
	rows_free(&rows);
	return code;
}
