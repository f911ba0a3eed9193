# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# Not even root writes the engine's maps, found by their ids or by their pins.
runs INTRUDER map-write -m id trusted
engine_start enforcing
for map in trusted settings inode_verdict workspaces; do
	everyone refused INTRUDER map-write id "$map"
	everyone refused INTRUDER map-write pin "$map"
done
everyone refused INTRUDER "$unsigned/intruder"
