// SPDX-License-Identifier: GPL-2.0-or-later
/* The input is a script, and behind a zero byte what the console sends. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "lib/time/clock.h"
#include "sccon/chat/chat.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool is_right)
{
	if (!is_right)
		abort();
}

/* What a step does is the step's, and each is done once. */
static void carry_out(const struct chat_script *script, const uint8_t *bytes, size_t size)
{
	static struct chat_action action;
	struct chat *chat = chat_new(script);
	enum chat_do what;
	size_t done = 0, last;
	__u64 now = 0;

	require(chat);
	for (;;) {
		size_t piece = size < 100 ? size : 100;

		while ((what = chat_next(chat, now, &action)) < CHAT_DO_WAIT)
			require(done++ < script->count);
		if (what != CHAT_DO_WAIT)
			break;
		require(action.until >= now);
		if (!size)
			chat_put_end(chat);
		chat_put(chat, (const char *)bytes, piece);
		bytes += piece;
		size -= piece;
		now = piece ? now + CLOCK_MILLISECOND : action.until;
	}
	require(what != CHAT_DO_FAIL || (action.line && memchr(action.words, '\0', sizeof(action.words))));
	chat_last(chat, 10, &last);
	require(last <= 10);
	chat_free(chat);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *zero = memchr(data, '\0', size);
	size_t length = zero ? (size_t)(zero - data) : size;
	char *text = malloc(length + 1);
	struct chat_script *script;
	struct chat_error error;
	int err;

	require(text);
	memcpy(text, data, length);
	text[length] = '\0';
	err = chat_script_parse(text, length, &script, &error);
	require(err <= 0);
	if (err)
		require(memchr(error.words, '\0', sizeof(error.words)));
	else
		carry_out(script, data + length + (zero != NULL), size - length - (zero != NULL));
	if (!err)
		chat_script_free(script);
	free(text);
	return 0;
}
