# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# Not even root writes the engine's maps, found by their ids or by their pins.
# The kernel lets go of the last engine's maps a while after that engine.
for tries in $(seq 100); do
	map-write id trusted 2>&1 | grep -q 'no map' && break
	sleep 0.1
done
runs INTRUDER map-write -m id trusted
engine_start enforcing
for map in trusted settings inode_verdict workspaces; do
	refused INTRUDER map-write id "$map"
	refused INTRUDER map-write pin "$map"
done
# An ordinary user may not even look for it: by number, or in the directory of the pins.
who=user
refused INTRUDER map-write pin trusted
who=root
everyone refused INTRUDER "$unsigned/intruder"
