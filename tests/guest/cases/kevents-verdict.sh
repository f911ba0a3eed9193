# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# Where DigSig's engine runs, an image that is loaded carries its verdict; what is unsigned can be
# counted; and the engine can still be locked while kevents looks.
engine_start monitor
kevents -e load --json -- sh -c "$signed/hello; $unsigned/hello; $stranger/intruder; true" >/tmp/stream 2>/tmp/notes ||
	fail "kevents ended with $?: $(cat /tmp/notes)"
for expected in "\"path\":\"$signed/hello\".*\"verdict\":\"ok\"" \
	"\"path\":\"$unsigned/hello\".*\"verdict\":\"unsigned\"" \
	"\"path\":\"$stranger/intruder\".*\"verdict\":\"unknownkey\""; do
	if ! grep -q -E -- "$expected" /tmp/stream; then
		output=$(cat /tmp/stream)
		fail "not in the stream: $expected"
	fi
done
kevents --rates=30 --json -- sh -c "for i in 1 2 3 4 5; do $unsigned/hello; done; true" >/tmp/rates 2>/tmp/notes ||
	fail "kevents --rates ended with $?: $(cat /tmp/notes)"
if ! grep -q '"unsigned_loads":[0-9]*[1-9]' /tmp/rates; then
	output=$(cat /tmp/rates)
	fail "unsigned loads are not counted"
fi
cat >/tmp/command <<EOF
$unsigned/hello
digsig mode enforcing --force || echo failed >/tmp/mode
$unsigned/intruder 2>/dev/null
true
EOF
kevents -e load -o /tmp/stream -- sh /tmp/command >/tmp/said 2>/tmp/notes ||
	fail "kevents ended with $?: $(cat /tmp/notes)"
[ ! -e /tmp/mode ] || fail "digsig mode enforcing failed"
! grep -q INTRUDER /tmp/said || fail "an intruder ran"
grep -q "unsigned.*$unsigned/hello" /tmp/stream || fail "the table does not say unsigned"
