/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One host's side of a fleet, without its events: holds a connection, hears of states, fetches what they name into the folder
 * of fleet/handover.h, and says how the host is. It decides nothing: digsigd checks again what it fetches.
 *
 * One thread calls the functions of one host at a time; a process can have thousands of hosts.
 */
#ifndef DIGSIG_FLEETD_HOST_H
#define DIGSIG_FLEETD_HOST_H

#include <stdbool.h>
#include <linux/types.h>
#include "../fleet/link.h"
#include "../trust/store.h"
#include "status.h"

enum {
	FLEET_HOST_PROBLEM = 512, /* bytes of a text about what is wrong */
	FLEET_CHECK_EVERY = 300000, /* milliseconds: a fifth more or less by chance */
	FLEET_STATUS_EVERY = 300000, /* the same */
};

/* All of it must live as long as the host. */
struct fleet_host_settings {
	const char *group, *host; /* valid names */
	const char *folder; /* FLEET_SPOOL */
	const char *report_file; /* FLEET_REPORT; NULL: there is no digsigd */
	const struct trust_store *fleet_keys;
	struct fleet_link_settings link; /* the inbox prefix is set by the host */
	struct status_facts facts;
	unsigned int check_every, status_every; /* milliseconds; 0: as above */
	void (*wake)(void *closure); /* called by any thread: fleet_host_step has something to do now. NULL: nobody is told */
	void (*report)(void *closure, const char *text); /* a line about what is wrong or has changed, which may hold anything; NULL */
	void *closure;
};

struct fleet_host;

/* Opens the folder, of which the parent must be there; nothing is connected yet. 0 or a negative errno. */
int fleet_host_open(const struct fleet_host_settings *settings, struct fleet_host **host);
void fleet_host_close(struct fleet_host *host);

/*
 * Does what is due: connects, asks, fetches one blob, publishes the status. It can wait for a server that does not answer,
 * for some seconds. Returns in how many milliseconds it wants to be called again, if nothing wakes it before.
 */
unsigned int fleet_host_step(struct fleet_host *host);

/* What the next status says of events. Any thread may call it. problem: about them; "": none. */
void fleet_host_note_events(struct fleet_host *host, const struct status_events *events, const char *problem);

/* The sequence of the group's state that is ready; 0: none is. */
__u64 fleet_host_ready(const struct fleet_host *host);

/* What is wrong at the moment; "": nothing. */
const char *fleet_host_problem(struct fleet_host *host);

bool fleet_host_is_connected(const struct fleet_host *host);

#endif
