/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What became of what the fleet says, for digsig status, and for digsig-fleetd, which sends it on: FLEET_REPORT, one JSON
 * object, described in docs/daemon.md.
 */
#ifndef DIGSIG_DAEMON_FLEET_REPORT_H
#define DIGSIG_DAEMON_FLEET_REPORT_H

#include <json-c/json.h>
#include "../enforce/engine.h"
#include "../fleet/store.h"

struct fleet_report {
	const char *group; /* of this machine */
	const struct fleet_set *set; /* NULL: there is none that counts */
	time_t taken; /* when it was taken */
	bool is_stale, is_made_later; /* made later than this machine's clock says it is */
	const struct digsig_config *wanted; /* what the next start would take */
	int keyring; /* as struct fleet_outcome has it */
	bool lacks_room;
	const char *problem; /* of the set, or of applying it; "": none */
	const struct fleet_refusal *refused; /* NULL: nothing */
	const struct digsig_status *engine; /* NULL: it does not run */
	__u64 would_deny; /* events since digsigd was started */
	char kernel[65];
};

/* The object, without "engine"; and that member alone, which changes all the time. NULL: memory is short. */
struct json_object *fleet_report_state(const struct fleet_report *report);
struct json_object *fleet_report_engine(const struct fleet_report *report);

/* Writes text and a newline to path, whole, for everybody to read. 0 or a negative errno. */
int fleet_report_write(const char *path, const char *text);

#endif
