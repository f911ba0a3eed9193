# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# wx=audit logs each program once and lets it run, as everything but enforcing does; wx=allow says
# nothing.
program=/usr/lib/kernkit/guest/write-exec
times_logged() {
	digsig log --json >>"$seen"
	sed 's/": "/":"/g; s,\\/,/,g' "$seen" | grep -F '"hook":"wx"' | grep -c -F "\"path\":\"$program\""
}
engine_start enforcing --wx allow
everyone runs INTRUDER write-exec after
[ "$(times_logged)" -eq 0 ] || fail "logged under wx=allow"
output=$(digsig policy --wx audit 2>&1) || fail "digsig policy --wx audit failed"
everyone runs INTRUDER write-exec after
everyone runs INTRUDER write-exec both
[ "$(times_logged)" -eq 1 ] || fail "logged $(times_logged) times under wx=audit"
logged unstable "$program" allowed
output=$(digsig policy --wx deny 2>&1) || fail "digsig policy --wx deny failed"
everyone refused INTRUDER write-exec after
[ "$(times_logged)" -eq 3 ] || fail "logged $(times_logged) times under wx=deny"
for mode in permissive monitor; do
	output=$(digsig mode $mode 2>&1) || fail "digsig mode $mode failed"
	everyone runs INTRUDER write-exec after
done
