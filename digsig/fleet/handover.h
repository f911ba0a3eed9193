/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What digsig-fleetd, which has no rights, hands to digsigd: complete sets in files. The writer of a set is fleetd; whoever
 * has its user id may write anything there at any time. The reader copies bytes before it looks at them.
 *
 *   FLEET_SPOOL/set/N/group.manifest        signed
 *   FLEET_SPOOL/set/N/host.manifest         signed; may be missing
 *   FLEET_SPOOL/set/N/blob/SHA256HEX        what they name
 *   FLEET_SPOOL/ready -> set/N              replaced by rename(2), when the set is complete and synced
 */
#ifndef DIGSIG_FLEET_HANDOVER_H
#define DIGSIG_FLEET_HANDOVER_H

#define FLEET_SPOOL "/var/lib/digsig-fleet" /* of user FLEET_USER */
#define FLEET_USER "digsig-fleet"
#define FLEET_STORE "/var/lib/digsig/fleet" /* of root: what was checked; see fleet/store.h */
#define FLEET_REPORT "/run/digsigd/fleet.json" /* what digsigd says became of it: docs/fleet.md */

#define FLEET_READY "ready"
#define FLEET_GROUP_FILE "group.manifest"
#define FLEET_HOST_FILE "host.manifest"
#define FLEET_BLOB_FOLDER "blob"

#endif
