# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# Where the disk is full, the answers stay right, and a log that cannot be written says so.
# attack: 23
mkdir -p /tmp/full
mount -t tmpfs -o size=1m tmpfs /tmp/full
cp "$signed/hello" "$unsigned/intruder" /tmp/full/
engine_start enforcing
refused INTRUDER "$unsigned/intruder"
dd if=/dev/zero of=/tmp/full/ballast bs=4096 2>/dev/null || true
everyone runs hello /tmp/full/hello
everyone refused INTRUDER /tmp/full/intruder
perform sh -c 'digsig log >>/tmp/full/ballast'
[ "$status" -eq 1 ] || fail "digsig log: exit $status instead of 1, on a full disk"
case $output in
"digsig: log: "*"No space left on device"*) ;;
*) fail "digsig log does not speak of the full disk" ;;
esac
everyone refused INTRUDER /tmp/full/intruder
logged unsigned /tmp/full/intruder denied
umount /tmp/full
