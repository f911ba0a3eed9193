/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What groups and hosts of a fleet may be called, and under which subjects and in which streams of NATS JetStream what
 * is about them lies. docs/fleet.md explains why it is laid out so.
 */
#ifndef DIGSIG_FLEET_NAMES_H
#define DIGSIG_FLEET_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include "../config/fleet_name.h"
#include "../format/block.h"

enum {
	FLEET_SUBJECT_MAX = 320, /* bytes of a subject, with the NUL */
};

#define FLEET_STREAM_STATE "DIGSIG_STATE" /* signed manifests, by group and by host */
#define FLEET_STREAM_BLOBS "DIGSIG_BLOBS" /* what manifests name, by its digest, in parts */
#define FLEET_STREAM_HOSTS "DIGSIG_HOSTS" /* the last status of each host */
#define FLEET_STREAM_EVENTS "DIGSIG_EVENTS" /* what hosts saw */

/* Whose state a manifest is. */
enum fleet_scope {
	FLEET_GROUP,
	FLEET_HOST,
};

/* "group", "host". A static string. */
const char *fleet_scope_name(enum fleet_scope scope);

/* Subjects; the names must be valid. subject has room for FLEET_SUBJECT_MAX. */
void fleet_state_subject(enum fleet_scope scope, const char *name, char *subject);
void fleet_blob_subject(const __u8 digest[DIGSIG_DIGEST_SIZE], unsigned int part, char *subject);
void fleet_host_subject(const char *group, const char *host, char *subject);
void fleet_event_subject(const char *group, const char *host, char *subject);

/*
 * The names in a subject of the form PREFIX GROUP "." HOST, prefix ending with a dot; group has room for FLEET_GROUP_MAX
 * + 1, host for FLEET_HOST_MAX + 1. False: it is no such subject.
 */
bool fleet_subject_names(const char *subject, const char *prefix, char *group, char *host);

/* The prefix of the subjects on which a host hears answers: nobody else may. prefix has room for FLEET_SUBJECT_MAX. */
void fleet_inbox_prefix(const char *host, char *prefix);

#endif
