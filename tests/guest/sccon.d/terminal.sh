# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2086,SC2154
# What a terminal does.
has_size() {
	[ "$(stty size <&9 2>/dev/null)" = "$1" ]
}

reload
script "window 61 177"
controls --script /tmp/script
is "the window's size comes from the controller" wait_for has_size "61 177"
before=$(stty -g -F $tty)
stty -F $tty raw -echo -icrnl min 3 time 7
stty -F $tty "$before"
is "stty -g and back" [ "$(stty -g -F $tty)" = "$before" ]
stop_controller
is "what a terminal does" sccon-terminal $tty
is "it is not removed while it is open" sh -c '! rmmod sccon 2>/tmp/why'

# A warning in an interrupt while the firmware takes nothing for a while.
controls
wait_for is_statistic waiting_tty -eq 0
stop_controller
script "faults stuck_ms=1000" "warn"
controls --script /tmp/script
wait_for has_logged "end trace"
wait_for is_statistic waiting_log -eq 0
stop_controller
is "a warning comes whole" has_logged "cut here"
is "and once" [ "$(grep -a -c 'cut here' /tmp/log)" = 1 ]
dmesg -c >/dev/null
