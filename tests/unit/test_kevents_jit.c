// SPDX-License-Identifier: GPL-2.0-or-later
/* Perf maps and jitdumps: what their bytes say, however they come in pieces, and bad ones. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "kevents/jit/jitdump.h"
#include "kevents/jit/perf_map.h"

static void lines_are_read(void **state)
{
	static const struct {
		const char *line, *name; /* NULL: it is none */
		uint64_t start, size;
	} cases[] = {
		{"7f00 10 main", "main", 0x7f00, 0x10},
		{"0x7f00 0x10 main", "main", 0x7f00, 0x10},
		{"0X7F00 0XaB main", "main", 0x7f00, 0xab},
		{"ffffffff81000000  2a \t with  spaces  ", "with  spaces  ", 0xffffffff81000000,
			0x2a},
		{"1 1 LFoo;::bar(int, char)", "LFoo;::bar(int, char)", 1, 1},
		{"1 1 x\r", "x", 1, 1},
		{"0 1 0x", "0x", 0, 1},
		{"", NULL, 0, 0},
		{"1", NULL, 0, 0},
		{"1 1", NULL, 0, 0},
		{"1 1 ", NULL, 0, 0},
		{"1 0 nothing", NULL, 0, 0},
		{"0x 1 x", NULL, 0, 0},
		{"1 -1 x", NULL, 0, 0},
		{"g 1 x", NULL, 0, 0},
		{" 1 1 x", NULL, 0, 0},
		{"11112222333344445 1 x", NULL, 0, 0},
		{"ffffffffffffffff 1 x", NULL, 0, 0},
		{"2 ffffffffffffffff x", NULL, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct perf_map_line line;
		int err = perf_map_parse_line(cases[i].line, strlen(cases[i].line), &line);

		if (err != (cases[i].name ? 0 : -EINVAL))
			fail_msg("case %zu: %s: %d", i, cases[i].line, err);
		if (err)
			continue;
		assert_int_equal(line.start, cases[i].start);
		assert_int_equal(line.size, cases[i].size);
		assert_int_equal(line.name_length, strlen(cases[i].name));
		assert_memory_equal(line.name, cases[i].name, line.name_length);
	}
}

struct text {
	char bytes[65536];
	size_t size;
};

static int note_line(const struct perf_map_line *line, void *context)
{
	struct text *text = context;

	text->size += (size_t)snprintf(text->bytes + text->size, sizeof(text->bytes) - text->size,
		"%llx+%llx=%.*s;", (unsigned long long)line->start, (unsigned long long)line->size,
		(int)line->name_length, line->name);
	return 0;
}

static void pieces_make_the_same_lines(void **state)
{
	static const char map[] = "10 10 one\nnonsense\n0x20 0x8 two words\n\n30 1 three";

	(void)state;
	for (size_t step = 1; step < sizeof(map); step++) {
		struct perf_map_parser parser = {0};
		struct text text = {0};

		for (size_t at = 0; at < sizeof(map) - 1; at += step)
			perf_map_parse(&parser, map + at,
				sizeof(map) - 1 - at < step ? sizeof(map) - 1 - at : step,
				note_line, &text);
		/* The last one has no newline: it may go on. */
		assert_string_equal(text.bytes, "10+10=one;20+8=two words;");
		assert_int_equal(parser.lines, 4);
		assert_int_equal(parser.bad, 2);
		perf_map_parse(&parser, "\n", 1, note_line, &text);
		assert_string_equal(text.bytes, "10+10=one;20+8=two words;30+1=three;");
	}
}

static void a_long_line_is_cut_and_the_next_one_is_read(void **state)
{
	struct perf_map_parser parser = {0};
	struct text text = {0};
	char x[100];

	(void)state;
	memset(x, 'x', sizeof(x));
	perf_map_parse(&parser, "10 10 ", 6, note_line, &text);
	for (int i = 0; i < 1000; i++)
		perf_map_parse(&parser, x, sizeof(x), note_line, &text);
	perf_map_parse(&parser, "\n20 20 y\n", 9, note_line, &text);
	assert_int_equal(text.size, strlen("10+10=;20+20=y;") + PERF_MAP_NAME_MAX);
	assert_non_null(strstr(text.bytes, ";20+20=y;"));
}

/* -- jitdump -- */

static void put(struct text *text, const void *bytes, size_t size)
{
	memcpy(text->bytes + text->size, bytes, size);
	text->size += size;
}

static void put_number(struct text *text, uint64_t number, size_t size, int swapped)
{
	for (size_t i = 0; i < size; i++) {
		size_t shift = 8 * (swapped ? size - 1 - i : i);

		text->bytes[text->size++] = (char)(number >> shift);
	}
}

static void put_header(struct text *text, int swapped)
{
	put_number(text, 0x4a695444, 4, swapped);
	put_number(text, 1, 4, swapped);
	put_number(text, 40, 4, swapped);
	put_number(text, 62, 4, swapped);
	put_number(text, 0, 4, swapped);
	put_number(text, 4711, 4, swapped);
	put_number(text, 5, 8, swapped);
	put_number(text, 0, 8, swapped);
}

static void put_load(struct text *text, int swapped, uint64_t start, const char *name)
{
	put_number(text, 0, 4, swapped);
	put_number(text, 56 + strlen(name) + 1 + 16, 4, swapped);
	put_number(text, 1000, 8, swapped);
	put_number(text, 4711, 4, swapped);
	put_number(text, 4712, 4, swapped);
	put_number(text, start, 8, swapped);
	put_number(text, start, 8, swapped);
	put_number(text, 16, 8, swapped);
	put_number(text, 7, 8, swapped);
	put(text, name, strlen(name) + 1);
	put(text, "0123456789abcdef", 16);
}

static void put_move(struct text *text, int swapped, uint64_t from, uint64_t to)
{
	put_number(text, 1, 4, swapped);
	put_number(text, 64, 4, swapped);
	put_number(text, 2000, 8, swapped);
	put_number(text, 4711, 4, swapped);
	put_number(text, 4712, 4, swapped);
	put_number(text, to, 8, swapped);
	put_number(text, from, 8, swapped);
	put_number(text, to, 8, swapped);
	put_number(text, 16, 8, swapped);
	put_number(text, 7, 8, swapped);
}

static void put_other(struct text *text, int swapped, uint32_t id, size_t payload)
{
	put_number(text, id, 4, swapped);
	put_number(text, 16 + payload, 4, swapped);
	put_number(text, 3000, 8, swapped);
	while (payload--)
		put(text, "d", 1);
}

static int note_record(const struct jitdump_record *record, void *context)
{
	struct text *text = context;

	text->size += (size_t)snprintf(text->bytes + text->size, sizeof(text->bytes) - text->size,
		"%d@%llu:%llx<%llx+%llu#%llu=%.*s;", record->kind, (unsigned long long)record->time,
		(unsigned long long)record->start, (unsigned long long)record->old_start,
		(unsigned long long)record->size, (unsigned long long)record->index,
		(int)record->name_length, record->name ? record->name : "");
	return 0;
}

static void dumps_are_read_in_pieces_and_in_either_order(void **state)
{
	static struct text dump, text;

	(void)state;
	for (int swapped = 0; swapped < 2; swapped++) {
		dump.size = 0;
		put_header(&dump, swapped);
		put_other(&dump, swapped, 2, 2000);
		put_load(&dump, swapped, 0x1000, "one");
		put_other(&dump, swapped, 4, 3);
		put_other(&dump, swapped, 99, 0);
		put_move(&dump, swapped, 0x1000, 0x2000);
		put_load(&dump, swapped, 0x1000, "");
		for (size_t step = 1; step < 200; step++) {
			struct jitdump_parser parser = {0};

			text.size = 0;
			for (size_t at = 0; at < dump.size; at += step)
				assert_int_equal(
					jitdump_parse(&parser, dump.bytes + at,
						dump.size - at < step ? dump.size - at : step,
						note_record, &text),
					0);
			assert_string_equal(text.bytes,
				"0@1000:1000<0+16#7=one;"
				"1@2000:2000<1000+16#7=;0@1000:1000<0+16#7=;");
			assert_int_equal(parser.pid, 4711);
			assert_int_equal(parser.length, 0);
			assert_int_equal(parser.skip, 0);
			assert_int_equal(parser.records, 6);
		}
	}
}

static void nothing_is_read_behind_a_close(void **state)
{
	struct jitdump_parser parser = {0};
	static struct text dump, text;

	(void)state;
	put_header(&dump, 0);
	put_load(&dump, 0, 0x1000, "one");
	put_other(&dump, 0, 3, 0);
	put_load(&dump, 0, 0x1000, "two");
	assert_int_equal(jitdump_parse(&parser, dump.bytes, dump.size, note_record, &text), 0);
	assert_true(parser.is_closed);
	assert_string_equal(text.bytes, "0@1000:1000<0+16#7=one;");
}

static void what_contradicts_itself_is_refused(void **state)
{
	static const struct {
		size_t offset; /* in a dump of one record */
		uint32_t value, id; /* 0: it is a load */
	} cases[] = {
		{0, 0, 0}, /* magic */
		{4, 2, 0}, /* version */
		{8, 39, 0}, {8, 0x7fffffff, 0}, /* size of the header */
		{40 + 4, 0, 0}, {40 + 4, 15, 0}, /* size of the record */
		{40 + 4, 55, 0}, {40 + 4, 56, 0}, {40 + 4, 58, 0}, /* the name ends outside */
		{40 + 28, 0xffffffff, 0}, /* start */
		/* A load has a check of its own; of others there is only that of their header. */
		{40 + 4, 0, 2}, {40 + 4, 15, 2}, {40 + 4, 0, 4}, {40 + 4, 15, 4},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct jitdump_parser parser = {0};
		static struct text dump, text;
		size_t end;

		dump.size = text.size = 0;
		put_header(&dump, 0);
		put_load(&dump, 0, 0xfffffff8, "one");
		end = dump.size;
		dump.size = 40;
		put_number(&dump, cases[i].id, 4, 0);
		dump.size = cases[i].offset;
		put_number(&dump, cases[i].value, 4, 0);
		if (jitdump_parse(&parser, dump.bytes, end, note_record, &text) != -EBADMSG)
			fail_msg("case %zu", i);
		/* And it stays so. */
		assert_int_equal(jitdump_parse(&parser, dump.bytes, end, note_record, &text), 0);
		assert_int_equal(text.size, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_read),
		cmocka_unit_test(pieces_make_the_same_lines),
		cmocka_unit_test(a_long_line_is_cut_and_the_next_one_is_read),
		cmocka_unit_test(dumps_are_read_in_pieces_and_in_either_order),
		cmocka_unit_test(nothing_is_read_behind_a_close),
		cmocka_unit_test(what_contradicts_itself_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
