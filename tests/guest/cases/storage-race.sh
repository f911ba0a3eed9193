# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# attack: 8
# Two threads have a new library judged at the same moment, and it is opened for writing during the
# hash: what is written afterwards does not run.
attacks() {
	for who in root user; do
		mkdir -m 777 /tmp/race
		attack_in_use INTRUDER storage-race "$signed/libheavy.so" /tmp/race/new.so
		rm -r /tmp/race
	done
	who=root
}
prove enforcing attacks
