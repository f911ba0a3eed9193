# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# limit: 11
# What an interpreter reads by itself is data to the kernel, unless the interpreter asks.
printf 'echo INTRUDER\n' >/tmp/plain
attacks() {
	everyone runs INTRUDER sh /tmp/plain
	everyone runs INTRUDER sh -c 'echo INTRUDER'
	everyone runs INTRUDER sh -c '. /tmp/plain'
}
attacks
engine_start enforcing
attacks
