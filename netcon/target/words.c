// SPDX-License-Identifier: GPL-2.0-or-later
/* What users type for a target, and what is said of it. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "../../lib/text/flags.h"
#include "target.h"

const struct flag_word target_sysdata_words[] = {
	{ TARGET_SYSDATA_CPU_NR, "cpu_nr" },
	{ TARGET_SYSDATA_TASKNAME, "taskname" },
	{ TARGET_SYSDATA_RELEASE, "release" },
	{ TARGET_SYSDATA_MSGID, "msgid" },
	{ 0, NULL },
};

int target_fail(struct target_problem *problem, int err, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(problem->text, sizeof(problem->text), format, arguments);
	va_end(arguments);
	return err;
}

static bool is_letter_or_digit(char character)
{
	return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
	       (character >= '0' && character <= '9');
}

bool target_name_is_good(const char *name)
{
	size_t length = strlen(name);

	if (!length || length > TARGET_NAME_MAX || *name == '.')
		return false;
	for (; *name; name++)
		if (!is_letter_or_digit(*name) && !strchr("_-.", *name))
			return false;
	return true;
}

static int digit_of(char character)
{
	const char digits[] = "0123456789abcdef0123456789ABCDEF", *found = character ? strchr(digits, character) : NULL;

	return found ? (int)((found - digits) % 16) : -1;
}

bool target_parse_mac(const char *text, __u8 mac[ETH_ALEN])
{
	__u8 parsed[ETH_ALEN];
	static const __u8 none[ETH_ALEN];

	if (strlen(text) != TARGET_MAC_TEXT_MAX - 1)
		return false;
	for (size_t i = 0; i < ETH_ALEN; i++) {
		int high = digit_of(text[3 * i]), low = digit_of(text[3 * i + 1]);

		if (high < 0 || low < 0 || (i && text[3 * i - 1] != ':'))
			return false;
		parsed[i] = (__u8)(high << 4 | low);
	}
	if (!memcmp(parsed, none, ETH_ALEN))
		return false;
	memcpy(mac, parsed, ETH_ALEN);
	return true;
}

char *target_print_mac(char *text, const __u8 mac[ETH_ALEN])
{
	snprintf(text, TARGET_MAC_TEXT_MAX, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3], mac[4],
		mac[5]);
	return text;
}

/* The kernel sends it as it is, between lines of a message. */
static bool is_printable(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (text[i] < ' ' || text[i] > '~')
			return false;
	return true;
}

int target_parse_entry(const char *text, struct target_entry *entry)
{
	const char *equals = strchr(text, '=');
	size_t name_length = equals ? (size_t)(equals - text) : 0, value_length = equals ? strlen(equals + 1) : 0;

	if (!name_length || !value_length || !is_printable(text, strlen(text)) || *text == '.' ||
		memchr(text, '/', name_length) || memchr(text, ' ', name_length))
		return -EINVAL;
	/* The kernel takes these spaces away. */
	if (equals[1] == ' ' || equals[value_length] == ' ')
		return -EINVAL;
	if (name_length > TARGET_ENTRY_NAME_MAX || value_length > TARGET_ENTRY_VALUE_MAX)
		return -E2BIG;
	*entry = (struct target_entry){ 0 };
	memcpy(entry->name, text, name_length);
	memcpy(entry->value, equals + 1, value_length);
	return 0;
}
