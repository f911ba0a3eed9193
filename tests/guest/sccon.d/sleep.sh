# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2086,SC2154
# The machine sleeps while data is under way. The other end of QEMU's monitor wakes it up.
falls_asleep() {
	if grep -q deep /sys/power/mem_sleep; then
		echo deep >/sys/power/mem_sleep && echo mem >/sys/power/state
	else
		# Nothing could wake it up: it turns round where all devices sleep, after five seconds.
		echo devices >/sys/power/pm_test && echo freeze >/sys/power/state
	fi
}

reload
stty -F $tty raw -echo
controls --rate 100000
cat /data >$tty &
writer=$!
wait_for has_logged_bytes 20000
is "the machine sleeps and wakes up" falls_asleep 2>/tmp/why
wait $writer
wait_for is_statistic waiting_tty -eq 0
wait_for has_logged "PM: suspend exit"
stop_controller
is "and nothing is lost" checks /tmp/log /data
