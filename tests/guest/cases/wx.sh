# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# attack: 7
# Under wx=deny no program runs code that it wrote itself, but one that was signed for that.
attacks() {
	cp "$signed/hello" /tmp/signed
	for who in root user; do
		for how in both after pkey empty common shm stack implied; do
			attack INTRUDER write-exec "$how"
		done
		for how in private text fork file; do
			attack INTRUDER write-exec "$how" /tmp/signed
		done
	done
	who=userns
	attack INTRUDER write-exec after
	attack INTRUDER write-exec private /tmp/signed
	who=root
}
expect=works
attacks
engine_start enforcing --wx deny
# So that the file itself is no reason to refuse.
runs mapped map-exec file /tmp/signed
expect=refused
attacks
program=/usr/lib/kernkit/guest/write-exec
logged unstable "$program" denied
# The same program, signed with --wx.
for how in both after pkey common shm stack implied; do
	everyone runs INTRUDER /t/compiler "$how"
done
everyone runs mapped map-exec file /tmp/signed
for how in private text fork file; do
	everyone runs INTRUDER /t/compiler "$how" /tmp/signed
done
# Which says nothing about a file that is not signed.
everyone refused INTRUDER /t/compiler private "$unsigned/hello"
everyone refused INTRUDER /t/compiler file "$unsigned/hello"
# A copy that was tampered with is no such program, nor is one that is changed after it ran.
cp /t/compiler /tmp/compiler
runs INTRUDER /tmp/compiler after
tamper first-page /tmp/compiler
refused INTRUDER /tmp/compiler after
