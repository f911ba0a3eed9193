# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2086,SC2154
# A slow reader, and one who leaves in the middle and comes back.
reload ring=64
moves "60000 bytes a second" 20 /data /short --rate 60000
stty -F $tty raw -echo
controls --rate 200000
cat /data >$tty &
writer=$!
wait_for has_logged_bytes 20000
kill $controller
wait $controller 2>/dev/null
mv /tmp/log /tmp/log.1
# Nobody reads: all buffers are full.
sleep 0.5
controls
wait $writer
wait_for is_statistic waiting_tty -eq 0
stop_controller
cat /tmp/log.1 /tmp/log >/tmp/log.2
is "a controller that leaves" checks /tmp/log.2 /data
