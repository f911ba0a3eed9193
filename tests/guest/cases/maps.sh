# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# Not even root writes the engine's maps, found by their ids or by their pins.
runs INTRUDER map-write -m id trusted
engine_start enforcing
for map in trusted settings inode_verdict workspaces catalog_copy; do
	refused INTRUDER map-write id "$map"
	refused INTRUDER map-write pin "$map"
done
# An ordinary user may not even look for it: by number, or in the directory of the pins.
who=user
refused INTRUDER map-write pin trusted
who=root
everyone refused INTRUDER "$unsigned/intruder"
