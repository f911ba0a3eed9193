# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# attack: 8
# Between the check of a library and its mapping, mmap(2) waits for a lock that another thread of the
# process holds as long as it likes. What is written to the library meanwhile does not run.
attacks() {
	for who in root user userns; do
		cp "$signed/libgreet.so" /tmp/window.so
		chmod 777 /tmp/window.so
		attack_in_use INTRUDER mmap-window /tmp/window.so
		rm /tmp/window.so
	done
	who=root
}
prove enforcing attacks
