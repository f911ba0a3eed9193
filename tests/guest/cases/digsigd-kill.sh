# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# digsigd is killed in a storm of events, again and again: each event is in the log once, or told as
# repeated, or counted as lost; and the engine goes on without it.
configure() {
	daemon_start <<-END
		[engine]
		mode = enforcing
		trust = $trust
		[daemon]
		roots = $signed
		log-file = /tmp/events
		log-size = 64K
		log-keep = 100
		rate = $1
	END
}

# storm NAME COUNT: that many unsigned files, each executed once; and one as often as all of them.
storm() {
	local i

	cp "$unsigned/silent-static" "/tmp/$1.again"
	for i in $(seq "$2"); do
		cp "$unsigned/silent-static" "/tmp/$1.$i"
		"/tmp/$1.$i" 2>/dev/null && echo ran
		"/tmp/$1.again" 2>/dev/null && echo ran
		rm "/tmp/$1.$i"
	done >"/tmp/$1.out"
}

# total FIELD FILTER: the sum of the field in the lines that the filter leaves.
total() {
	cat /tmp/events* | grep -F "$2" | grep -o "\"$1\":[0-9]*" | cut -d : -f 2 |
		awk '{ sum += $1 } END { print sum + 0 }'
}

# check_log NAME COUNT
check_log() {
	local i written twice lost again

	cat /tmp/events* | sed 's,\\/,/,g' | grep -o "\"path\":\"/tmp/$1\.[0-9]*\"" | sort >/tmp/paths
	twice=$(uniq -d /tmp/paths | head -n 3)
	[ -z "$twice" ] || fail "written twice: $twice"
	written=$(wc -l </tmp/paths)
	again=$(($(cat /tmp/events* | grep -F "$1.again" | grep -c '"pid"') +
		$(total count "$1.again")))
	lost=$(total lost_before "$1")
	[ $((written + again + lost)) -eq $((2 * $2)) ] ||
		fail "$written once and $again again written, $lost lost, of $((2 * $2))"
	echo "$1: $written written, $again repeats, $lost lost"
}

configure 2
storm first 250 &
storm=$!
for round in 1 2 3 4 5 6 7 8; do
	sleep 0.3
	daemon_kill
	# The engine does not wait for it.
	refused INTRUDER "$unsigned/intruder"
	runs hello "$signed/hello"
	configure 2
done
wait $storm
[ ! -s /tmp/first.out ] || fail "an unsigned program ran"
# All that is left is told when it ends.
daemon_kill TERM
check_log first 250
# A torn last line is closed, and what is written next is a line of its own.
printf '{"time":"torn' >>/tmp/events
configure 0
refused INTRUDER "$unsigned/intruder-static"
is_written() {
	grep -F intruder-static /tmp/events | grep -q '^{"time".*}$'
}
wait_until is_written
[ "$(cat /tmp/events* | grep -c -v '^{.*}$')" -eq 1 ] || fail "not one torn line"
output=$(digsig log --json | grep -c -v '^{.*}$' || true)
[ "$output" -eq 0 ] || fail "digsig log prints what was torn"
