# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# Nobody reads the log, and it fills up: the engine does not wait, its answers stay right, and what
# was lost is counted, to the last event.
# seconds: 600
# attack: 23
engine_start enforcing
soaks map 4 4
# The counting itself starts programs: their first use is an event, too.
events_so_far >/dev/null
before=$(events_so_far)
soaks map 8000 4
[ "$(status_number events_lost)" -gt 0 ] || fail "8000 events fit into the log: nothing is shown"
after=$(events_so_far)
[ $((after - before)) -eq 8000 ] || fail "$((after - before)) events read or lost of 8000"
# Full once more: others get the right answers too.
soaks map 8000 4
everyone refused INTRUDER "$unsigned/intruder"
everyone runs hello "$signed/hello"
# Once there is room, events are kept again.
events_so_far >/dev/null
refused INTRUDER "$unsigned/intruder-static"
logged unsigned "$unsigned/intruder-static" denied
