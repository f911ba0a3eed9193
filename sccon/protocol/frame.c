// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame.h"
#include <errno.h>
#include <string.h>

const char protocol_greeting[GREETING_SIZE + 1] = "SCCON 1\n";

/* What the payload of each type may be. */
static const struct {
	size_t least, most;
} payloads[FRAME_TYPES] = {
	[FRAME_HELLO] = { 1, 1 + FRAME_TEXT_MOST },
	[FRAME_DATA] = { 0, FRAME_PAYLOAD_MOST },
	[FRAME_WRITE_ASK] = { 1, 1 },
	[FRAME_WRITE_RELEASE] = { 0, 0 },
	[FRAME_WRITE_GRANTED] = { 0, 0 },
	[FRAME_WRITE_REFUSED] = { 0, FRAME_TEXT_MOST },
	[FRAME_WRITE_TAKEN] = { 0, FRAME_TEXT_MOST },
	[FRAME_BREAK] = { 0, 0 },
	[FRAME_WINDOW] = { 4, 4 },
	[FRAME_STATUS_ASK] = { 0, 0 },
	[FRAME_STATUS] = { 0, FRAME_PAYLOAD_MOST },
	[FRAME_NOTICE] = { 0, FRAME_TEXT_MOST },
	[FRAME_END] = { 0, FRAME_TEXT_MOST },
	[FRAME_SYNC] = { 0, 64 },
	[FRAME_SYNCED] = { 0, 64 },
};

int frame_parse(const void *bytes, size_t size, struct frame *frame)
{
	const __u8 *header = bytes;
	size_t length;

	/* What is wrong is said as soon as it is seen: a stranger may never send more. */
	if (size >= 1 && (!header[0] || header[0] >= FRAME_TYPES))
		return -EPROTO;
	if (size >= 2 && header[1])
		return -EPROTO;
	if (size < FRAME_HEADER_SIZE)
		return 0;
	length = (size_t)header[2] << 8 | header[3];
	if (length < payloads[header[0]].least || length > payloads[header[0]].most)
		return -EPROTO;
	if (size - FRAME_HEADER_SIZE < length)
		return 0;
	*frame = (struct frame){ .type = header[0], .size = length, .payload = header + FRAME_HEADER_SIZE };
	return (int)(FRAME_HEADER_SIZE + length);
}

void frame_header(__u8 header[FRAME_HEADER_SIZE], enum frame_type type, size_t size)
{
	header[0] = (__u8)type;
	header[1] = 0;
	header[2] = (__u8)(size >> 8);
	header[3] = (__u8)size;
}

int greeting_parse(const void *bytes, size_t size)
{
	enum { DIGIT = 6 };
	const char *text = bytes;

	for (size_t i = 0; i < size && i < GREETING_SIZE; i++)
		if (i == DIGIT ? text[i] < '0' || text[i] > '9' : text[i] != protocol_greeting[i])
			return -EPROTO;
	if (size < GREETING_SIZE)
		return 0;
	return text[DIGIT] == protocol_greeting[DIGIT] ? GREETING_SIZE : -EPROTONOSUPPORT;
}

static void copy_text(char *text, const __u8 *bytes, size_t size)
{
	size_t length = strnlen((const char *)bytes, size < FRAME_TEXT_MOST ? size : FRAME_TEXT_MOST);

	memcpy(text, bytes, length);
	text[length] = '\0';
}

void frame_hello(const struct frame *frame, struct frame_hello *hello)
{
	hello->flags = frame->payload[0];
	copy_text(hello->name, frame->payload + 1, frame->size - 1);
}

bool frame_is_forced(const struct frame *frame)
{
	return frame->payload[0] == 1;
}

struct frame_window frame_window(const struct frame *frame)
{
	const __u8 *payload = frame->payload;

	return (struct frame_window){
		.rows = (__u16)(payload[0] << 8 | payload[1]),
		.columns = (__u16)(payload[2] << 8 | payload[3]),
	};
}

void frame_text(const struct frame *frame, char *text)
{
	copy_text(text, frame->payload, frame->size);
}

void frame_window_payload(__u8 payload[4], struct frame_window window)
{
	payload[0] = (__u8)(window.rows >> 8);
	payload[1] = (__u8)window.rows;
	payload[2] = (__u8)(window.columns >> 8);
	payload[3] = (__u8)window.columns;
}
