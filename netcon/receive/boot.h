/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which boot of its host a message is of. */
#ifndef KERNKIT_NETCON_BOOT_H
#define KERNKIT_NETCON_BOOT_H

#include "hosts.h"

/* The boot id that the message brings, in its dictionary; "": none. */
void boot_id_of(const struct netcon_message *message, char boot_id[BOOT_ID_ROOM]);

/*
 * Whether the message is of another boot than those that the host has sent before. heard: milliseconds of our clock, when its first
 * piece came.
 *
 * Boot ids say so, if both have one, and so does another release. So does a time that contradicts the number, because both only grow.
 * Otherwise a number that is not the highest is of another boot if the host's clock began after the highest was heard. Old messages
 * that are sent late look like that as well: these have a boot id, and begin soon after the host is heard of.
 */
bool boot_is_new(const struct host *host, const struct netcon_message *message, const char *boot_id, __u64 heard);

/*
 * Of pieces that came first when they were begun, now that a message heard at that time is the first of another boot: whether they
 * are of the boot before.
 */
bool boot_is_former(const struct host *host, const struct netcon_message *pieces, __u64 begun, const struct netcon_message *first,
	__u64 heard);

/* Keeps what the message, which is_newest if it has the highest number, says of the present boot. */
void boot_note(struct host *host, const struct netcon_message *message, const char *boot_id, bool is_newest, __u64 heard);

/* Nothing is known of the present boot any more. */
void boot_forget(struct host *host);

#endif
