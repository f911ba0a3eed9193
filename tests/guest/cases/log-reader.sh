# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# attack: 23
# The reader of the log is killed, or stops reading until the buffer is full: every decision stays
# right, and every event that did not fit is counted, in the status and in the log itself.
lost() {
	digsig status --json | sed 's/.*"events_lost"://; s/[^0-9].*//'
}

# deny COUNT: as many denied executions, each of which is an event.
deny() {
	refused INTRUDER try -r "$1" "$unsigned/intruder-static"
}

runs INTRUDER "$unsigned/intruder-static"
engine_start enforcing
digsig log --follow --json >/run/followed &
reader=$!
deny 20
tries=0
while [ "$(grep -c intruder-static /run/followed)" -lt 20 ] && [ "$tries" -lt 100 ]; do
	tries=$((tries + 1))
	sleep 0.1
done
[ "$(grep -c intruder-static /run/followed)" -eq 20 ] || fail "the reader does not see them all"
kill -STOP "$reader"
deny 20
kill -9 "$reader"
kill -CONT "$reader" 2>/dev/null || true
wait "$reader" || true
# What a killed reader had not read is there for the next one.
[ "$(digsig log --json | grep -c intruder-static)" -eq 20 ] || fail "events went with the reader"

# 4 MiB hold less than 3,500 events of 1,240 bytes.
[ "$(lost)" -eq 0 ] || fail "$(lost) events are lost already"
deny 3600
count=$(lost)
[ "$count" -gt 0 ] || fail "the buffer is not full, or does not say so"
everyone refused INTRUDER "$unsigned/intruder"
everyone runs hello "$signed/hello"
digsig log --json >/run/read
kept=$(grep -c intruder-static /run/read)
count=$(lost)
# Every one is either in the log or counted. What was lost besides are events of the few commands
# above that were not in the cache.
[ $((kept + count)) -ge 3600 ] || fail "$kept read and $count lost are less than 3600"
[ $((kept + count)) -le 3640 ] || fail "$kept read and $count lost are more than happened"
# The gap is told by the first event after it.
deny 1
digsig log --json >/run/read
gap=$(grep intruder-static /run/read | sed 's/.*"lost_before"://; s/[^0-9].*//' | head -n 1)
[ "$gap" -eq "$count" ] || fail "the log tells of $gap lost events, the status of $count"
