# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2086,SC2154
# What was logged before comes first, and once.
is_replayed() {
	tr -d '\r' </tmp/log >/tmp/printed
	head -n "$(wc -l </tmp/printed)" /tmp/dmesg >/tmp/expected
	diff /tmp/expected /tmp/printed >/tmp/why && [ "$(wc -l </tmp/printed)" -gt 100 ]
}

controls
wait_for has_logged "sccon: ttySC0 by sal"
wait_for is_statistic waiting_log -eq 0
stop_controller
dmesg >/tmp/dmesg
is "the log is replayed once, $(grep -c '' /tmp/log) lines" is_replayed
echo 8 >/proc/sys/kernel/printk
