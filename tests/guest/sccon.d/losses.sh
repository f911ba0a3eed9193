# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2086,SC2154
# A firmware that is gone for longer than it is tried again: what is lost is said, and where.
has_given_up() {
	is_statistic waiting_tty -eq 0 && is_statistic lost_tty -gt 0
}

reload retries=5 ring=64
stty raw -echo <&9
echo 1 >/proc/sys/kernel/printk
rm -f /tmp/gone /tmp/back
script "until /tmp/gone" "faults gone_ms=600000" "until /tmp/back" "faults"
controls --script /tmp/script
head -c 65536 /data >$tty
wait_for is_statistic waiting_tty -eq 0
: >/tmp/gone
wait_for is_statistic looks_failed -gt 0
tail -c +65537 /data | head -c 65536 >$tty
wait_for has_given_up
: >/tmp/back
tail -c +131073 /data >$tty
wait_for is_statistic waiting_tty -eq 0
stop_controller
is "a firmware that is gone for long: what is lost is said" checks /tmp/log /data
cat /tmp/why
is "it was something" grep -q ' [1-9][0-9]* of them' /tmp/why
echo 8 >/proc/sys/kernel/printk
# What the other console has not shown meanwhile.
is "the kernel has no complaint" is_quiet
