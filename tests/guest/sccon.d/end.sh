# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2086,SC2154
# A panic while the firmware takes nothing: it comes to its end all the same, on the other console.
dmesg -c >/dev/null
script "faults stuck_ms=3600000" "wait 3600000"
controls --script /tmp/script
sleep 0.5
echo "end"
echo c >/proc/sysrq-trigger
