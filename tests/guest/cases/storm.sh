# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# Many processes, the first use of many files at once: right answers, and nobody waits forever.
# attack: 22
engine_start enforcing
for i in $(seq 1 24); do
	cp "$signed/hello" "/tmp/good.$i"
	cp "$unsigned/intruder" "/tmp/bad.$i"
done
for i in $(seq 1 24); do
	for j in 1 2; do
		"/tmp/good.$i" >>/tmp/good.out 2>&1 &
		(try "/tmp/bad.$i" >>/tmp/bad.out 2>&1) &
	done
done
wait
output=
[ "$(grep -c '^hello$' /tmp/good.out)" -eq 48 ] || fail "not every signed program ran"
! grep -q INTRUDER /tmp/bad.out || fail "an unsigned program ran"
[ "$(grep -c -E "$denial" /tmp/bad.out)" -eq 48 ] || fail "not every unsigned program was denied"
