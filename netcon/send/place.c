// SPDX-License-Identifier: GPL-2.0-or-later
/* The file: two lines, "boot_id=UUID" and "next=NUMBER". */
#include "place.h"
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include "../../lib/file/read_small.h"
#include "../../lib/file/write_whole.h"
#include "../../lib/text/number.h"

/* Longer than any file that is right. */
enum { PLACE_ROOM = 128 };

static bool is_boot_id(const char *text)
{
	for (size_t i = 0; i < BOOT_ID_SIZE; i++) {
		bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (is_dash ? text[i] != '-' : !text[i] || !strchr("0123456789abcdef", text[i]))
			return false;
	}
	return true;
}

int boot_id_read(char boot_id[BOOT_ID_SIZE + 1])
{
	char text[BOOT_ID_SIZE + 2]; /* with a newline */
	size_t size;
	int err = file_read_small(AT_FDCWD, "/proc/sys/kernel/random/boot_id", text, sizeof(text) - 1, &size);

	if (err)
		return err;
	if (size < BOOT_ID_SIZE || !is_boot_id(text))
		return -EBADMSG;
	memcpy(boot_id, text, BOOT_ID_SIZE);
	boot_id[BOOT_ID_SIZE] = '\0';
	return 0;
}

int place_parse(const char *bytes, size_t size, struct place *place)
{
	static const char first[] = "boot_id=", second[] = "\nnext=";
	char text[PLACE_ROOM];
	const char *at = text;
	__u64 next;

	if (size >= sizeof(text) || (size && memchr(bytes, '\0', size)))
		return -EBADMSG;
	memcpy(text, bytes, size);
	text[size] = '\0';
	if (strncmp(at, first, strlen(first)) || !is_boot_id(at + strlen(first)))
		return -EBADMSG;
	at += strlen(first) + BOOT_ID_SIZE;
	if (strncmp(at, second, strlen(second)))
		return -EBADMSG;
	at += strlen(second);
	if (number_read(&at, &next) || strcmp(at, "\n"))
		return -EBADMSG;
	memcpy(place->boot_id, text + strlen(first), BOOT_ID_SIZE);
	place->boot_id[BOOT_ID_SIZE] = '\0';
	place->next = next;
	return 0;
}

int place_read(const char *path, struct place *place)
{
	char bytes[PLACE_ROOM];
	size_t size;
	int err = file_read_small(AT_FDCWD, path, bytes, sizeof(bytes) - 1, &size);

	/* What is larger, or is no file, is none of ours. */
	if (err == -EFBIG || err == -EINVAL)
		return -EBADMSG;
	return err ? err : place_parse(bytes, size, place);
}

static int make_folder_of(const char *path)
{
	char copy[PATH_MAX];

	if (strlen(path) >= sizeof(copy))
		return -ENAMETOOLONG;
	strcpy(copy, path);
	return mkdir(dirname(copy), 0755) ? -errno : 0;
}

int place_write(const char *path, const struct place *place)
{
	char text[PLACE_ROOM];
	int size = snprintf(text, sizeof(text), "boot_id=%s\nnext=%llu\n", place->boot_id, (unsigned long long)place->next);
	int err = file_write_whole(path, text, (size_t)size);

	if (err != -ENOENT)
		return err;
	err = make_folder_of(path);
	/* -EEXIST: the folder was there, and it is something else that is missing. */
	if (err)
		return err == -EEXIST ? -ENOENT : err;
	return file_write_whole(path, text, (size_t)size);
}
