# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# A catalog for which there is no room is said to be one, with what to do; what was trusted stays.
engine_start monitor --max-files 2
perform digsig catalog load "$catalogs/trusted.catalog"
[ "$status" -eq 1 ] || fail "exit $status, not 1"
echo "$output" | grep -q 'no room.*--max-files' || fail "does not say what to do"
engine_stop
# What is known when it starts has its room.
engine_start enforcing --catalog "$catalogs/trusted.catalog"
digsig status --json >/run/status || fail "digsig status failed"
runs hello "$unsigned/hello"
