/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The events of one host: entries of digsigd's log, published by lib/stream, each with the identity BOOT-SEQUENCE. The place in the
 * log and the sequence are saved together, behind what the stream has made safe: what is read again after a crash gets the same
 * identities, and JetStream drops it.
 */
#ifndef DIGSIG_FLEETD_EVENTS_H
#define DIGSIG_FLEETD_EVENTS_H

#include <stdbool.h>
#include <linux/types.h>
#include "../../lib/stream/stream.h"
#include "../packages/package_index.h"
#include "status.h"

/* What the subject of an event begins with: the prefix of the stream. GROUP.HOST follows. */
#define FLEET_EVENTS_PREFIX "digsig.event"

/* All of it must live as long as the events. */
struct fleet_events_settings {
	const char *group, *host; /* valid names */
	const char *boot; /* UUID */
	const char *folder; /* where the position is saved; it must be there */
	const char *log_file;
	unsigned int log_keep; /* rotated files of it */
	struct package_index *packages; /* of which package a file is, is added to its entries; NULL: it is not */
	struct stream *stream; /* of prefix FLEET_EVENTS_PREFIX; it may be of several hosts */
};

struct fleet_events;

/* 0 or a negative errno. */
int fleet_events_open(const struct fleet_events_settings *settings, struct fleet_events **events);

/* Flushes the stream, and saves the position. */
void fleet_events_close(struct fleet_events *events);

/*
 * Takes some entries, and saves the position if its time has come. Returns in how many milliseconds it wants to be called again.
 * It waits for the disk, never for the network.
 */
unsigned int fleet_events_step(struct fleet_events *events);

void fleet_events_counts(struct fleet_events *events, struct status_events *counts);

/* What is wrong at the moment; "": nothing. */
const char *fleet_events_problem(const struct fleet_events *events);

#endif
