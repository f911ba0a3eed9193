# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# attack: 7
# A process cannot have another program's exemption by giving itself out as that program.
attacks() {
	attack INTRUDER /lib64/ld-linux-x86-64.so.2 /usr/lib/kernkit/guest/name-program /t/compiler
}
expect=works
attacks
engine_start enforcing --wx deny
runs INTRUDER /t/compiler after
expect=refused
attacks
