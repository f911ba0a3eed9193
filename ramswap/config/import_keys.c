// SPDX-License-Identifier: GPL-2.0-or-later
/* The keys of a device of zram-generator, one by one. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "../../lib/text/number.h"
#include "import_parts.h"
#include "lines.h"

/*
 * The next of "lz4 zstd(level=3, dict=/x) (type=idle)" into word, without the spaces in parentheses; *text is behind
 * it. False: there is none.
 */
static bool read_algorithm(const char **text, char *word, size_t size)
{
	bool is_inside = false;
	size_t length = 0;

	*text += strspn(*text, " \t");
	for (; **text && (is_inside || !strchr(" \t", **text)); (*text)++) {
		if (**text == '(' && length && word[length - 1] == ')')
			break;
		is_inside = **text == '(' || (is_inside && **text != ')');
		if (!strchr(" \t", **text) && length + 1 < size)
			word[length++] = **text;
	}
	word[length] = 0;
	return length;
}

static int set_algorithms(const struct import_value *value, struct imported *imported)
{
	static const char *const names[] = { "algorithm", "recompression" };
	const char *text = value->text;
	char word[IMPORT_VALUE_MAX];
	size_t count = 0;
	int err = 0;

	while (!err && read_algorithm(&text, word, sizeof(word))) {
		if (*word == '(')
			err = import_note(imported, value->where,
				"compression-algorithm: %.100s is for every recompression: left out: recompress-after= "
				"says when ramswap compresses again",
				word);
		else if (count < 2)
			err = import_set(imported, "zram", names[count++], word, value, "compression-algorithm");
		else
			err = import_note(imported, value->where,
				"compression-algorithm: %.100s: left out: ramswap compresses again with one algorithm",
				word);
	}
	if (!err && *imported->settings.recompression)
		err = import_note(imported, value->where,
			"compression-algorithm: %.100s is for pages that are compressed again: give recompress-after= to have that "
			"done; a kernel that cannot do it (CONFIG_ZRAM_MULTI_COMP) refuses the plan",
			imported->settings.recompression);
	return err;
}

static int set_writeback(const struct import_value *value, struct imported *imported)
{
	int err;

	if (!*value->text)
		return 0;
	err = import_set(imported, "zram", "writeback", value->text, value, "writeback-device");
	if (!err && *imported->settings.writeback)
		err = import_note(imported, value->where,
			"writeback-device = %.100s: zram-generator names it to the kernel, and leaves it at that: give "
			"idle-after= to have idle pages written to it",
			value->text);
	return err;
}

static int set_priority(
	const struct import_value *value, struct imported *imported, struct ramswap_problem *problem)
{
	__u64 number;

	if (!*value->where)
		return 0;
	if (!strcmp(value->text, "-1"))
		return import_note(imported, value->where,
			"swap-priority = -1: behind every other swap: left out: ramswap's devices come first");
	if (number_parse(value->text, 0, RAMSWAP_PRIORITY_MOST, &number))
		return config_fail(problem, -EINVAL,
			"%.300s: swap-priority = %.100s: zram-generator wants a number from -1 to %d", value->where, value->text, RAMSWAP_PRIORITY_MOST);
	return import_set(imported, "policy", "priority", value->text, value, "swap-priority");
}

/* "discard" alone is how it is without this key, and how ramswap does it. */
static int note_options(const struct import_value *value, struct imported *imported)
{
	const char *text = value->text;
	bool has_discard = false;
	size_t length;
	int err = 0;

	if (!*value->where)
		return 0;
	for (; *text && !err; text += length + (text[length] == ',')) {
		length = strcspn(text, ",");
		if (length == strlen("discard") && !memcmp(text, "discard", length))
			has_discard = true;
		else if (length)
			err = import_note(imported, value->where, "options: %.*s: left out",
				(int)(length < 100 ? length : 100), text);
	}
	if (!err && !has_discard)
		err = import_note(imported, value->where,
			"options = %.100s: without discard: ramswap always has it on, for without it memory is not given back",
			value->text);
	return err;
}

int generator_set_keys(
	const struct generator_device *device, struct imported *imported, struct ramswap_problem *problem)
{
	int err = set_algorithms(&device->values[GENERATOR_ALGORITHM], imported);

	if (!err)
		err = set_writeback(&device->values[GENERATOR_WRITEBACK], imported);
	if (!err)
		err = set_priority(&device->values[GENERATOR_PRIORITY], imported, problem);
	if (!err)
		err = note_options(&device->values[GENERATOR_OPTIONS], imported);
	return err;
}
