# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# What is signed below the roots is known to the engine before anybody runs it: what was there, what
# is copied or moved there, and what comes with a mount. And a file copied in and run at once runs.
mkdir -p /tmp/roots/old /tmp/elsewhere
# Files that the engine cannot know by their digest: each is signed anew, with another time.
cp "$keys/own.key" "$keys/own.crt" /tmp/
mkdir /tmp/trust
cp "$trust/trusted.crt" /tmp/own.crt /tmp/trust/
fresh=1000000000
fresh_file() {
	cp "$unsigned/silent-static" "$1"
	fresh=$((fresh + 1))
	SOURCE_DATE_EPOCH=$fresh digsig sign -q --key /tmp/own.key "$1"
}
fresh_file /tmp/roots/old/there
daemon_start <<-END
	[engine]
	mode = enforcing
	trust = /tmp/trust
	[daemon]
	roots = /tmp/roots
	roots = /mnt
	log-file = /tmp/events
END
known() {
	digsig status --json | grep -o '"files_known":[0-9]*' | cut -d : -f 2
}
# grows HOW: one more file is known than before, and nobody executed it.
grows() {
	is_more() {
		[ "$(known)" -gt "$before" ]
	}
	wait_until is_more
	before=$(known)
	echo "$1: $before known"
}
is_admitted() {
	grep -q 'STATUS=1 files admitted' "$notices"
}
wait_until is_admitted
before=$(known)
fresh_file /tmp/roots/copied
grows copied
fresh_file /tmp/elsewhere/moved
mv /tmp/elsewhere/moved /tmp/roots/moved
grows moved
mkdir /tmp/elsewhere/folder
fresh_file /tmp/elsewhere/folder/within
mv /tmp/elsewhere/folder /tmp/roots/
grows "moved with its folder"
# A mount that comes later, with what is on it and what is put there.
mkdir /tmp/roots/mounted
fresh_file /tmp/elsewhere/early
mount -t tmpfs tmpfs /mnt
cp /tmp/elsewhere/early /mnt/early
grows "on a new mount"
mount -t ramfs ramfs /tmp/roots/mounted
sleep 1
fresh_file /tmp/roots/mounted/late
grows "on a file system without handles"
# Nothing holds the mounts.
umount /mnt
umount /tmp/roots/mounted
fresh_file /tmp/elsewhere/outside
cp /tmp/elsewhere/outside /tmp/outside
sleep 1
[ "$(known)" -eq "$before" ] || fail "admits what is outside the roots"
# Copied a microsecond ago.
for i in 1 2 3 4 5 6 7 8; do
	cp "$signed/hello-static" "/tmp/roots/at-once.$i"
	runs hello "/tmp/roots/at-once.$i"
done
cp "$unsigned/intruder-static" /tmp/roots/intruder
everyone refused INTRUDER /tmp/roots/intruder
# A new engine is served like the one before.
engine_stop
engine_start monitor
serves_again() {
	[ "$(known)" -ge 4 ]
}
wait_until serves_again
