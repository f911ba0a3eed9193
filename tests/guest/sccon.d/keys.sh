# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2086,SC2154
# Keys for the kernel.
has_helped() {
	dmesg | grep -q "sysrq: HELP"
}

# presses NAME LINE...: that is a SysRq.
presses() {
	local name=$1

	shift
	dmesg -c >/dev/null
	script "$@"
	controls --script /tmp/script
	is "$name" wait_for has_helped
	stop_controller
}

reload
stty -F $tty raw -echo
echo 1 >/proc/sys/kernel/sysrq
presses "ESC SYS and a key" "type \\eS" "wait 100" "type YS" "wait 100" "type h"
presses "break and a key" "break" "wait 100" "type h"
dmesg -c >/dev/null
echo 0 >/sys/module/sccon/parameters/sysrq
before=$(statistic received)
script "type \\eSYSh" "break" "wait 100" "type h"
controls --script /tmp/script
is "sysrq=0: the keys go to who reads" wait_for is_statistic received -ge $((before + 6))
is "sysrq=0: and are none for the kernel" sh -c '! dmesg | grep -q "sysrq: HELP"'
stop_controller
echo 1 >/sys/module/sccon/parameters/sysrq
