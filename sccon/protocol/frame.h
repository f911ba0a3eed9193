/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a server of a console and its clients say to each other, over any stream of bytes. Each side begins with a
 * greeting of 8 bytes, "SCCON 1\n" for version 1. Frames follow: a type in one byte, a byte that is 0, the length of the
 * payload in two bytes, high byte first, and the payload. A client's first frame is FRAME_HELLO.
 *
 * Nothing here reads or writes: what comes is hostile until it is taken apart.
 */
#ifndef SCCON_PROTOCOL_FRAME_H
#define SCCON_PROTOCOL_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

enum {
	PROTOCOL_VERSION = 1,
	GREETING_SIZE = 8,
	FRAME_HEADER_SIZE = 4,
	FRAME_PAYLOAD_MOST = 16384,
	FRAME_MOST = FRAME_HEADER_SIZE + FRAME_PAYLOAD_MOST,
	FRAME_TEXT_MOST = 512, /* of each payload that is text for people */
};

enum frame_type {
	FRAME_HELLO = 1, /* from a client: flags in one byte, and what it calls itself, as text */
	FRAME_DATA = 2, /* both ways: bytes of the machine, and bytes to it */
	FRAME_WRITE_ASK = 3, /* from a client: one byte, 1: take it from who has it */
	FRAME_WRITE_RELEASE = 4, /* from a client: empty */
	FRAME_WRITE_GRANTED = 5, /* to a client: empty */
	FRAME_WRITE_REFUSED = 6, /* to a client: who has it, as text */
	FRAME_WRITE_TAKEN = 7, /* to the client that had it: who took it, as text */
	FRAME_BREAK = 8, /* from a client that may write: empty */
	FRAME_WINDOW = 9, /* from a client: rows and columns of its terminal, two bytes each, high byte first */
	FRAME_STATUS_ASK = 10, /* from a client: empty */
	FRAME_STATUS = 11, /* to a client: a part of a JSON object; an empty one ends it */
	FRAME_NOTICE = 12, /* to a client: words for people, as text */
	FRAME_END = 13, /* both ways: the last frame, with the reason as text */
	FRAME_SYNC = 14, /* from a client: up to 64 bytes, which come back when all before is with the line */
	FRAME_SYNCED = 15, /* to a client: the same bytes */
	FRAME_TYPES,
};

/* Flags of FRAME_HELLO. */
enum {
	HELLO_WATCH = 1, /* wants what the machine sends */
	HELLO_REPLAY = 2, /* and first what its screen shows now */
	HELLO_WINDOW = 4, /* as far as the terminal has room for it, whose FRAME_WINDOW is the next frame */
};

struct frame {
	enum frame_type type;
	size_t size;
	const __u8 *payload; /* in the bytes that were parsed */
};

/*
 * The frame that bytes begin with. Its size with the header: *frame is filled in; 0: more bytes are needed; -EPROTO: it
 * is none: no such type, or a payload that this type cannot have.
 */
int frame_parse(const void *bytes, size_t size, struct frame *frame);

/* The header of a frame with such a payload, which is at most FRAME_PAYLOAD_MOST. */
void frame_header(__u8 header[FRAME_HEADER_SIZE], enum frame_type type, size_t size);

/* The greeting of this version. */
extern const char protocol_greeting[GREETING_SIZE + 1];

/*
 * The greeting that bytes begin with: GREETING_SIZE; 0: more bytes are needed; -EPROTO: it is none;
 * -EPROTONOSUPPORT: it is one of another version.
 */
int greeting_parse(const void *bytes, size_t size);

struct frame_hello {
	unsigned int flags;
	char name[FRAME_TEXT_MOST + 1]; /* any bytes but 0 */
};

struct frame_window {
	__u16 rows, columns;
};

/* Of a frame of that type, from frame_parse. */
void frame_hello(const struct frame *frame, struct frame_hello *hello);
bool frame_is_forced(const struct frame *frame);
struct frame_window frame_window(const struct frame *frame);

/* The text of a frame, up to a byte of 0: any bytes, to be printed safely. text has room for FRAME_TEXT_MOST + 1. */
void frame_text(const struct frame *frame, char *text);

/* The payload of FRAME_WINDOW. */
void frame_window_payload(__u8 payload[4], struct frame_window window);

#endif
