# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# kernels: newest
# seconds: 900
# processors: 2
# boot: digsig-guest=locked
# An engine that is locked and enforcing obeys an unblock and a revocation; a mode that is less strict waits for the next start,
# and the report says so. A state that nobody renews is stale.
trap 'rm -f /etc/digsig/digsig.conf' EXIT
# Words that they print are not in these names.
cp "$unsigned/hello" /tmp/first
cp "$unsigned/hello-static" /tmp/second
cp "$signed/howdy" /tmp/third
fleet_start web
hand_over unblock
wait_until fleet_says '"sequence":2' '"mode":"enforcing"'
perform digsig lock
[ "$status" -eq 0 ] || fail "digsig lock failed"
wait_until fleet_says '"locked":true'
everyone runs hello /tmp/first
everyone refused howdy /tmp/third
hand_over replace
begun=$(fleet_clock)
wait_until fleet_says '"sequence":3'
echo "applied after $(($(fleet_clock) - begun))0 ms"
everyone runs hello /tmp/second
everyone refused hello /tmp/first
everyone refused howdy /tmp/third
hand_over monitor
wait_until fleet_says '"sequence":5' '"at_next_start":["mode"]' '"mode":"enforcing"'
everyone refused INTRUDER "$unsigned/intruder"
output=$(digsig status)
case $output in
*"at the next start of the engine: mode"*) ;;
*) fail "digsig status does not say what waits" ;;
esac
# The clock goes on by two months.
date -s "@$(($(date +%s) + 60 * 86400))" >/dev/null
wait_until fleet_says '"stale":true'
case $(digsig status) in
*"stale: nobody has renewed it in time"*) ;;
*) fail "digsig status does not say that it is stale" ;;
esac
everyone runs hello /tmp/second
date -s "@$(($(date +%s) - 60 * 86400))" >/dev/null
wait_until fleet_says '"stale":false'
# Without digsigd, and without anybody of the fleet, it goes on.
daemon_kill
rm -rf "$fleet_spool"
everyone refused INTRUDER "$unsigned/intruder"
everyone runs hello /tmp/second
