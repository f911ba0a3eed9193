# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2086,SC2154
# Everything at once: open, write, set, hang up and close, while the module is removed and loaded, with messages under way.
seconds=8
[ -z "$soak" ] || seconds=60
# What the controller types may be anything.
reload sysrq=0
dmesg -c >/dev/null
exec 9>&-
(
	while :; do
		echo "load" >/dev/kmsg
		usleep 2000
	done
) &
load=$!
is "a race" sccon-race $tty /sccon.ko $seconds 1
kill $load
wait $load 2>/dev/null
exec 9<>$tty
is "the kernel has no complaint" is_quiet
