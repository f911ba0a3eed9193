/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a message is called in a stream of NATS: its subject, and the identity by which it is known when it comes twice. */
#ifndef KERNKIT_NETCON_STREAM_NAMES_H
#define KERNKIT_NETCON_STREAM_NAMES_H

#include "output.h"

enum { STREAM_NAME_MAX = 256 };

/* The subject below the prefix: the address, in which dots are dashes: "192-0-2-1", "2001:db8::1". */
void stream_subject_of(char *subject, const struct netcon_source *source);

/*
 * "ADDRESS-PORT-BOOT-SEQUENCE" of an extended message, BOOT being the boot id. Where that is not known it is "-", and the
 * microseconds of the kernel's clock follow, "ADDRESS-PORT---SEQUENCE-TIME": after a restart the sequence numbers are the
 * same. Behind that of a message that is not whole is "-torn". A basic message has "ADDRESS-PORT-ARRIVED-HASH": when it
 * came, in nanoseconds, and the CRC32 of its text.
 */
void stream_identity_of(char *identity, const struct received *received);

/* "event-NAME-ADDRESS-PORT-TIME-FIRST-LAST": TIME in nanoseconds. */
void stream_identity_of_happened(char *identity, const struct happened *happened);

#endif
