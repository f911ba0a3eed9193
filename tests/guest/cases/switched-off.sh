# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# digsig=off on the kernel's command line: neither the initramfs nor the units start the engine; an
# administrator can.
# boot: digsig=off rdinit=/init-before
output=$(cat /initramfs-says)
[ "$output" = "digsig: digsig=off is on the kernel's command line: not started" ] ||
	fail "the initramfs says something else"
output=$(digsig start --boot) || fail "start --boot: exit $?"
[ ! -e /sys/fs/bpf/digsig ] || fail "the engine runs"
runs INTRUDER "$unsigned/intruder"
daemon_start <<-END
	[engine]
	mode = enforcing
	trust = $trust
	[daemon]
	log-file = /tmp/events
END
grep -q 'digsig=off is on the kernel' "$daemon_says" || fail "digsigd does not say why"
[ ! -e /sys/fs/bpf/digsig ] || fail "digsigd started the engine"
runs INTRUDER "$unsigned/intruder"
wait_until grep -q 'STATUS=the engine is not running' "$notices"
engine_start enforcing
refused INTRUDER "$unsigned/intruder"
# And digsigd takes it up.
wait_until grep -q intruder /tmp/events
