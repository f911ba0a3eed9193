# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# The part of bench/slabtop.sh that runs in a guest which has only just started.
export LC_ALL=C.UTF-8
echo "kernel $(uname -r), $(($(wc -l </proc/slabinfo) - 2)) caches"
for round in 1 2 3; do
	refresh 100 /usr/bin/slabtop /usr/bin/procps-slabtop read >/tmp/refresh || exit 1
	awk -v round=$round -f /bench/refresh.awk /tmp/refresh
done
echo "record at 10 Hz for 20 s:"
time slabtop record /tmp/rec -d 0.1 --for 20s
