// SPDX-License-Identifier: GPL-2.0-or-later
/* The input is what is typed, and how fast: whatever it is, a key is for the kernel only after ESC and "SYS". */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "sccon/kernel/input.h"
#include "sccon/kernel/returns.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool is_right)
{
	if (!is_right)
		abort();
}

static void press(const uint8_t *data, size_t size)
{
	struct sccon_sysrq sysrq = { 0 };
	struct sccon_pace pace = { .typing = 10 };
	unsigned long long now = 0, called = 0;
	char last[4] = { 0 };
	bool is_called = false;

	for (size_t i = 0; i + 1 < size; i += 2) {
		bool is_key = is_called && data[i] && now < called + SCCON_SYSRQ_WINDOW;
		unsigned int wait = sccon_pace_next(&pace, data[i + 1] & 1);

		require(wait >= SCCON_POLL_LEAST_US && wait <= 1000 * SCCON_POLL_MOST);
		require(sccon_sysrq_take(&sysrq, data[i], now) == is_key);
		/* A key that was taken is part of nothing. */
		memmove(last, last + 1, 3);
		last[3] = (char)data[i];
		if (is_key)
			memset(last, 0, sizeof(last));
		is_called = !memcmp(last, "\x1bSYS", 4);
		if (is_called)
			called = now;
		now += (unsigned long long)data[i + 1] * 40;
	}
}

static void send(const uint8_t *data, size_t size)
{
	unsigned char *out = malloc(size + 1);
	unsigned int used = 0, length = sccon_without_returns(data, (unsigned int)size, out, &used);

	require(out && length <= used && used <= size && (used == size || used + 1 == size));
	for (unsigned int taken = 0; taken < length; taken++) {
		unsigned int sent = sccon_with_returns(data, used, taken);

		require(sent <= used && (!taken || data[sent - 1] == out[taken - 1]));
	}
	free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	press(data, size);
	if (size && size < 512)
		send(data, size);
	return 0;
}
