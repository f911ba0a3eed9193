# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# kernels: newest
# digsigd starts the engine as its configuration says, writes what it sees as JSON lines, and digsig
# log shows that.
# What would be the journal: its protocol is a line a field.
mkdir -p /run/systemd/journal
notify-listen /run/systemd/journal/socket >/tmp/journal &
wait_until test -S /run/systemd/journal/socket
daemon_start <<-END
	[engine]
	mode = enforcing
	trust = $trust
	[daemon]
	roots = $signed
	log-file = /tmp/events
END
: >"$seen"
output=$(digsig mode)
[ "$output" = enforcing ] || fail "the mode is not that of the configuration"
who=user
refused INTRUDER "$unsigned/intruder"
logs_it() {
	grep -F "intruder" /tmp/events | grep -F '"verdict":"unsigned"' | grep -q -F '"uid":1000'
}
wait_until logs_it
wait_until grep -q "^DIGSIG_PATH=$unsigned/intruder$" /tmp/journal
for field in MESSAGE_ID=8489a5967fa34f079ede56a5bf0bcee1 PRIORITY=4 SYSLOG_IDENTIFIER=digsigd \
	DIGSIG_VERDICT=unsigned DIGSIG_UID=1000 DIGSIG_HOOK=exec; do
	grep -q "^$field$" /tmp/journal || fail "not in the journal: $field"
done
grep -q "^MESSAGE=denied  unsigned   exec     $unsigned/intruder " /tmp/journal || fail "no message"
logged unsigned "$unsigned/intruder" denied
output=$(digsig log)
case $output in
*"denied  unsigned   exec     $unsigned/intruder  pid "*" uid 1000: the file ends without"*) ;;
*) fail "digsig log does not show it in words" ;;
esac
# What is new shows up while it is followed, also behind a rotation.
who=root
digsig log --follow --json >/tmp/followed &
follower=$!
refused INTRUDER "$unsigned/intruder-static"
wait_until grep -q intruder-static /tmp/followed
kill $follower
# Repeats are counted only, and told once the interval is over.
for i in 1 2 3 4 5; do
	refused INTRUDER "$unsigned/hello-static"
done
tells_repeats() {
	grep -F hello-static /tmp/events | grep -F '"note":"repeated"' | grep -q -F '"count":4'
}
wait_until tells_repeats
[ "$(grep -F hello-static /tmp/events | grep -c '"pid"')" -eq 1 ] || fail "repeats were written"
grep -q '^STATUS=.*admitted' "$notices" || fail "no status for systemd"
# One at a time; and it ends when it is told to.
perform digsigd --config /run/digsig.conf
[ "$status" -eq 1 ] || fail "a second digsigd: exit $status instead of 1"
daemon_kill TERM
grep -q STOPPING=1 "$notices" || fail "did not tell systemd that it stops"
# Nobody is needed for the engine to go on.
refused INTRUDER "$unsigned/intruder"
runs hello "$signed/hello"
logged unsigned "$unsigned/intruder" denied
rm -rf /run/systemd
