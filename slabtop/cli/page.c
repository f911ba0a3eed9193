// SPDX-License-Identifier: GPL-2.0-or-later
#include "page.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "columns.h"
#include "help.h"
#include "status.h"
#include "summary.h"
#include "words.h"

/* Below this, rows are worth more than sums. */
enum { HEIGHT_FOR_SUMMARY = 11, NAME_SIZE = 256 };

/* A line of the table before it is known which columns there is room for. */
struct entry {
	struct cells cells;
	char name[NAME_SIZE];
	size_t own; /* of the name, what must not be cut; behind it is how many others there are */
	enum style growth;
	bool grows, has_figures, is_found;
};

int page_resize(struct page *page, int width, int height)
{
	struct page_line *lines;

	if (width > PAGE_WIDTH_MAX)
		width = PAGE_WIDTH_MAX;
	lines = reallocarray(page->lines, (size_t)height + 1, sizeof(*lines));
	if (!lines)
		return -ENOMEM;
	page->lines = lines;
	page->width = width;
	page->height = height;
	return 0;
}

void page_free(struct page *page)
{
	free(page->lines);
	*page = (struct page){ 0 };
}

static void append(struct page_line *line, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(line->text + line->length, PAGE_TEXT - line->length, format, arguments);
	va_end(arguments);
	line->length += (size_t)length < PAGE_TEXT - line->length ? (size_t)length
								  : PAGE_TEXT - 1 - line->length;
}

static void mark(struct page_line *line, size_t from, enum style style)
{
	if (line->span_count < PAGE_SPANS && line->length > from)
		line->spans[line->span_count++] = (struct span){ from, line->length - from, style };
}

/* Right-aligned, by columns of the screen, and a space. */
static void append_cell(struct page_line *line, const char *text, int text_width, int width)
{
	append(line, "%*s%s ", width > text_width ? width - text_width : 0, "", text);
}

static void name_cache(struct entry *entry, const struct slab_track *track,
	const struct facts *facts, bool expanded)
{
	size_t others = 0;

	print_name(entry->name, sizeof(entry->name), track->now.name);
	entry->own = strlen(entry->name);
	while (!expanded && facts_other_name(facts, track, others))
		others++;
	if (others)
		snprintf(entry->name + entry->own, sizeof(entry->name) - entry->own, " +%zu",
			others);
}

static void enter_cache(
	struct entry *entry, struct source *source, const struct row *row, const struct view *view)
{
	const struct facts *facts = source_facts(source, row->track);

	fill_cells(
		&entry->cells, &row->track->now, row->track, true, source->tracker.page_size, view);
	name_cache(entry, row->track, facts, view->aliases);
	entry->has_figures = true;
	entry->grows = slab_growth_total(row->track) > 0;
	entry->growth = facts->kind == RECLAIMABLE ? STYLE_GROWS : STYLE_GROWS_FOR_GOOD;
	entry->is_found = *view->search && row_matches(source, row, view->search);
}

static size_t enter_nodes(struct entry *entries, size_t room, struct source *source,
	const struct row *row, const struct view *view)
{
	struct slab_nodes nodes;
	size_t count = 0;

	if (!source->sysfs || slab_sysfs_nodes(source->sysfs, row->track->now.name, &nodes))
		return 0;
	for (; count < nodes.count && count < room; count++) {
		struct entry *entry = &entries[count];
		struct slab_cache cache = row->track->now;

		cache.active_objs = nodes.nodes[count].active_objs;
		cache.num_objs = nodes.nodes[count].num_objs;
		cache.num_slabs = nodes.nodes[count].num_slabs;
		fill_cells(
			&entry->cells, &cache, row->track, false, source->tracker.page_size, view);
		entry->has_figures = true;
		entry->own =
			(size_t)snprintf(entry->name, sizeof(entry->name), "  node %zu", count);
	}
	return count;
}

static size_t enter_aliases(
	struct entry *entries, size_t room, struct source *source, const struct row *row)
{
	const struct facts *facts = source_facts(source, row->track);
	const char *other;
	size_t count = 0;

	for (; count < room && (other = facts_other_name(facts, row->track, count)); count++) {
		memcpy(entries[count].name, "  = ", 5);
		print_name(entries[count].name + 4, sizeof(entries[count].name) - 4, other);
		entries[count].own = strlen(entries[count].name);
	}
	return count;
}

/* As many entries as there is room for; into *shown how many caches they are of. */
static size_t enter_rows(struct entry *entries, size_t room, struct source *source,
	const struct rows *rows, const struct view *view, size_t *shown)
{
	size_t count = 0;

	for (*shown = 0; count < room && view->top + *shown < rows->count; ++*shown) {
		const struct row *row = &rows->rows[view->top + *shown];

		enter_cache(&entries[count++], source, row, view);
		if (view->nodes)
			count += enter_nodes(&entries[count], room - count, source, row, view);
		if (view->aliases)
			count += enter_aliases(&entries[count], room - count, source, row);
	}
	return count;
}

static int longest_name(struct view *view, const struct entry *entries, size_t count)
{
	size_t longest = strlen("NAME");

	for (size_t i = 0; i < count; i++) {
		longest = entries[i].own > longest ? entries[i].own : longest;
		for (enum column column = OBJS; column < COLUMN_COUNT; column++)
			if (entries[i].cells.width[column] > view->widths[column])
				view->widths[column] = entries[i].cells.width[column];
	}
	return (int)longest;
}

/* What is cut ends with a tilde; what else a cache is called is not cut, but left out. */
static void append_name(struct page_line *line, const struct entry *entry, int room)
{
	size_t length = strlen(entry->name), from = line->length;

	if (length > (size_t)room)
		length = entry->own;
	if (length > (size_t)room)
		append(line, "%.*s~", room - 1, entry->name);
	else
		append(line, "%.*s", (int)length, entry->name);
	if (entry->is_found)
		mark(line, from, STYLE_FOUND);
}

static void draw_entry(struct page_line *line, const struct entry *entry, const bool *chosen,
	const struct view *view, int name_room)
{
	for (enum column column = OBJS; column < COLUMN_COUNT; column++) {
		size_t from = line->length;

		if (!chosen[column])
			continue;
		append_cell(line, entry->has_figures ? entry->cells.text[column] : "",
			entry->cells.width[column], column_width(view, column));
		if (column >= RATE && entry->grows)
			mark(line, from, entry->growth);
	}
	append_name(line, entry, name_room);
}

static void draw_header(
	struct page_line *line, const bool *chosen, const struct view *view, int width)
{
	enum column sorted = sorted_column(view);
	size_t from = 0;

	for (enum column column = OBJS; column < COLUMN_COUNT; column++) {
		const char *title = column_title(column);
		int title_width = (int)strlen(title);

		if (!chosen[column])
			continue;
		append(line, "%*s", column_width(view, column) - title_width, "");
		if (column == sorted) {
			mark(line, from, STYLE_HEADER);
			from = line->length;
			append(line, "%s", title);
			mark(line, from, STYLE_SORTED);
			from = line->length;
			append(line, " ");
		} else {
			append(line, "%s ", title);
		}
	}
	append(line, "%-*s", width - (int)line->length > 0 ? width - (int)line->length : 0, "NAME");
	mark(line, from, STYLE_HEADER);
}

static size_t draw_table(struct page *page, int first, int height, struct source *source,
	const struct rows *rows, struct view *view)
{
	size_t room = (size_t)(height > 1 ? height - 1 : 0), count, shown;
	struct entry *entries = calloc(room + 1, sizeof(*entries));
	bool chosen[COLUMN_COUNT];
	int name_room;

	if (!entries)
		return 0;
	count = enter_rows(entries, room, source, rows, view, &shown);
	name_room = choose_columns(chosen, view, longest_name(view, entries, count), page->width);
	draw_header(&page->lines[first], chosen, view, page->width);
	for (size_t i = 0; i < count; i++)
		draw_entry(&page->lines[first + 1 + (int)i], &entries[i], chosen, view, name_room);
	free(entries);
	return shown;
}

static int draw_summary(struct page *page, struct source *source, const struct view *view)
{
	char lines[SUMMARY_LINES][SUMMARY_WIDTH];
	struct split split;

	if (page->height < HEIGHT_FOR_SUMMARY)
		return 0;
	split_memory(&split, source);
	summarize(lines, source, &split, view->human, page->width < 68);
	for (int i = 0; i < SUMMARY_LINES; i++)
		append(&page->lines[i], "%.*s", page->width, lines[i]);
	return SUMMARY_LINES;
}

/* In as many columns as it takes and there are. */
static void draw_help(struct page *page)
{
	for (int i = 0; help_screen[i]; i++) {
		struct page_line *line = &page->lines[i % page->height];
		int from = i / page->height * HELP_WIDTH, room = page->width - from;

		if (room > 0)
			append(line, "%*s%.*s", from - (int)line->length, "", room, help_screen[i]);
	}
}

static void draw_status(struct page_line *line, const char *status, int width)
{
	append(line, "%-*.*s", width, width, status);
	mark(line, 0, STYLE_STATUS);
}

size_t page_compose(
	struct page *page, struct source *source, const struct rows *rows, struct view *view)
{
	char status[PAGE_WIDTH_MAX + 1];
	int height = page->height, first;

	for (int i = 0; i < page->height; i++) {
		page->lines[i].length = page->lines[i].span_count = 0;
		page->lines[i].text[0] = '\0';
	}
	if (view->help) {
		draw_help(page);
		return 0;
	}
	if (view->top >= rows->count)
		view->top = rows->count ? rows->count - 1 : 0;
	if (print_status(status, sizeof(status), source, rows, view) && height > 2)
		draw_status(&page->lines[--height], status, page->width);
	first = draw_summary(page, source, view);
	return draw_table(page, first, height - first, source, rows, view);
}
