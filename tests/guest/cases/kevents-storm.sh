# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# seconds: 400
# Of a storm of short processes none is lost, or each one that is lost is counted, and where; the
# memory of the watcher has a bound.
processes=2000

# counted EVENT FILE: how many of them there are, of execbomb's processes.
counted() {
	grep -c "\"event\":\"$1\".*\"args\":\\[\"execbomb\",\"--exit\",\"9\"\\]" "$2" || true
}

kevents -e exec,exit --json -- execbomb -e 9 "$processes" >/tmp/stream 2>/tmp/notes ||
	fail "kevents ended with $?: $(cat /tmp/notes)"
lost=$(sed -n 's/.*"event":"lost".*"count":\([0-9]*\).*/\1/p' /tmp/stream | awk '{ n += $1 } END { print n + 0 }')
execs=$(counted exec /tmp/stream)
exits=$(grep -c '"event":"exit".*"status":9' /tmp/stream || true)
[ $((execs + exits + lost)) -ge $((2 * processes)) ] ||
	fail "$execs execs and $exits exits of $processes, but only $lost are said to be lost"
[ "$lost" -ne 0 ] || [ "$execs" -eq "$processes" ] || fail "$execs execs of $processes"

# A buffer that is far too small, and a watcher that is stopped: what is missing is told.
kevents -e exec,exit,load --buffer 64 --json -- execbomb -e 9 "$processes" >/tmp/stream 2>/tmp/notes &
watcher=$!
sleep 3
kill -STOP "$watcher"
sleep 10
kill -CONT "$watcher"
status=0
wait "$watcher" || status=$?
[ "$status" -eq 0 ] || fail "kevents ended with $status: $(cat /tmp/notes)"
lost=$(sed -n 's/.*"event":"lost".*"count":\([0-9]*\).*/\1/p' /tmp/stream | awk '{ n += $1 } END { print n + 0 }')
[ "$lost" -gt 0 ] || fail "nothing is said to be lost, of a buffer of 64 KiB"
# Of each process: exec, exit, two loads (the program and the vdso); of three more, some.
all=$(grep -c -v '"event":"lost"' /tmp/stream)
[ $((all + lost)) -ge $((4 * processes)) ] ||
	fail "$all records and $lost lost are fewer than $((4 * processes))"
[ $((all + lost)) -le $((4 * processes + 100)) ] ||
	fail "$all records and $lost lost are more than $((4 * processes))"
