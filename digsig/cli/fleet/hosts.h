/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the hosts of a fleet said last, and what was published for them: digsig fleet status, report. */
#ifndef DIGSIG_CLI_FLEET_HOSTS_H
#define DIGSIG_CLI_FLEET_HOSTS_H

#include "../../fleet/host_status.h"

/* After so many seconds without a word a host is silent: it speaks every five minutes. */
#define FLEET_SILENT_AFTER (15 * 60.0)

struct fleet_host_row {
	struct fleet_host_status status;
	struct fleet_newest newest;
	enum fleet_host_state state;
};

struct fleet_hosts {
	struct fleet_host_row *rows; /* owned; by group and name */
	size_t count, room;
	__u64 not_understood; /* messages that are no status */
};

/*
 * Reads them from the server: those of a group, or of all (NULL); of one host, or of all (NULL). Complains itself; returns an
 * exit code. *hosts is to be freed in any case.
 */
int fleet_hosts_read(struct fleet_link *link, const char *group, const char *host, double silent_after,
	struct fleet_hosts *hosts);
void fleet_hosts_free(struct fleet_hosts *hosts);

#endif
