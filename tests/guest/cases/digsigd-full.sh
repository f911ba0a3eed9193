# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# kernels: newest
# The disk is full: digsigd counts what it cannot write, says so once there is room, and leaves no half
# a line; nobody waits for it.
mkdir /tmp/small
mount -t tmpfs -o size=256k tmpfs /tmp/small
daemon_start <<-END
	[engine]
	mode = enforcing
	trust = $trust
	[daemon]
	roots = $signed
	log-file = /tmp/small/events
	rate = 0
END
many() {
	for i in $(seq "$1" "$2"); do
		cp "$unsigned/silent-static" "/tmp/file.$i"
		"/tmp/file.$i" 2>/dev/null && fail "an unsigned program ran"
		rm "/tmp/file.$i"
	done
	return 0
}
# All that is signed and used here has been judged, so that what comes is counted easily.
runs hello "$signed/hello"
many 100 109
wait_until grep -q file.109 /tmp/small/events
dd if=/dev/zero of=/tmp/small/filler bs=1k count=1000 2>/dev/null || true
many 110 159
refused INTRUDER "$unsigned/intruder"
runs hello "$signed/hello"
wait_until grep -q 'No space left on device: events are not written there for now' "$daemon_says"
[ "$(grep -c -v '^{.*}$' /tmp/small/events)" -eq 0 ] || fail "half a line on a full disk"
rm /tmp/small/filler
wait_until grep -q '"note":"unwritten"' /tmp/small/events
many 160 169
wait_until grep -q file.169 /tmp/small/events
[ "$(grep -c -v '^{.*}$' /tmp/small/events)" -eq 0 ] || fail "half a line afterwards"
written=$(grep -c -E 'file\.1[1-5][0-9]|intruder' /tmp/small/events || true)
# A note is shorter than an event, so there may be room for several before the disk is quite full.
missing=$(grep -o '"note":"unwritten","count":[0-9]*' /tmp/small/events | cut -d : -f 3 |
	awk '{ sum += $1 } END { print sum + 0 }')
[ $((written + missing)) -eq 51 ] || fail "$written written and $missing missing of 51"
[ "$missing" -gt 0 ] || fail "the disk was not full"
output=$(digsig log | grep 'could not be written here: No space left on device') ||
	fail "digsig log does not say what is missing"
daemon_kill TERM
umount /tmp/small
