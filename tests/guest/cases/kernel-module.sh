# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# attack: 16
# A module of the distribution's own is refused as long as nobody here trusts it.
[ ! -e /sys/module/loop ] || rmmod loop
attacks() {
	attack INTRUDER sh -c 'insmod /lib/modules/loop.ko && echo INTRUDER'
}
expect=works
attacks
rmmod loop
engine_start enforcing
expect=refused
attacks
output=$(digsig policy modules=off 2>&1) || fail "digsig policy modules=off failed"
runs INTRUDER sh -c 'insmod /lib/modules/loop.ko && echo INTRUDER'
