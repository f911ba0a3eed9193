# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2086,SC2154
# Everything at once: open, write, set, hang up and close, while the module is removed and loaded, with messages under way.
seconds=$((8 * patience))
[ -z "$soak" ] || seconds=$((60 * patience))
dmesg -c >/dev/null

# The module goes in the middle of input that nobody reads but SysRq.
reload sysrq=2
exec 9>&-
head -c 60000 /data >/tmp/more
for round in 1 2 3 4 5 6 7 8; do
	sccon-controller run --type /tmp/more --quiet 0
	is "removed with input under way, round $round" wait_for removes
	insmod /sccon.ko transport=sal replay=0 sysrq=2
done
rm -f /tmp/more
exec 9<>$tty

# What the controller types may be anything.
reload sysrq=0
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
