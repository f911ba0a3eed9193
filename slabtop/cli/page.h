/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A screen as text with styles: what is drawn, without who draws it. */
#ifndef SLABTOP_PAGE_H
#define SLABTOP_PAGE_H

#include "view.h"

enum { PAGE_WIDTH_MAX = 400, PAGE_TEXT = 3 * PAGE_WIDTH_MAX + 1, PAGE_SPANS = 5 };

enum style {
	STYLE_HEADER,
	STYLE_SORTED,
	STYLE_FOUND,
	STYLE_GROWS,
	STYLE_GROWS_FOR_GOOD,
	STYLE_STATUS
};

struct span {
	size_t from, length; /* bytes */
	enum style style;
};

struct page_line {
	char text[PAGE_TEXT]; /* UTF-8, every character one column wide */
	size_t length;
	struct span spans[PAGE_SPANS];
	size_t span_count;
};

struct page {
	int width, height;
	struct page_line *lines;
};

/* Room for a screen of that size. 0 or -ENOMEM. */
int page_resize(struct page *page, int width, int height);
/* Frees its lines. */
void page_free(struct page *page);

/* Draws everything into the page. Corrects view->top. Returns how many rows of caches it shows. */
size_t page_compose(
	struct page *page, struct source *source, const struct rows *rows, struct view *view);

#endif
