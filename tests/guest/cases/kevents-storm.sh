# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# seconds: 400
# Of a storm of short processes, on processors that others use, too, none is lost, or each one that is
# lost is counted, and where; and the account that ends the stream says the same.
processes=2000

# sum NAME: that number of the stream's last line.
sum() {
	tail -n 1 /tmp/stream | sed -n 's/.*"event":"end".*"'"$1"'":\([0-9a-z]*\)[,}].*/\1/p'
}

# check_account STATUS: of a watch with --strict, whose stream is /tmp/stream.
check_account() {
	local delivered lost

	delivered=$(grep -c -v -E '"event":"(lost|end)"' /tmp/stream || true)
	lost=$(sed -n 's/.*"event":"lost".*"count":\([0-9]*\).*/\1/p' /tmp/stream |
		awk '{ n += $1 } END { print n + 0 }')
	output=$(tail -n 1 /tmp/stream)
	[ "$(sum agree)" = true ] || fail "the sums do not agree"
	[ "$(sum delivered)" -eq "$delivered" ] || fail "$delivered records are in the stream"
	[ "$(sum lost)" -eq "$lost" ] || fail "$lost are said to be lost, one by one"
	[ $(($(sum made) + $(sum missed))) -eq $((delivered + lost + $(sum unwanted))) ] ||
		fail "made and missed are not what was delivered, unwanted and lost"
	[ "$lost" -eq 0 ] && [ "$(sum incomplete)" -eq 0 ] || [ "$1" -eq 3 ] ||
		fail "--strict ended with $1"
	[ "$1" -eq 0 ] || [ "$1" -eq 3 ] || fail "kevents ended with $1: $(cat /tmp/notes)"
}

# counted EVENT FILE: how many of them there are, of execbomb's processes.
counted() {
	grep -c "\"event\":\"$1\".*\"args\":\\[\"execbomb\",\"--exit\",\"9\"\\]" "$2" || true
}

hogs=
for _ in 1 2 3 4; do
	while :; do :; done &
	hogs="$hogs $!"
done
# More workers than processors: on a kernel that can be preempted, the programs on the hooks are.
status=0
kevents -e exec,exit --strict --json -o /tmp/stream -- execbomb -j 8 -e 9 "$processes" >/dev/null 2>/tmp/notes ||
	status=$?
# shellcheck disable=SC2086 # words
kill $hogs
check_account "$status"
execs=$(counted exec /tmp/stream)
exits=$(grep -c '"event":"exit".*"status":9' /tmp/stream || true)
missing=$((2 * processes - execs - exits))
[ "$missing" -le $(($(sum lost) + $(sum incomplete))) ] ||
	fail "$execs execs and $exits exits of $processes, but only $(sum lost) are said to be lost"
[ "$status" -ne 0 ] || [ "$execs" -eq "$processes" ] || fail "$execs execs of $processes"
# Where a hook has two programs, hardly one is missed.
[ "$missing" -le $((processes / 100)) ] || fail "$missing of $((2 * processes)) records are missing"

# A buffer that is far too small, and a watcher that its own command stops: what is missing is told.
cat >/tmp/command <<'EOF'
execbomb -e 9 500
cat "/proc/$PPID/status" >/tmp/memory
kill -STOP "$PPID"
execbomb -e 9 "$1"
kill -CONT "$PPID"
EOF
status=0
kevents -e exec,exit,load --buffer 64 --strict --json -o /tmp/stream -- sh /tmp/command $((processes - 500)) \
	>/dev/null 2>/tmp/notes || status=$?
memory=$(awk '/VmHWM/ { print $2 }' /tmp/memory)
[ "$memory" -lt 16384 ] || fail "the watcher took $memory KiB"
memory=$(awk '/VmRSS/ { print $2 }' /tmp/memory)
[ "$memory" -lt 8192 ] || fail "the watcher takes $memory KiB"
check_account "$status"
lost=$(sum lost)
[ "$lost" -gt 0 ] || fail "nothing is said to be lost, of a buffer of 64 KiB"
# Of each process: exec, exit, two loads (the program and the vdso); of a few more, some.
all=$(sum delivered)
[ $((all + lost)) -ge $((4 * processes)) ] ||
	fail "$all records and $lost lost are fewer than $((4 * processes))"
[ $((all + lost)) -le $((4 * processes + 100)) ] ||
	fail "$all records and $lost lost are more than $((4 * processes))"
