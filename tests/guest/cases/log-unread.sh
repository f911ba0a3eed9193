# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# Nobody reads the log, and it fills up: the engine does not wait, its answers stay right, and what
# was lost is counted, to the last event.
# attack: 23
engine_start enforcing
soaks map 4 4
before=$(events_so_far)
soaks map 8000 4
lost=$(status_number events_lost)
[ "$lost" -gt 0 ] || fail "8000 events fit into the log: nothing was lost, nothing is shown"
everyone refused INTRUDER "$unsigned/intruder"
everyone runs hello "$signed/hello"
# The kernel is asked once more for what it refused to root and to the user; the others' events are
# as many as the answers.
after=$(events_so_far)
denied=$((8000 + 2))
others=$((after - before - denied))
if [ "$others" -lt 0 ] || [ "$others" -gt 40 ]; then
	fail "$((after - before)) events read or lost of $denied"
fi
# Once there is room, events are kept again.
refused INTRUDER "$unsigned/intruder-static"
logged unsigned "$unsigned/intruder-static" denied
