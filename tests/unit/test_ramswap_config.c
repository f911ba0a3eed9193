// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ramswap.conf to settings and back, its expressions, the kernel's command line, where the files are, what is imported from
 * other tools, and the units that are made of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "ramswap/boot/units.h"
#include "ramswap/config/command_line.h"
#include "ramswap/config/config.h"
#include "ramswap/config/expression.h"
#include "ramswap/config/import.h"
#include "folder.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static void expressions(void **state)
{
	static const struct expression_variable variables[] = EXPRESSION_VARIABLES(8192, 1024, 0);
	static const struct {
		const char *text;
		double value; /* -1: it is wrong */
		const char *words;
	} cases[] = {
		{ "0", 0, NULL },
		{ "4096", 4096, NULL },
		{ "0.5", 0.5, NULL },
		{ ".5*ram", 4096, NULL },
		{ "5.", 5, NULL },
		{ "ram / 2", 4096, NULL },
		{ "min(ram / 2, 4096)", 4096, NULL },
		{ "min(ram, 100, swap)", 100, NULL },
		{ "min(7)", 7, NULL },
		{ "max(ram/4,far)", 2048, NULL },
		{ "min(min(ram, 4096) + max(ram - 4096, 0) / 2, 32 * 1024)", 6144, NULL },
		{ "7*5%3", 14, NULL },
		{ "7/4%3", 7, NULL },
		{ "10%4%3", 2, NULL },
		{ "10 - 2 - 3", 5, NULL },
		{ "10-2+3", 11, NULL },
		{ "100/10/2", 5, NULL },
		{ "2+3*4", 14, NULL },
		{ "(2+3)*4", 20, NULL },
		{ "2^3^2", 512, NULL },
		{ "-2^2", 4, NULL },
		{ "2^-1", 0.5, NULL },
		{ "2--3", 5, NULL },
		{ "+3", 3, NULL },
		{ "2 * -3 + 7", 1, NULL },
		{ "-0", 0, NULL },
		{ "\tint ( 2.7 ) ", 2, NULL },
		{ "floor(2.7)+ceil(2.1)+round(2.5)+abs(-1)", 9, NULL },
		{ "swap + far", 1024, NULL },
		{ "", -1, "column 1: a number, a variable, or ( is missing" },
		{ "ram /", -1, "column 6: a number, a variable, or ( is missing" },
		{ "mem", -1, "column 1: no such variable: mem: there is ram, swap, far" },
		{ "RAM", -1, "column 1: no such variable: RAM: there is ram, swap, far" },
		{ "ra", -1, "column 1: no such variable: ra: there is ram, swap, far" },
		{ "mi(1)", -1, "column 1: no such function: mi: there is min, max, int, floor, ceil, round, abs" },
		{ "4G", -1, "column 1: sizes are in MiB, and have no unit: write 4096" },
		{ "1 + 1.5T", -1, "column 5: sizes are in MiB, and have no unit: write 1572864" },
		{ "512M", -1, "column 1: sizes are in MiB, and have no unit: write 512" },
		{ "4KiB", -1, "column 1: a number goes on with letters: sizes are in MiB, and have no unit" },
		{ "1e3", -1, "column 1: a number goes on with letters: sizes are in MiB, and have no unit" },
		{ "50%", -1, "column 4: a number, a variable, or ( is missing" },
		{ "(ram", -1, "column 5: a ) is missing" },
		{ "ram)", -1, "column 4: the expression was at its end before this" },
		{ "2 3", -1, "column 3: the expression was at its end before this" },
		{ "min(1,", -1, "column 7: a number, a variable, or ( is missing" },
		{ "min()", -1, "column 5: a number, a variable, or ( is missing" },
		{ "int(1,2)", -1, "column 6: a ) is missing: this function is of one number" },
		{ "log(2)", -1, "column 1: no such function: log: there is min, max, int, floor, ceil, round, abs" },
		{ "ram / far", -1, "column 5: division by 0" },
		{ "ram % far", -1, "column 5: division by 0" },
		{ "1 - 2", -1, "column 1: the result is below 0: -1" },
		{ "9^999", -1, "column 2: the number becomes too large, or none" },
		{ "(0-8)^.5", -1, "column 6: the number becomes too large, or none" },
		{ "99999999999999999999", -1, "column 1: the number is too large" },
		{ "0x10", -1, "column 1: a number goes on with letters: sizes are in MiB, and have no unit" },
		{ "ram & 1", -1, "column 5: the expression was at its end before this" },
		{ "2**3", -1, "column 3: a number, a variable, or ( is missing" },
		{ "ram\n", -1, "column 4: the expression was at its end before this" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char words[256] = "";
		double value = -1;
		int err = expression_evaluate(cases[i].text, variables, COUNT(variables), &value, words, sizeof(words));

		if (err != (cases[i].words ? -EINVAL : 0) || value != cases[i].value ||
			strcmp(words, cases[i].words ? cases[i].words : ""))
			fail_msg("\"%s\": %d, %g, %s", cases[i].text, err, value, words);
	}
}

/* A text of so many characters: the first ones, then, of one kind, the others. */
static char *long_text(char *text, const char *begin, char character, size_t length)
{
	memset(text, character, length);
	memcpy(text, begin, strlen(begin));
	text[length] = 0;
	return text;
}

static void expressions_are_bounded(void **state)
{
	static const struct expression_variable variables[] = { { "ram", 1 } };
	char text[1024], words[256];
	double value;

	(void)state;
	assert_int_equal(expression_evaluate(long_text(text, "1", '0', 256), variables, 1, &value, words, sizeof(words)),
		-EINVAL);
	assert_string_equal(words, "column 256: more than 255 bytes");
	assert_int_equal(expression_evaluate(long_text(text, "+", '(', 200), variables, 1, &value, words, sizeof(words)),
		-EINVAL);
	assert_non_null(strstr(words, "more than 32 parentheses, signs or powers"));
	assert_int_equal(expression_evaluate(long_text(text, "-", '-', 200), variables, 1, &value, words, sizeof(words)),
		-EINVAL);
	/* As much as is allowed. */
	assert_int_equal(expression_evaluate(long_text(text, "1", ' ', 255), variables, 1, &value, words, sizeof(words)), 0);
	strcat(long_text(text, "+", '+', 31), "1");
	assert_int_equal(expression_evaluate(text, variables, 1, &value, words, sizeof(words)), 0);
	strcat(long_text(text, "+", '+', 32), "1");
	assert_int_equal(expression_evaluate(text, variables, 1, &value, words, sizeof(words)), -EINVAL);
	*text = 0;
	for (int i = 0; i < 60; i++)
		strcat(text, "1^");
	strcat(text, "1");
	assert_int_equal(expression_evaluate(text, variables, 1, &value, words, sizeof(words)), -EINVAL);
	assert_non_null(strstr(words, "more than 32 parentheses, signs or powers"));
	/* What depends on values is no matter of the form. */
	assert_int_equal(expression_check("1 / 0 - ram", variables, 1, words, sizeof(words)), 0);
	assert_int_equal(expression_check("1 / (", variables, 1, words, sizeof(words)), -EINVAL);
	/* Little room for words. */
	assert_int_equal(expression_evaluate("1 2", variables, 1, &value, words, 9), -EINVAL);
	assert_string_equal(words, "column 3");
}

static void command_lines(void **state)
{
	static const struct {
		const char *line;
		int result; /* 1, 0, or a negative errno */
	} cases[] = {
		{ "", -ENOENT },
		{ "quiet", -ENOENT },
		{ "ramswap", 1 },
		{ "quiet ramswap=1\n", 1 },
		{ "ramswap=0", 0 },
		{ "ramswap=yes", 1 },
		{ "ramswap=Off", 0 },
		{ "ramswap=TRUE", 1 },
		{ "ramswap=", -EINVAL },
		{ "ramswap=2", -EINVAL },
		{ "ramswap=0 ramswap=1", 1 },
		{ "ramswap=1 ramswap=0", 0 },
		{ "ramswap=1 ramswap=x", -EINVAL },
		{ "ramswap=x ramswap=1", 1 },
		{ "ramswaps=1", -ENOENT },
		{ "xramswap=1", -ENOENT },
		{ "ramswap.debug=1", -ENOENT },
		{ "\"ramswap=0\"", 0 },
		{ "ramswap=\"0\"", 0 },
		{ "ramswap='0'", 0 },
		{ "x=\"a ramswap=0 b\"", -ENOENT },
		{ "x='a \" ramswap=0 b' ramswap=1", 1 },
		{ "x=\\\"a ramswap=0", -ENOENT },
		{ "x=\"a ramswap=0", -ENOENT },
		{ "\t\nramswap=0\n", 0 },
	};
	char line[1024], word[COMMAND_LINE_WORD_MAX + 1];
	const char *at;
	bool is_on;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int err = command_line_switch(cases[i].line, "ramswap", &is_on);

		if ((err ? err : is_on) != cases[i].result)
			fail_msg("%s: %d, %d", cases[i].line, err, is_on);
	}
	assert_int_equal(command_line_switch("systemd.zram_x=0", "systemd.zram-x", &is_on), 0);
	assert_int_equal(command_line_switch("systemd.zram-x=0", "systemd.zram_x", &is_on), 0);
	/* The longest word, and one character more. */
	memset(line, 'a', sizeof(line));
	strcpy(line + COMMAND_LINE_WORD_MAX, " b");
	at = line;
	assert_true(command_line_word(&at, word));
	assert_int_equal(strlen(word), COMMAND_LINE_WORD_MAX);
	strcpy(line + COMMAND_LINE_WORD_MAX, "a b");
	at = line;
	assert_true(command_line_word(&at, word));
	assert_string_equal(word, "b");
	/* What is too long is none, and does not hide what follows. */
	strcpy(line + 600, " ramswap=0");
	memset(line, 'a', 600);
	assert_int_equal(command_line_switch(line, "ramswap", &is_on), 0);
	assert_false(is_on);
}

static int parse(const char *text, struct ramswap_settings *settings, struct ramswap_problem *problem)
{
	ramswap_settings_init(settings);
	return config_parse("ramswap.conf", text, strlen(text), settings, problem);
}

static void values(void **state)
{
	static const char text[] = "\xef\xbb\xbf# A comment, which may be longer than a line: .................................."
				   "....................................................................................\n"
				   "[zram]\nuse = no\nsize=min(ram, swap)\n limit = ram/4 ; a quarter\n"
				   "algorithm = zstd(level=3,dict=/etc/a.b)\nrecompression=none\n"
				   "writeback = /dev/disk/by-id/x\nidle-after = 1.5h\nrecompress-after=90\nwriteback-daily=20G\n"
				   "[ source   pmem0 ] ; one\nuse = yes\n[source dax0.0]\nuse = system-ram\n"
				   "[source pmem0]\nuse = no\n"
				   "[policy]\nabove-all=no\npriority=32767\ndemotion=yes\nzswap-off=no\nswappiness=200\n"
				   "page-cluster=0\nwatermark-scale-factor=3000\nbeside-others=yes";
	struct ramswap_settings settings;
	struct ramswap_problem problem;

	(void)state;
	if (parse(text, &settings, &problem))
		fail_msg("%s", problem.text);
	assert_int_equal(settings.zram, RAMSWAP_USE_NO);
	assert_string_equal(settings.zram_size, "min(ram, swap)");
	assert_string_equal(settings.zram_limit, "ram/4");
	assert_string_equal(settings.algorithm, "zstd(level=3,dict=/etc/a.b)");
	assert_string_equal(settings.recompression, "none");
	assert_string_equal(settings.writeback, "/dev/disk/by-id/x");
	assert_true(settings.idle_after == 5400 && settings.recompress_after == 90);
	assert_int_equal(settings.writeback_daily, 20ULL << 30);
	assert_int_equal(settings.source_count, 2);
	assert_string_equal(settings.sources[0].name, "pmem0");
	assert_int_equal(settings.sources[0].use, RAMSWAP_USE_NO);
	assert_string_equal(settings.sources[1].name, "dax0.0");
	assert_int_equal(settings.sources[1].use, RAMSWAP_USE_SYSTEM_RAM);
	assert_true(!settings.above_all && settings.demotion && !settings.zswap_off && settings.beside_others);
	assert_int_equal(settings.priority, 32767);
	assert_int_equal(settings.swappiness, 200);
	assert_int_equal(settings.page_cluster, 0);
	assert_int_equal(settings.watermark_scale_factor, 3000);
	/* An empty value brings the default back. */
	strcpy(problem.text, "[zram]\nuse=\nsize=\n[policy]\nabove-all=\npriority=\n[source pmem0]\nuse=");
	assert_int_equal(config_parse("x", problem.text, strlen(problem.text), &settings, &problem), 0);
	assert_int_equal(settings.zram, RAMSWAP_USE_AUTO);
	assert_string_equal(settings.zram_size, "");
	assert_true(settings.above_all && settings.priority == -1 && settings.sources[0].use == RAMSWAP_USE_AUTO);
	assert_string_equal(settings.zram_limit, "ram/4");
}

static void errors(void **state)
{
	static const struct {
		const char *text, *problem; /* behind "ramswap.conf:" */
	} cases[] = {
		{ "use = no\n", "1: use: a setting stands in a section: [zram], [source NAME] or [policy]" },
		{ "[zarm]\n", "1: [zarm]: no such section; did you mean [zram]?" },
		{ "[engine]\n", "1: [engine]: no such section: there are [zram], [source NAME] and [policy]" },
		{ "[source]\n", "1: [source]: which one? [source pmem0]" },
		{ "[source /dev/pmem0]\n", "1: [source /dev/pmem0]: it is [source pmem0], without /dev/" },
		{ "[source a b]\n",
			"1: [source a b]: it is the name of one device, as ramswap sources lists it: [source pmem0]" },
		{ "[source a/b]\n",
			"1: [source a/b]: it is the name of one device, as ramswap sources lists it: [source pmem0]" },
		{ "\n[zram\n", "2: a section ends with ]" },
		{ "[zram] x\n", "1: nothing but a comment stands behind [section]" },
		{ "[zram]\nalgoritm = lz4\n", "2: algoritm: no such setting in [zram]; did you mean algorithm?" },
		{ "[zram]\npriority = 4\n", "2: priority: not a setting of [zram], but of [policy]" },
		{ "[source pmem0]\nsize = 4\n", "2: size: not a setting of [source], but of [zram]" },
		{ "[policy]\ncompletely = 4\n", "2: completely: no such setting in [policy]: see ramswap.conf(5)" },
		{ "[zram]\nuse\n", "2: neither [section] nor NAME = VALUE nor a comment" },
		{ "[zram]\nuse = maybe\n", "2: use = maybe: it is auto, yes or no" },
		{ "[source ram0]\nuse = maybe\n", "2: use = maybe: it is auto, yes, no or system-ram" },
		{ "[zram]\nuse = system-ram\n", "2: use = system-ram: it is auto, yes or no" },
		{ "[zram]\nsize = 4G\n", "2: size = 4G: column 1: sizes are in MiB, and have no unit: write 4096" },
		{ "[zram]\nlimit = mem\n", "2: limit = mem: column 1: no such variable: mem: there is ram, swap, far" },
		{ "[zram]\nalgorithm = none\n[policy]\npriority=-1\n",
			"4: priority = -1: it is a number from 0 to 32767, or auto" },
		{ "[zram]\nalgorithm = lz4 # fast\n",
			"2: algorithm = lz4 # fast: it is the name of an algorithm, lz4, or with parameters, "
			"zstd(level=3,dict=/etc/zram.dict) (a comment behind a value begins with ;)" },
		{ "[zram]\nrecompression = zstd(3)\n",
			"2: recompression = zstd(3): it is the name of an algorithm, lz4, or with parameters, "
			"zstd(level=3,dict=/etc/zram.dict), or none" },
		{ "[zram]\nwriteback = sda\n", "2: writeback = sda: a path begins with /" },
		{ "[zram]\nidle-after = 500ms\n",
			"2: idle-after = 500ms: it is seconds, or a number and ms, s, m, h or d, from 1s to 366d, or none" },
		{ "[zram]\nwriteback-daily = 1\n",
			"2: writeback-daily = 1: it is bytes, or a number and K, M, G or T, from 4K on, or none" },
		{ "[policy]\ndemotion = true\n", "2: demotion = true: it is yes or no" },
		{ "[policy]\npriority = 32768\n", "2: priority = 32768: it is a number from 0 to 32767, or auto" },
		{ "[policy]\nswappiness = 201\n", "2: swappiness = 201: it is a number from 0 to 200, or auto" },
		{ "[policy]\npage-cluster = x\n", "2: page-cluster = x: it is a number from 0 to 31, or auto" },
		{ "[policy]\nwatermark-scale-factor = 0\n",
			"2: watermark-scale-factor = 0: it is a number from 1 to 3000, or keep" },
	};
	struct ramswap_settings settings;
	struct ramswap_problem problem;
	char text[600] = "[zram]\nsize = ";

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int err = parse(cases[i].text, &settings, &problem);

		if (err != -EINVAL || strncmp(problem.text, "ramswap.conf:", 13) ||
			strcmp(problem.text + 13, cases[i].problem))
			fail_msg("%s: %d, %s", cases[i].text, err, problem.text);
	}
	/* Nothing of a text with an error is taken. */
	assert_int_equal(parse("[zram]\nuse = no\nuse = maybe\n", &settings, &problem), -EINVAL);
	assert_int_equal(settings.zram, RAMSWAP_USE_AUTO);
	memset(text + strlen(text), '1', 300);
	assert_int_equal(parse(text, &settings, &problem), -EINVAL);
	assert_string_equal(problem.text, "ramswap.conf:2: the line is longer than 197 bytes");
	ramswap_settings_init(&settings);
	assert_int_equal(config_parse("n", "[zram]\n\0", 8, &settings, &problem), -EINVAL);
	assert_string_equal(problem.text, "n:2: a NUL byte: this is not a text");
}

static void sources_are_bounded(void **state)
{
	struct ramswap_settings settings;
	struct ramswap_problem problem;
	char text[2048] = "", name[80];

	(void)state;
	for (unsigned int i = 0; i <= RAMSWAP_SOURCES_MAX; i++)
		sprintf(text + strlen(text), "[source pmem%u]\nuse=no\n", i);
	assert_int_equal(parse(text, &settings, &problem), -EINVAL);
	assert_string_equal(problem.text, "ramswap.conf:66: more than 32 sections [source NAME]");
	memset(name, 'n', 64);
	name[64] = 0;
	snprintf(text, sizeof(text), "[source %s]\nuse=no\n", name);
	assert_int_equal(parse(text, &settings, &problem), -EINVAL);
	name[63] = 0;
	snprintf(text, sizeof(text), "[source %s]\nuse=no\n", name);
	assert_int_equal(parse(text, &settings, &problem), 0);
	assert_string_equal(settings.sources[0].name, name);
}

static bool same_sources(const struct ramswap_settings *one, const struct ramswap_settings *other)
{
	if (one->source_count != other->source_count)
		return false;
	for (size_t i = 0; i < one->source_count; i++)
		if (strcmp(one->sources[i].name, other->sources[i].name) || one->sources[i].use != other->sources[i].use)
			return false;
	return true;
}

static bool same_settings(const struct ramswap_settings *one, const struct ramswap_settings *other)
{
	return one->zram == other->zram && !strcmp(one->zram_size, other->zram_size) &&
		!strcmp(one->zram_limit, other->zram_limit) && !strcmp(one->algorithm, other->algorithm) &&
		!strcmp(one->recompression, other->recompression) && !strcmp(one->writeback, other->writeback) &&
		one->idle_after == other->idle_after && one->recompress_after == other->recompress_after &&
		one->writeback_daily == other->writeback_daily && one->above_all == other->above_all &&
		one->priority == other->priority && one->demotion == other->demotion &&
		one->zswap_off == other->zswap_off && one->swappiness == other->swappiness &&
		one->page_cluster == other->page_cluster &&
		one->watermark_scale_factor == other->watermark_scale_factor &&
		one->beside_others == other->beside_others && same_sources(one, other);
}

/* A line of the file, any of them, with any value that it may have. */
static void print_random_line(FILE *out)
{
	static const char *const sections[] = { "zram", "source pmem0", "source dax1.0", "source x-!y" };
	static const char *const uses[] = { "auto", "yes", "no", "" }, *const flags[] = { "yes", "no", "" };
	static const char *const sizes[] = { "ram/2", "min(ram / 2, 4096)", "4096", "far^2%7", "" };
	static const char *const algorithms[] = { "lz4", "zstd(level=3)", "lzo-rle", "a(b=c,d=/e.f)", "none", "" };
	static const char *const units[] = { "", "s", "m", "h", "ms" };
	static const char *const scales[] = { "", "K", "M", "G", "T" };
	unsigned int number = (unsigned int)random();

#define ONE_OF(list) list[(unsigned int)random() % COUNT(list)]
	fprintf(out, "[zram]\nuse=%s\nsize=%s\nlimit=%s\nalgorithm=%s\nrecompression=%s\nwriteback=%s\n", ONE_OF(uses),
		ONE_OF(sizes), ONE_OF(sizes), ONE_OF(algorithms), ONE_OF(algorithms), number & 1 ? "/dev/x" : "");
	fprintf(out, "idle-after=%u%s\nwriteback-daily=%u%s\nrecompress-after=%u.%us\n", number % 7000 + 1000,
		ONE_OF(units), number % 100000 + 4096, ONE_OF(scales), number % 1000 + 1, number % 9999);
	fprintf(out, "[policy]\nabove-all=%s\ndemotion=%s\nzswap-off=%s\nbeside-others=%s\n", ONE_OF(flags),
		ONE_OF(flags), ONE_OF(flags), ONE_OF(flags));
	fprintf(out, "priority=%u\nswappiness=%u\npage-cluster=%u\nwatermark-scale-factor=%u\n", number % 32768,
		number % 201, number % 32, number % 3000 + 1);
	fprintf(out, "[%s]\nuse=%s\n", ONE_OF(sections), ONE_OF(uses));
}

/* parse(print(x)) = x */
static void what_is_printed_is_read_back(void **state)
{
	struct ramswap_settings settings, again;
	struct ramswap_problem problem;

	(void)state;
	srandom(17);
	for (unsigned int i = 0; i < 3000; i++) {
		char *text = NULL, *printed;
		size_t size;
		FILE *out = open_memstream(&text, &size);

		for (unsigned int lines = i % 4; lines; lines--)
			print_random_line(out);
		fclose(out);
		if (parse(text, &settings, &problem))
			fail_msg("%s: %s", text, problem.text);
		printed = config_print(&settings);
		if (parse(printed, &again, &problem))
			fail_msg("%s: %s", printed, problem.text);
		if (!same_settings(&settings, &again))
			fail_msg("%s became %s", text, printed);
		free(printed);
		free(text);
	}
	ramswap_settings_init(&settings);
	again = settings;
	again.page_cluster = 3;
	assert_false(same_settings(&settings, &again));
}

/* Each commented setting of the example is the default. */
static void the_example_has_the_defaults(void **state)
{
	struct ramswap_settings defaults, settings;
	struct ramswap_problem problem;
	char line[512], text[8192] = "";
	unsigned int count = 0;
	FILE *file = fopen(EXAMPLE_CONFIG, "re");

	(void)state;
	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		size_t length = strspn(line + 1, "abcdefghijklmnopqrstuvwxyz-");
		bool is_setting = *line == '#' && (line[1] == '[' || !strncmp(line + 1 + length, " =", 2));

		count += is_setting && line[1] != '[';
		strcat(text, line + is_setting);
	}
	fclose(file);
	assert_int_equal(count, 18);
	ramswap_settings_init(&defaults);
	if (parse(text, &settings, &problem))
		fail_msg("%s", problem.text);
	assert_int_equal(settings.source_count, 1);
	settings.source_count = 0;
	assert_true(same_settings(&settings, &defaults));
}

static void put(const char *path, const char *text)
{
	char command[512];
	FILE *file;

	snprintf(command, sizeof(command), "mkdir -p \"$(dirname '%s')\"", path);
	assert_int_equal(system(command), 0);
	file = fopen(path, "we");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void files_and_their_order(void **state)
{
	struct ramswap_settings settings = { .zram_size = "as it was" };
	struct ramswap_problem problem;
	int root = open(".", O_PATH | O_DIRECTORY);

	(void)state;
	umask(022);
	assert_int_equal(config_exists(root), 0);
	assert_int_equal(config_load(root, NULL, &settings, &problem), 0);
	assert_string_equal(settings.zram_size, "");
	put("usr/lib/ramswap.conf.d/50-a.conf", "[zram]\nsize = 1\nlimit = 1\n");
	assert_int_equal(config_exists(root), 1);
	put("etc/ramswap.conf", "[zram]\nsize = 0\nlimit = 0\nalgorithm = zero\n");
	put("run/ramswap.conf.d/50-a.conf", "[zram]\nsize = 2\n");
	put("usr/lib/ramswap.conf.d/40-b.conf", "[zram]\nsize = 3\nrecompression = b\n");
	put("etc/ramswap.conf.d/.hidden.conf", "nonsense");
	put("etc/ramswap.conf.d/README", "nonsense");
	assert_int_equal(config_load(root, NULL, &settings, &problem), 0);
	/* 50-a.conf of /run, for that of /usr/lib is hidden; before it 40-b.conf; before that the file itself. */
	assert_string_equal(settings.zram_size, "2");
	assert_string_equal(settings.zram_limit, "0");
	assert_string_equal(settings.algorithm, "zero");
	assert_string_equal(settings.recompression, "b");
	/* Masked. */
	assert_int_equal(mkdir("etc/ramswap.conf.d/x", 0755) || symlink("/dev/null", "etc/ramswap.conf.d/50-a.conf"), 0);
	assert_int_equal(config_load(root, NULL, &settings, &problem), 0);
	assert_string_equal(settings.zram_size, "3");
	/* The file, too; and a link that leads to a file below the root. */
	assert_int_equal(rename("etc/ramswap.conf", "etc/other") || symlink("/dev/null", "etc/ramswap.conf") ||
			symlink("/etc/other", "etc/ramswap.conf.d/90-c.conf"),
		0);
	assert_int_equal(config_load(root, NULL, &settings, &problem), 0);
	assert_string_equal(settings.zram_size, "0");
	assert_int_equal(unlink("etc/ramswap.conf.d/90-c.conf") || unlink("usr/lib/ramswap.conf.d/40-b.conf"), 0);
	assert_int_equal(config_exists(root), 0);
	close(root);
}

static void files_that_are_none(void **state)
{
	struct ramswap_settings settings = { .zram_size = "as it was" };
	struct ramswap_problem problem;
	int root = open(".", O_PATH | O_DIRECTORY);
	FILE *file;

	(void)state;
	put("one.conf", "[zram]\nsize = 7\n");
	assert_int_equal(config_load(root, "one.conf", &settings, &problem), 0);
	assert_string_equal(settings.zram_size, "7");
	assert_int_equal(config_load(root, "none.conf", &settings, &problem), -ENOENT);
	assert_string_equal(problem.text, "none.conf: No such file or directory");
	put("one.conf", "[zram]\nsize = x\n");
	assert_int_equal(config_load(root, "one.conf", &settings, &problem), -EINVAL);
	assert_string_equal(
		problem.text, "one.conf:2: size = x: column 1: no such variable: x: there is ram, swap, far");
	assert_string_equal(settings.zram_size, "7");
	put("one.conf", "");
	assert_int_equal(chmod("one.conf", 0646), 0);
	assert_int_equal(config_load(root, "one.conf", &settings, &problem), -EINVAL);
	assert_string_equal(problem.text, "one.conf: everybody may write it: chmod o-w");
	assert_int_equal(config_load(root, ".", &settings, &problem), -EINVAL);
	assert_string_equal(problem.text, ".: not a regular file");
	file = fopen("large.conf", "we");
	for (int i = 0; i < CONFIG_SIZE_MAX + 1; i++)
		fputc('\n', file);
	fclose(file);
	assert_int_equal(config_load(root, "large.conf", &settings, &problem), -EINVAL);
	assert_string_equal(problem.text, "large.conf: larger than 64 KiB: not a configuration");
	assert_int_equal(truncate("large.conf", CONFIG_SIZE_MAX), 0);
	assert_int_equal(config_load(root, "large.conf", &settings, &problem), 0);
	close(root);
}

static void more_fragments_than_anybody_has(void **state)
{
	struct ramswap_settings settings;
	struct ramswap_problem problem;
	char path[64];
	int root = open(".", O_PATH | O_DIRECTORY);

	(void)state;
	assert_int_equal(system("rm -rf etc run usr"), 0);
	for (int i = 0; i < 257; i++) {
		snprintf(path, sizeof(path), "etc/ramswap.conf.d/%03d.conf", i);
		put(path, "");
	}
	assert_int_equal(config_load(root, NULL, &settings, &problem), -E2BIG);
	assert_int_equal(unlink("etc/ramswap.conf.d/000.conf"), 0);
	assert_int_equal(config_load(root, NULL, &settings, &problem), 0);
	close(root);
}

static void device_units(void **state)
{
	static const struct {
		const char *path, *name;
	} cases[] = {
		{ "/dev/pmem0", "dev-pmem0.device" },
		{ "/dev//disk/by-id/x_y.z:1/", "dev-disk-by\\x2did-x_y.z:1.device" },
		{ "/dev/ä b%", "dev-\\xc3\\xa4\\x20b\\x25.device" },
		{ "/.dev", "\\x2edev.device" },
	};
	char name[UNITS_NAME_MAX + 1], path[512] = "/dev/";

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_true(units_device_name(cases[i].path, name));
		assert_string_equal(name, cases[i].name);
	}
	memset(path + 5, '-', 60);
	assert_true(units_device_name(path, name));
	memset(path + 5, '-', 300);
	assert_false(units_device_name(path, name));
	assert_true(strlen(name) <= UNITS_NAME_MAX);
}

/* The folder as a machine that was started with this line, of which the other tools' files are read. */
static int import(const char *line, struct imported *imported)
{
	struct ramswap_facts facts = { .command_line = (char *)(uintptr_t)line, .memory.total = 1 << 30 };
	struct ramswap_problem problem;
	int root = open(".", O_PATH | O_DIRECTORY), err = import_read(root, &facts, imported, &problem);

	close(root);
	return err;
}

static bool has_note(const struct imported *imported, const char *words)
{
	for (size_t i = 0; i < imported->note_count; i++)
		if (strstr(imported->notes[i].text, words))
			return true;
	return false;
}

/* systemd.zram turns zram-generator on, where that sets up nothing by itself, and off. */
static void imports_by_the_command_line(void **state)
{
	struct imported imported;

	(void)state;
	assert_int_equal(system("rm -rf etc run usr"), 0);
	assert_int_equal(import("systemd.zram=0", &imported), -ENOENT);
	assert_int_equal(import("systemd.zram=1", &imported), 0);
	assert_true(has_note(&imported, "it makes zram-generator set up zram0"));
	import_free(&imported);
	put("etc/systemd/zram-generator.conf", "[zram0]\nzram-size = 300\n");
	assert_int_equal(import("systemd.zram=1", &imported), 0);
	assert_string_equal(imported.settings.zram_size, "300");
	assert_false(has_note(&imported, "it makes zram-generator set up zram0"));
	import_free(&imported);
	assert_int_equal(import("systemd.zram=0", &imported), 0);
	assert_int_equal(imported.settings.zram, RAMSWAP_USE_NO);
	import_free(&imported);
}

static void imports_of_values(void **state)
{
	struct imported imported;

	(void)state;
	assert_int_equal(system("rm -rf etc run usr"), 0);
	put("etc/default/zramswap", "SIZE=100\nPERCENT=50\n");
	assert_int_equal(import("", &imported), 0);
	assert_string_equal(imported.settings.zram_size, "ram * 50 / 100");
	assert_true(has_note(&imported, "SIZE = 100: PERCENT comes before it"));
	import_free(&imported);
	put("etc/systemd/zram-generator.conf", "[zram0]\ncompression-algorithm = zstd(level=3, dict=/x) lz4 (type=idle)\n");
	assert_int_equal(import("", &imported), 0);
	assert_string_equal(imported.settings.algorithm, "zstd(level=3,dict=/x)");
	assert_string_equal(imported.settings.recompression, "lz4");
	assert_true(has_note(&imported, "(type=idle) is for every recompression"));
	import_free(&imported);
}

static void imports_of_hostile_files(void **state)
{
	struct imported imported;
	char text[8192] = "", longest[256];

	(void)state;
	assert_int_equal(system("rm -rf etc run usr"), 0);
	/* A quote without its end is the shell's, whatever the longer line before it was. */
	put("etc/default/zramswap", "#                    \nSIZE=\"512\nPERCENT=");
	assert_int_equal(import("", &imported), 0);
	assert_string_equal(imported.settings.zram_size, "256");
	assert_true(has_note(&imported, "a shell has to expand it"));
	import_free(&imported);
	for (int i = 0; i < IMPORT_NOTES_MAX + 10; i++)
		strcat(text, "X=1\n");
	put("etc/default/zramswap", text);
	assert_int_equal(import("", &imported), 0);
	assert_int_equal(imported.note_count, IMPORT_NOTES_MAX);
	import_free(&imported);
	/* A value that fits, and whose line in ramswap.conf does not. */
	strcpy(long_text(longest, "zstd(dict=/", 'd', 189) + 189, ")");
	snprintf(text, sizeof(text), "ALGO='%s'\n", longest);
	put("etc/default/zramswap", text);
	assert_int_equal(import("", &imported), 0);
	assert_string_equal(imported.settings.algorithm, "");
	assert_true(has_note(&imported, "too long for a line of ramswap.conf"));
	import_free(&imported);
	strcpy(longest + 184, ")");
	snprintf(text, sizeof(text), "ALGO='%s'\n", longest);
	put("etc/default/zramswap", text);
	assert_int_equal(import("", &imported), 0);
	assert_string_equal(imported.settings.algorithm, longest);
	import_free(&imported);
}

static void assert_contains(const char *path, const char *words)
{
	char text[1024] = "";
	FILE *file = fopen(path, "re");

	assert_non_null(file);
	assert_true(fread(text, 1, sizeof(text) - 1, file) > 0);
	fclose(file);
	if (!strstr(text, words))
		fail_msg("no %s in %s", words, text);
}

/* What is wanted at boot is written; a device is waited for also where no module is. */
static void units_of_devices(void **state)
{
	struct boot_decision *decision = calloc(1, sizeof(*decision));
	struct ramswap_problem problem;

	(void)state;
	assert_non_null(decision);
	assert_int_equal(mkdir("units", 0755), 0);
	assert_int_equal(units_write(decision, "units", &problem), 0);
	assert_int_equal(faccessat(AT_FDCWD, "units/swap.target.wants", F_OK, 0), -1);
	decision->is_wanted = true;
	strcpy(decision->devices[decision->device_count++], "/dev/sdb");
	assert_int_equal(units_write(decision, "units", &problem), 0);
	assert_contains("units/ramswap.service.d/50-ramswap-generator.conf", "Wants=dev-sdb.device\nAfter=dev-sdb.device\n");
	assert_int_equal(faccessat(AT_FDCWD, "units/swap.target.wants/ramswap.service", F_OK, AT_SYMLINK_NOFOLLOW), 0);
	assert_int_equal(faccessat(AT_FDCWD, "units/timers.target.wants", F_OK, 0), -1);
	decision->wants_upkeep = true;
	assert_int_equal(units_write(decision, "units", &problem), 0);
	assert_int_equal(
		faccessat(AT_FDCWD, "units/timers.target.wants/ramswap-maintain.timer", F_OK, AT_SYMLINK_NOFOLLOW), 0);
	free(decision);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(expressions),
		cmocka_unit_test(expressions_are_bounded),
		cmocka_unit_test(command_lines),
		cmocka_unit_test(values),
		cmocka_unit_test(errors),
		cmocka_unit_test(sources_are_bounded),
		cmocka_unit_test(what_is_printed_is_read_back),
		cmocka_unit_test(the_example_has_the_defaults),
		cmocka_unit_test(files_and_their_order),
		cmocka_unit_test(files_that_are_none),
		cmocka_unit_test(more_fragments_than_anybody_has),
		cmocka_unit_test(device_units),
		cmocka_unit_test(imports_by_the_command_line),
		cmocka_unit_test(imports_of_values),
		cmocka_unit_test(imports_of_hostile_files),
		cmocka_unit_test(units_of_devices),
	};

	return cmocka_run_group_tests(tests, folder_enter, folder_leave);
}
