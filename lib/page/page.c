// SPDX-License-Identifier: GPL-2.0-or-later
#include "page.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>
#include "../text/text.h"

/* Whether a browser's parser of markup could take it for the end of the data. JSON has these in strings alone. */
static bool is_markup(char character)
{
	return character == '<' || character == '>' || character == '&' || character == '\'';
}

void page_put_safe_string(FILE *out, const char *safe)
{
	putc('"', out);
	for (const char *at = safe; *at; at++) {
		if (is_markup(*at))
			fprintf(out, "\\u%04x", (unsigned char)*at);
		else if (*at == '"' || *at == '\\')
			fprintf(out, "\\%c", *at);
		else
			putc(*at, out);
	}
	putc('"', out);
}

void page_put_string(FILE *out, const char *text)
{
	char *safe = safe_text(text);

	page_put_safe_string(out, safe ? safe : "?");
	free(safe);
}

void page_put_json(FILE *out, struct json_object *value)
{
	const char *text = json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);

	for (const char *at = text ? text : "null"; *at; at++) {
		if (is_markup(*at))
			fprintf(out, "\\u%04x", (unsigned char)*at);
		else
			putc(*at, out);
	}
}

/* Only a script that has this number runs in the page, should any markup get in after all. */
static int make_nonce(char *nonce)
{
	__u8 bytes[16];

	if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		return -EIO;
	print_hex(nonce, bytes, sizeof(bytes));
	return 0;
}

int page_begin(struct page *page, const struct page_files *files, FILE *out)
{
	const char *nonce = page->nonce;
	int err = make_nonce(page->nonce);

	if (err)
		return err;
	page->out = out;
	page->files = files;
	fprintf(out,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		"script-src 'nonce-%s'; style-src 'nonce-%s'; base-uri 'none'; form-action "
		"'none'\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<title>%s</title>\n<style nonce=\"%s\">\n",
		nonce, nonce, files->title, nonce);
	fwrite(files->css, 1, files->css_size, out);
	fputs("</style>\n", out);
	fwrite(files->html, 1, files->html_size, out);
	fputs("<script type=\"application/json\" id=\"data\">\n", out);
	return 0;
}

void page_end(struct page *page)
{
	fprintf(page->out, "\n</script>\n<script nonce=\"%s\">\n", page->nonce);
	fwrite(page->files->js, 1, page->files->js_size, page->out);
	fputs("</script>\n</html>\n", page->out);
}
