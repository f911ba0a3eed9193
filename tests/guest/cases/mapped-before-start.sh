# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# attack: 8
# A signed library that a process had mapped before the engine was started is not changed afterwards:
# nobody used it meanwhile. What ran and was not ok is counted in the status.
attacks() {
	for who in root user; do
		cp "$signed/libgreet.so" /tmp/a.so
		chmod 666 /tmp/a.so
		"$signed/load-library" /tmp/a.so sh -c 'until [ -e /tmp/go ]; do usleep 100000; done' \
			>/tmp/says 2>&1 &
		wait_until grep -q greetings /tmp/says
		[ "$expect" = works ] || engine_start enforcing
		perform overwrite both /tmp/a.so
		touch /tmp/go
		wait $! || true
		output="$output $(cat /tmp/says)"
		stays_loyal "a library"
		[ "$expect" = works ] || engine_stop
		rm /tmp/a.so /tmp/go /tmp/says
	done
	who=root
}
expect=works
attacks
expect=refused
attacks

cp "$unsigned/libintruder.so" /tmp/a.so
"$signed/load-library" /tmp/a.so sh -c 'until [ -e /tmp/go ]; do usleep 100000; done' >/tmp/says 2>&1 &
wait_until grep -q INTRUDER /tmp/says
engine_start enforcing
[ "$(status_number files_at_start)" -gt 3 ] || fail "status does not say what ran"
[ "$(status_number files_at_start_not_ok)" -eq 1 ] || fail "status does not say what ran and was not ok"
output=$(digsig status)
echo "$output" | grep -q '^before .* 1 of them not ok' || fail "status does not say it in words"
touch /tmp/go
wait $! || true
engine_stop

# Who may not look into other processes does not start an engine that leaves them out.
perform setpriv --bounding-set=-sys_ptrace digsig start --trust "$trust" --mode enforcing
[ "$status" -eq 1 ] || fail "without CAP_SYS_PTRACE: exit $status instead of 1"
case $output in
*CAP_SYS_PTRACE*) ;;
*) fail "does not say that CAP_SYS_PTRACE is missing" ;;
esac
[ ! -e /sys/fs/bpf/digsig ] || fail "without CAP_SYS_PTRACE: pins are left"
