/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The program's one host: its parts, made as digsig.conf says, and the thread that holds its connection. */
#ifndef DIGSIG_FLEETD_SERVICE_H
#define DIGSIG_FLEETD_SERVICE_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/utsname.h>
#include "../config/config.h"
#include "../fleet/names.h"
#include "events.h"
#include "host.h"
#include "position.h"

struct service {
	const struct digsig_config *config; /* with a group, a host and a server; it stays the caller's, and as it is */
	const char *folder, *report_file;
	struct trust_store *fleet_keys;
	char boot[BOOT_SIZE];
	struct utsname machine;
	char *spool; /* of events */
	char inbox_prefix[FLEET_SUBJECT_MAX];
	struct stream *stream;
	struct package_index *packages;
	struct fleet_events *events;
	struct fleet_host *host;
	pthread_t linker; /* it calls fleet_host_step, and nobody else does */
	int wake; /* eventfd */
	atomic_bool stops;
	__u64 noted_at; /* when the host was told of events */
};

/* Starts it. 0; -1, having complained: nothing is left of it. */
int service_start(struct service *service, const struct digsig_config *config, const char *folder, const char *report_file);

/* Reads some of the log; in how many milliseconds it is to be called again. */
unsigned int service_step(struct service *service);

/* Ends all of it, which may take as long as a server does not answer. */
void service_stop(struct service *service);

/* Makes safe what was taken, and ends nothing: for a process that ends now. */
void service_leave(struct service *service);

#endif
