/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An HTML page that needs nothing else: a style, markup, data as JSON and a script, which builds the rest. Whatever names are
 * in the data, none becomes markup or script: they stand in a block of JSON without <, and a policy lets no other script run.
 */
#ifndef KERNKIT_PAGE_PAGE_H
#define KERNKIT_PAGE_PAGE_H

#include <json-c/json.h>
#include <stddef.h>
#include <stdio.h>

/* What a page is made of; lib/page/embed.sh makes arrays of files. */
struct page_files {
	const char *title;
	const unsigned char *css, *html, *js;
	size_t css_size, html_size, js_size;
};

struct page {
	FILE *out;
	const struct page_files *files;
	char nonce[33];
};

/*
 * Prints the page up to its data: one JSON value is to be printed to out then, with page_put_string or page_put_json wherever
 * it has text. 0; -EIO: no random bytes. Errors of writing are out's.
 */
int page_begin(struct page *page, const struct page_files *files, FILE *out);

/* Prints what is behind the data. */
void page_end(struct page *page);

/* Any text, as a JSON string. */
void page_put_string(FILE *out, const char *text);

/* The same of text that is UTF-8 without control characters. */
void page_put_safe_string(FILE *out, const char *safe);

/* A whole value. */
void page_put_json(FILE *out, struct json_object *value);

#endif
