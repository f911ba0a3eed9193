# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# Unsigned programs do not run.
# attack: 1 4 13
attacks() {
	for who in root user userns; do
		attack INTRUDER "$unsigned/intruder-static"
		attack INTRUDER "$unsigned/intruder"
	done
	who=root
	# The same program under another name, by another link, from another file system.
	cp "$unsigned/intruder" /tmp/harmless
	ln -sf /tmp/harmless /tmp/symbolic
	ln -f /tmp/harmless /tmp/hard
	cp "$unsigned/intruder" /dev/shm/intruder
	everyone attack INTRUDER /tmp/symbolic
	everyone attack INTRUDER /tmp/hard
	everyone attack INTRUDER /dev/shm/intruder
}
prove enforcing attacks
logged unsigned "$unsigned/intruder-static" denied
logged unsigned "$unsigned/intruder" denied
logged unsigned /dev/shm/intruder denied
