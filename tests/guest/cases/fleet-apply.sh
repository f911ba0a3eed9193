# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# kernels: newest
# seconds: 900
# processors: 2
# What a fleet says, handed over in files, counts on a running engine: a catalog unblocks, a list revokes, the mode changes; what
# is forged, old, expired or another's is refused and said; it is there after a stop and a start, and after a kill.
trap 'rm -f /etc/digsig/digsig.conf' EXIT
# Words that they print are not in these names.
cp "$unsigned/hello" /tmp/first
cp "$unsigned/hello-static" /tmp/second
cp "$signed/howdy" /tmp/third
fleet_start web
[ "$(digsig mode)" = monitor ] || fail "not the mode of its own"
wait_until fleet_says '"group":null'
case $(digsig status) in
*"group web: no state of it has been taken"*) ;;
*) fail "digsig status: says something else" ;;
esac
# From monitor to enforcing, with a program that is unblocked and one that is revoked.
runs howdy /tmp/third
hand_over unblock
begun=$(fleet_clock)
wait_until fleet_says '"name":"web","sequence":2' '"at_next_start":[]' '"mode":"enforcing"'
echo "applied after $(($(fleet_clock) - begun))0 ms"
everyone runs hello /tmp/first
everyone refused INTRUDER "$unsigned/intruder"
everyone refused hello /tmp/second
everyone refused howdy /tmp/third
digsig revoke --show | grep -q '^digest ' || fail "what is revoked is not in the machine's store"
output=$(digsig status)
case $output in
*"group web, sequence 2, valid until "*) ;;
*) fail "digsig status does not say the sequence" ;;
esac
output=$(digsig check /tmp/first) || fail "digsig check does not know the set's catalog"
# One catalog goes, another comes; what is revoked stays so.
hand_over replace
wait_until fleet_says '"sequence":3' '"refused":null'
everyone runs hello /tmp/second
everyone refused hello /tmp/first
everyone refused howdy /tmp/third
is_alone() {
	set -- /var/lib/digsig/fleet/set/*
	[ $# -eq 1 ]
}
wait_until is_alone
# Each is refused, and nothing changes.
expect_refused() {
	hand_over "$1"
	wait_until fleet_says "$2" '"name":"web","sequence":3'
	everyone runs hello /tmp/second
	everyone refused hello /tmp/first
}
expect_refused forged 'the signature: badsig'
expect_refused unknown 'the signature: unknownkey'
expect_refused other-group 'it is for group db, and this machine is of group web'
expect_refused expired "expired, by this machine's clock"
expect_refused unblock 'it is older than what this machine has taken: sequence 3'
expect_refused swapped 'its bytes are not those that the manifest names'
output=$(digsig status)
case $output in
*"refused: the state of the group, sequence 4: "*) ;;
*) fail "digsig status does not say what was refused" ;;
esac
[ "$(digsig mode)" = enforcing ] || fail "the mode changed"
grep -q 'fleet: the state of the group, sequence 2 is refused: it is older' "$daemon_says" ||
	fail "digsigd does not say what it refuses"
# Its own state lies over the group's.
hand_over own
wait_until fleet_says '"name":"web","sequence":5' '"name":"guest1","sequence":1' '"refused":null'
[ "$(digsig mode)" = enforcing ] || fail "the host's own mode does not count"
everyone runs hello /tmp/first
everyone runs hello /tmp/second
everyone refused INTRUDER "$unsigned/intruder"
hand_over monitor
wait_until fleet_says 'this machine has taken a state of its own, sequence 1, and the set has none'
# A certificate waits for the next start.
hand_over trust
wait_until fleet_says '"name":"web","sequence":6' '"at_next_start":["trust"]'
everyone refused INTRUDER "$stranger/intruder"
daemon_kill TERM
engine_stop
output=$(digsig start) || fail "digsig start with a set"
[ "$output" = "digsig: enforcing, 2 trusted certificates" ] || fail "not what the fleet says"
everyone runs INTRUDER "$stranger/intruder"
everyone refused howdy /tmp/third
fleet_start web
wait_until fleet_says '"sequence":6' '"at_next_start":[]'
# Killed while it takes a set: the one before, or this one, and in the end this one.
for delay in 0 0.1 0.3 0.6 1 1.5 2; do
	hand_over large
	sleep $delay
	daemon_kill
	output=$(digsig check "$stranger/intruder") || fail "killed after $delay s: the set is damaged"
	everyone refused INTRUDER "$unsigned/intruder"
	fleet_start web
done
wait_until fleet_says '"sequence":7' '"refused":null'
wait_until runs hello /tmp/first
# Damaged on the disk: said, and taken again from the spool.
daemon_kill
for file in /var/lib/digsig/fleet/current/catalog/*; do
	echo >>"$file"
done
output=$(digsig check /tmp/first 2>&1) && fail "a damaged set counts"
case $output in
*"the set in /var/lib/digsig/fleet does not count, what digsig.conf says does: "*"it is damaged"*) ;;
*) fail "a damaged set is not said" ;;
esac
fleet_start web
wait_until digsig check /tmp/first
everyone refused INTRUDER "$unsigned/intruder"
# Without a group, nothing of it.
daemon_kill TERM
engine_stop
sed -i '/^\[fleet\]/,$d' /etc/digsig/digsig.conf
output=$(digsig start) || fail "digsig start without a fleet"
[ "$output" = "digsig: monitor, 1 trusted certificate" ] || fail "a fleet of before counts"
