/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A message that comes in pieces: what of it has come. Pieces come in any order and more than once; where two of
 * them overlap, they must have the same bytes. Only what has come takes memory, however long the whole claims to be.
 */
#ifndef KERNKIT_NETCON_ASSEMBLY_H
#define KERNKIT_NETCON_ASSEMBLY_H

#include "../netcon.h"

struct piece;

/* More than a message of NETCON_BODY_MAX has in datagrams of the least size that a link may have (RFC 791). */
#define ASSEMBLY_PIECES_MAX 4096

struct assembly {
	struct netcon_message header; /* of the first piece, without its body; what it points to is in names */
	char *names;
	struct piece *pieces; /* in order, none over another */
	unsigned int count; /* of the pieces */
	size_t have; /* bytes of the body */
	size_t memory; /* bytes that it takes, all told */
};

/* Of a message that is a piece: 0; or -ENOMEM. Nothing has come yet: assembly_add adds that piece, too. */
int assembly_open(struct assembly *assembly, const struct netcon_message *message);

/* Whether the piece is of this message: the same in all that is the same in the pieces of a message. */
bool assembly_takes(const struct assembly *assembly, const struct netcon_message *message);

enum assembly_result {
	ASSEMBLY_GROWN, /* something of it was new */
	ASSEMBLY_COMPLETE, /* that was the last that was missing */
	ASSEMBLY_REPEATED, /* all of it was there */
	/* Not taken: it has other bytes than another piece, where they overlap, or there are too many. */
	ASSEMBLY_CONFLICT,
};

/* 0 and *result; or -ENOMEM. */
int assembly_add(struct assembly *assembly, const struct netcon_message *message, enum assembly_result *result);

/*
 * The message with what there is as its body, and one zero byte wherever nothing is, however much it is: a few bytes that claim to be
 * of a long message are given on as a few. is_fragment is false; total stays. The body is in body, which has assembly_room bytes.
 */
size_t assembly_room(const struct assembly *assembly);
void assembly_read(const struct assembly *assembly, char *body, struct netcon_message *message);

void assembly_close(struct assembly *assembly);

#endif
