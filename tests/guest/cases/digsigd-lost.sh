# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# kernels: newest
# More events than the buffer holds while digsigd does not run: once it is started, what is missing is
# told at its place, and digsig log and digsigd tell it once.
engine_start monitor
map-often 5000 "$unsigned/libintruder.so"
events_lost() {
	digsig status --json | grep -o '"events_lost":[0-9]*' | cut -d : -f 2
}
[ "$(events_lost)" -gt 0 ] || fail "the buffer holds 5000 events"
daemon_start <<-END
	[engine]
	trust = $trust
	[daemon]
	roots = $signed
	log-file = /tmp/events
	rate = 0
END
told() {
	sed -n 's/.*"note":"lost","count":\([0-9]*\).*/\1/p; s/.*"lost_before":\([0-9]*\).*/\1/p' /tmp/events |
		awk '{ sum += $1 } END { print sum + 0 }'
}
tells_all() {
	[ "$(told)" -eq "$(events_lost)" ]
}
wait_until tells_all
# Not again by the next reader.
daemon_kill
refused INTRUDER sh -c "digsig mode enforcing && exec $unsigned/intruder"
output=$(digsig log)
case $output in
*lost*) fail "digsig log tells of losses that were told" ;;
*"denied  unsigned"*) ;;
*) fail "digsig log does not show what came since" ;;
esac
