// SPDX-License-Identifier: GPL-2.0-or-later
#include "header.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include "../../lib/text/text.h"
#include "../state/state.h"

#define MAGIC "SWAPSPACE2"

enum { MAGIC_SIZE = 10, BOOT_SIZE = 1024, UUID_SIZE = 16, LABEL_SIZE = 16, PAGES_LEAST = 10 };

struct header {
	__u8 boot[BOOT_SIZE];
	__u32 version, last_page, bad_pages;
	__u8 uuid[UUID_SIZE];
	char label[LABEL_SIZE];
};

/* 8-4-4-4-12 digits. */
static void print_uuid(char text[HEADER_UUID_TEXT_MAX], const __u8 uuid[UUID_SIZE])
{
	char digits[2 * UUID_SIZE + 1];

	print_hex(digits, uuid, UUID_SIZE);
	snprintf(text, HEADER_UUID_TEXT_MAX, "%.8s-%.4s-%.4s-%.4s-%.12s", digits, digits + 8, digits + 12, digits + 16,
		digits + 20);
}

static bool parse_uuid(const char *text, __u8 uuid[UUID_SIZE])
{
	char digits[2 * UUID_SIZE + 1], again[HEADER_UUID_TEXT_MAX];
	const char *from = text;
	size_t length = 0;

	if (strlen(text) != HEADER_UUID_TEXT_MAX - 1)
		return false;
	for (; *from && length < sizeof(digits) - 1; from++)
		if (*from != '-')
			digits[length++] = *from;
	digits[length] = 0;
	if (!parse_hex(digits, uuid, UUID_SIZE))
		return false;
	print_uuid(again, uuid);
	return !strcmp(again, text);
}

int header_uuid_make(char text[HEADER_UUID_TEXT_MAX])
{
	__u8 uuid[UUID_SIZE];
	ssize_t got = getrandom(uuid, sizeof(uuid), 0);

	if (got != sizeof(uuid))
		return got < 0 ? -errno : -EIO;
	uuid[6] = (__u8)((uuid[6] & 0x0f) | 0x40);
	uuid[8] = (__u8)((uuid[8] & 0x3f) | 0x80);
	print_uuid(text, uuid);
	return 0;
}

int header_make(__u8 *page, size_t page_size, __u64 size, const char *uuid)
{
	struct header header = { .version = 1, .label = STATE_SWAP_LABEL };
	__u64 pages = size / page_size;

	if (pages < PAGES_LEAST || !parse_uuid(uuid, header.uuid))
		return -EINVAL;
	header.last_page = pages - 1 > (__u32)-1 ? (__u32)-1 : (__u32)(pages - 1);
	memset(page, 0, page_size);
	memcpy(page, &header, sizeof(header));
	memcpy(page + page_size - MAGIC_SIZE, MAGIC, MAGIC_SIZE);
	return 0;
}

bool header_parse(const __u8 *page, size_t page_size, char uuid[HEADER_UUID_TEXT_MAX])
{
	static const char label[LABEL_SIZE] = STATE_SWAP_LABEL;
	struct header header;

	memcpy(&header, page, sizeof(header));
	if (memcmp(page + page_size - MAGIC_SIZE, MAGIC, MAGIC_SIZE) || header.version != 1 ||
		memcmp(header.label, label, LABEL_SIZE))
		return false;
	print_uuid(uuid, header.uuid);
	return true;
}
