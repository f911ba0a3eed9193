# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# Objects leak, and slabtop names the cache, whatever else was merged with it. Where none leaks, it
# says that.
# seconds: 600
output=$(slabtop --once 2>&1) || fail "slabtop --once failed"
echo "$output" | grep -q '^ Active / Total Caches' || fail "slabtop --once has no header"
[ "$(echo "$output" | tail -n +8 | wc -l)" -eq "$(tail -n +3 /proc/slabinfo | wc -l)" ] ||
	fail "slabtop --once does not have all caches"
who=user
perform slabtop --once
who=root
[ "$status" -eq 3 ] || fail "user: exit $status instead of 3"
leaks files filp
leaks keys key_jar
status=0
output=$(slabtop watch --leak --for 15s -d 0.25 2>&1) || status=$?
[ "$status" -eq 0 ] || fail "nothing leaks: exit $status instead of 0"
