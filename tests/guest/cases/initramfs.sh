# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# Started in the initramfs, the engine enforces before the first program of the root file system runs,
# and its pins move there.
# boot: rdinit=/init-before
output=$(cat /initramfs-says)
[ "$output" = "digsig: enforcing, 1 trusted certificate" ] || fail "the initramfs says something else"
output=$(digsig mode)
[ "$output" = enforcing ] || fail "the engine did not come along"
everyone refused INTRUDER "$unsigned/intruder"
everyone runs hello "$signed/hello"
logged unsigned "$unsigned/intruder" denied
# What is started at boot once more, by digsig.service, leaves it as it is.
printf '[engine]\nmode = monitor\n' >/etc/digsig/digsig.conf
output=$(digsig start --boot) || fail "start --boot with the engine running: exit $?"
output=$(digsig mode)
[ "$output" = enforcing ] || fail "start --boot changed the mode"
# It can be taken out here like any other.
engine_stop
everyone runs INTRUDER "$unsigned/intruder"
