# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2086,SC2154
# By QEMU's debug console, with the messages' numbers: from 0 to the panic's last one. The panic comes while most of 4000
# messages wait, in the kernel or in the module: it takes the console away in the middle of one of them, since calls are small.
# If all are sent too soon, it is tried again, and the log begins again.
is_early_enough() {
	local sent

	insmod /sccon.ko transport=debugcon extended=1 max_call=4 ring=1024 &
	until sent=$(statistic sent 2>/dev/null) && [ "${sent:-0}" -gt 0 ]; do
		:
	done
	[ "$sent" -lt 300000 ]
}

dmesg -n 1
flood 4000
# SysRq changes the level for a moment, and whoever prints meanwhile would leave messages out.
echo 1 >/sys/module/printk/parameters/ignore_loglevel
until is_early_enough; do
	wait
	is "it can be removed" wait_for removes
done
echo c >/proc/sysrq-trigger
