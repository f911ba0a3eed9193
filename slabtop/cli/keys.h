/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SLABTOP_KEYS_H
#define SLABTOP_KEYS_H

#include "view.h"

enum wish {
	WISH_DRAW, /* what is there, again */
	WISH_REFRESH, /* the next snapshot */
	WISH_QUIT,
	WISH_FAIL,
	/* In a recording. */
	WISH_BACK,
	WISH_FAR_BACK,
	WISH_FAR_ON,
	WISH_FIRST,
	WISH_LAST,
};

/* Does what a key of screen.h says. shown: how many caches the screen has. */
enum wish take_key(
	int key, struct source *source, const struct rows *rows, struct view *view, size_t shown);

#endif
