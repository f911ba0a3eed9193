/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host's part of a fleet: a thread that takes what digsig-fleetd hands over into the store of the machine, applies it to the
 * engine, and reports what became of it. The log does not wait for it, however large a set is.
 */
#ifndef DIGSIG_DAEMON_FLEET_H
#define DIGSIG_DAEMON_FLEET_H

#include "../config/config.h"

struct fleet_keeper;

/* The configuration, which names a group, must live until fleet_keeper_stop. 0 or a negative errno. */
int fleet_keeper_start(const struct digsig_config *config, struct fleet_keeper **keeper);
/* Returns when the thread has ended: within a megabyte of a set. NULL is nothing. */
void fleet_keeper_stop(struct fleet_keeper *keeper);

/* An event that would have been denied in mode enforcing was seen. */
void fleet_keeper_count(struct fleet_keeper *keeper);

#endif
