/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A message that is held back for a while, because the next one may continue it: the kernel sends the parts of a line, as
 * pr_cont makes them, as messages of their own, whose flag says that they continue the one before.
 */
#ifndef KERNKIT_NETCON_HELD_H
#define KERNKIT_NETCON_HELD_H

#include "../output/output.h"

/* A line that is longer is not continued any more: bytes of its body. */
#define HELD_MAX (64 * 1024)

struct held;

/* A copy of the message. NULL: memory is short. */
struct held *held_open(const struct received *received);

/* Whether the message continues what is held: it has the next number, the flag, and the same caller. */
bool held_continues(const struct held *held, const struct received *received);

/*
 * Puts the text of the message behind the text, and its dictionary behind the dictionary. 0; -E2BIG or -ENOMEM: it is as it was.
 */
int held_append(struct held *held, const struct netcon_message *message);

/* What it is now; stays until the next call. */
const struct received *held_read(const struct held *held);

/* Bytes that it takes. */
size_t held_memory(const struct held *held);

/* NULL: nothing. */
void held_close(struct held *held);

#endif
