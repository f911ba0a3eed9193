/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libnetcon: the messages of a kernel on the network, as netconsole sends them.
 *
 * A datagram is basic, the text of a line and nothing else, or extended:
 *
 *   [RELEASE,]PRIORITY,SEQUENCE,MICROSECONDS,FLAG[,NAME=VALUE]...;BODY
 *
 * as /dev/kmsg has it (Documentation/ABI/testing/dev-kmsg), RELEASE being what uname -r says. What is too long
 * for a datagram is sent in pieces; each has the header, and ncfrag=OFFSET/TOTAL among its NAME=VALUE pairs,
 * counted in bytes of the BODY (Documentation/networking/netconsole.rst). The BODY is a line of text, and after
 * it lines that begin with a space, the dictionary: what the driver added (SUBSYSTEM, DEVICE), and what was
 * configured for the target (userdata, sysdata). In all of them the kernel writes bytes that are not printable
 * ASCII, and the backslash, as \xNN.
 *
 * The functions have no state, allocate nothing, and are as safe with hostile bytes as with others.
 */
#ifndef NETCON_H
#define NETCON_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What the kernel sends at most in one datagram, header included (MAX_PRINT_CHUNK). */
#define NETCON_DATAGRAM_MAX 1000

/*
 * The longest BODY that is accepted. Kernels that run send up to 64 KiB of userdata behind a message; what
 * comes in pieces takes memory only for the pieces that have come.
 */
#define NETCON_BODY_MAX (1024 * 1024)

/* Priorities are of RFC 5424: facility * 8 + level. The kernel keeps eight bits of a facility. */
#define NETCON_PRIORITY_MAX 2047

/* A datagram, or a record of /dev/kmsg, taken apart. The pointers are into its bytes; nothing ends with '\0'. */
struct netcon_message {
	bool is_extended; /* false: there is a body, and all else is zero */
	const char *release; /* without the comma; NULL: none was sent */
	size_t release_size;
	unsigned int priority;
	__u64 sequence;
	__u64 time_us; /* microseconds of the kernel's own clock, which begins at its boot */
	char flag; /* '-': a line; 'c': it continues the one before; '+': the same, of kernels before 4.9 */
	const char *caller; /* "T123", a thread, or "C0", a processor; NULL: the kernel does not say */
	size_t caller_size;
	const char *body;
	size_t body_size;
	bool is_fragment; /* body is a piece: it begins at offset, and total bytes are the whole */
	size_t offset, total;
};

/*
 * Takes a datagram apart. It always succeeds: what is not in the extended format is a basic message, with all
 * of bytes as its body. A number out of range, or a piece that would end behind its total, is not in the format.
 */
void netcon_parse(const char *bytes, size_t size, struct netcon_message *message);

/*
 * Writes the datagram that begins at *offset of the message's body, and moves *offset behind what was
 * written. To be called with *offset 0 first, until *offset is body_size: once for what is not too long. is_fragment, offset
 * and total of the message are not used. Returns the size, at most room; 0: the header alone has no room.
 * With NETCON_DATAGRAM_MAX for room the datagrams are those that a kernel sends.
 */
size_t netcon_format(const struct netcon_message *message, size_t *offset, char *bytes, size_t room);

/* The text of a whole message: its body up to the newline, without it. Returns its size, from body on. */
size_t netcon_text_size(const struct netcon_message *message);

/* An entry of a dictionary; pointers into the body. */
struct netcon_entry {
	const char *name, *value;
	size_t name_size, value_size;
};

/*
 * The next entry of a whole message's dictionary. *place is 0 before the first. false: there are no more. A
 * line that is not an entry is skipped.
 */
bool netcon_entry_next(const struct netcon_message *message, size_t *place, struct netcon_entry *entry);

/*
 * Undoes \xNN of text: into bytes, which has room for size. Returns how many bytes there are then. A backslash
 * that begins no \xNN stays.
 */
size_t netcon_unescape(const char *text, size_t size, char *bytes);

/*
 * The reverse, as the kernel does it: bytes that are not printable ASCII, and the backslash, as \xNN. text has
 * room for 4 * size. Returns the size of the text.
 */
size_t netcon_escape(const char *bytes, size_t size, char *text);

#ifdef __cplusplus
}
#endif

#endif
