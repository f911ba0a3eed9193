/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an administrator changes of a state: only that has to be named. Whatever is not named stays as it is in the last
 * state; files are added to those that it names, unless they are removed or replaced.
 */
#ifndef DIGSIG_CLI_FLEET_CHANGE_H
#define DIGSIG_CLI_FLEET_CHANGE_H

#include "../../../lib/command/options.h"
#include "fleet_file.h"

struct fleet_change {
	unsigned int mode, wx, expiry, stale; /* OPTION_NOT_GIVEN: as it is */
	const char *scopes;
	double valid_for; /* seconds; 0: as long as the last state */
	struct option_list unset; /* settings that become the host's own again */
	struct option_list certificates, catalogs, lists; /* files to add */
	struct option_list remove; /* files, or digests that begin so */
	bool replaces; /* of a kind of which files are added, no others stay */
};

#define FLEET_CHANGE_NONE \
	{ .mode = OPTION_NOT_GIVEN, .wx = OPTION_NOT_GIVEN, .expiry = OPTION_NOT_GIVEN, .stale = OPTION_NOT_GIVEN }

extern const struct command_option fleet_change_options[];
void fleet_change_free(struct fleet_change *change);

/* Whether it says something. */
bool fleet_change_is_given(const struct fleet_change *change);

/* Reads the files that are to be added. Complains itself; returns an exit code. */
int fleet_change_read(const struct fleet_change *change, struct fleet_files *files);

/*
 * Changes *manifest, which is the last state, or a new one without times, and adds files to it; made: now, in seconds since
 * 1970. Complains itself; returns an exit code.
 */
int fleet_change_apply(const struct fleet_change *change, const struct fleet_files *files, __u64 made,
	struct fleet_manifest *manifest);

#endif
