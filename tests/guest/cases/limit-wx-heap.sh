# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# limit: 7
# What no hook sees: under a personality in which everything readable is executable, brk(2) gives
# such memory; and userfaultfd(2) fills the missing pages of an executable mapping of a signed file
# on a tmpfs.
cp "$signed/hello-static" /dev/shm/hello
attacks() {
	everyone runs INTRUDER write-exec heap
	everyone runs INTRUDER write-exec faults /dev/shm/hello
}
attacks
engine_start enforcing --wx deny
attacks
rm /dev/shm/hello
