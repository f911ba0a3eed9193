# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# attack: 4 7
# Huge pages as code: a program in a memfd of huge pages is not run, signed or not; code written into
# huge pages is memory, and follows the rules for that.
echo 4 >/proc/sys/vm/nr_hugepages
trap 'echo 0 >/proc/sys/vm/nr_hugepages' EXIT
# The kernel takes such a program, and kills it where it maps it in small pages.
execute() {
	if [ "$expect" = works ]; then
		killed hello huge-code program "$1"
	else
		refused hello huge-code program "$1"
	fi
}
attacks() {
	for who in root user userns; do
		execute "$signed/hello-static"
		execute "$unsigned/intruder-static"
		attack INTRUDER huge-code memory
		attack INTRUDER huge-code file
	done
	who=root
}
expect=works
attacks
engine_start enforcing --wx deny
expect=refused
attacks
