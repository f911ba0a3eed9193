# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# Where memory may be code, huge pages may: code that was written into them runs, as it does in small
# pages.
echo 4 >/proc/sys/vm/nr_hugepages
trap 'echo 0 >/proc/sys/vm/nr_hugepages' EXIT
for wx in allow audit; do
	engine_start enforcing --wx $wx
	for who in root user; do
		runs INTRUDER write-exec after
		runs INTRUDER huge-code memory
	done
	engine_stop
done
