// SPDX-License-Identifier: GPL-2.0-or-later
#include "position.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../../lib/text/number.h"
#include "folder.h"

static const char file_name[] = "position";

struct member {
	const char *name;
	__u64 *number;
	__u64 most;
};

/* Takes "NAME VALUE\n" off the text. false: it is something else. */
static bool take_value(const char **text, const char *name, char *value, size_t room)
{
	size_t length = strlen(name), size;

	if (strncmp(*text, name, length) || (*text)[length] != ' ')
		return false;
	*text += length + 1;
	size = strcspn(*text, "\n");
	if (!(*text)[size] || size >= room)
		return false;
	memcpy(value, *text, size);
	value[size] = '\0';
	*text += size + 1;
	return true;
}

bool position_parse(const char *text, struct position *position)
{
	struct position found = { 0 };
	__u64 mark_size = 0;
	const struct member members[] = {
		{ "sequence", &found.sequence, ULLONG_MAX },
		{ "refused", &found.refused, ULLONG_MAX },
		{ "lost", &found.lost, ULLONG_MAX },
		{ "offset", &found.place.offset, LLONG_MAX },
		{ "mark", &found.place.mark, ULLONG_MAX },
		{ "mark-size", &mark_size, LOG_MARK_MAX },
	};
	char value[24];

	if (!take_value(&text, "boot", found.boot, sizeof(found.boot)))
		return false;
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (!take_value(&text, members[i].name, value, sizeof(value)) ||
			number_parse(value, 0, members[i].most, members[i].number))
			return false;
	if (*text || mark_size > found.place.offset)
		return false;
	found.place.mark_size = (unsigned int)mark_size;
	*position = found;
	return true;
}

void position_print(const struct position *position, char *text)
{
	const struct log_place *place = &position->place;

	snprintf(text, POSITION_TEXT, "boot %s\nsequence %llu\nrefused %llu\nlost %llu\noffset %llu\nmark %llu\nmark-size %u\n",
		position->boot, (unsigned long long)position->sequence, (unsigned long long)position->refused,
		(unsigned long long)position->lost, (unsigned long long)place->offset, (unsigned long long)place->mark,
		place->mark_size);
}

int position_read(int folder, const char *boot, struct position *position, bool *damaged)
{
	char *text = NULL;
	size_t size;
	int err = folder_read(folder, file_name, POSITION_TEXT, &text, &size);

	*position = (struct position){ 0 };
	*damaged = false;
	if (!err || err == -EFBIG)
		*damaged = err || strlen(text) != size || !position_parse(text, position);
	free(text);
	if (err && err != -ENOENT && err != -EFBIG)
		return err;
	if (strcmp(position->boot, boot)) {
		position->sequence = position->refused = position->lost = 0;
		snprintf(position->boot, sizeof(position->boot), "%s", boot);
	}
	return 0;
}

int position_write(int folder, const struct position *position)
{
	char text[POSITION_TEXT];

	position_print(position, text);
	return folder_write(folder, file_name, text, strlen(text));
}
