/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The courier: a thread that hands the engine the signature blocks of all files below the roots,
 * then of those that are written or moved there, on mounts that come later too. After the engine
 * was stopped it waits for the next one, and begins again.
 */
#ifndef DIGSIG_DAEMON_FOLLOW_H
#define DIGSIG_DAEMON_FOLLOW_H

#include "../config/config.h"

struct follower;

/* roots are copied; one that does not exist is logged and left out. 0 or a negative errno. */
int follower_start(const struct config_paths *roots, struct follower **follower);
/* Returns when the thread has ended: after the file that it is at. */
void follower_stop(struct follower *follower);

/* Since the start. */
struct follower_report {
	unsigned long admitted, refused, failed; /* files */
	bool is_walking; /* the roots are being gone through */
};
/* May be called while the thread works: each number is right, but not all are of one moment. */
struct follower_report follower_ask(struct follower *follower);

#endif
