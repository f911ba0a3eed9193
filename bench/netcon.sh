#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# netcon recv beside rsyslog, on loopback: the same bytes from 1,000 hosts, to a file, as lines and as JSON. The highest
# rate without loss, and the processor time of a message at one rate; then what netcon takes for a host, for pieces of
# messages of 100,000 hosts, and under a flood of forged sources.
#
#   bench/netcon.sh [BUILD]
#
# As root, in a network namespace of its own. ROUNDS are three, SECONDS_EACH of a measurement two, RATE is 30000.
set -euo pipefail

if [[ -z ${KERNKIT_BENCH_NAMESPACE:-} ]]; then
	KERNKIT_BENCH_NAMESPACE=yes exec unshare --net "$0" "$@"
fi
here=$(cd "$(dirname "$0")" && pwd)
build=$(realpath "${1:-$here/../build}")
netcon=$build/netcon/cli/netcon
load=$build/bench/netcon-load
work=$(mktemp -d "${TMPDIR:-/tmp}/kernkit-bench.XXXXXX")
out=$work/out
rounds=${ROUNDS:-3}
seconds=${SECONDS_EACH:-2}
common=${RATE:-30000}
pid=
clean_up() {
	[[ -z $pid ]] || kill "$pid" 2>/dev/null || true
	rm -rf "$work"
}
trap clean_up EXIT
export PATH=$PATH:/usr/sbin:/sbin LC_ALL=C.UTF-8
ip link set lo up

# rsyslog's input does all the work: of the ways to set it up, this one took the least processor time and lost least.
configure() {
	cat <<END
global(workDirectory="$work" net.enableDNS="off")
module(load="imudp" threads="1" batchSize="128" timeRequery="8")
template(name="lines" type="list") {
	property(name="timegenerated" dateFormat="rfc3339" date.inUTC="on") constant(value=" ")
	property(name="fromhost-ip") constant(value=" ")
	property(name="syslogfacility-text") constant(value=".") property(name="syslogseverity-text") constant(value=" ")
	property(name="msg" position.from="2") constant(value="\n")
}
template(name="json" type="list" option.jsonf="on") {
	property(outname="arrived" name="timegenerated" dateFormat="rfc3339" date.inUTC="on" format="jsonf")
	property(outname="host" name="fromhost-ip" format="jsonf")
	property(outname="facility" name="syslogfacility" format="jsonf" dataType="number")
	property(outname="level" name="syslogseverity" format="jsonf" dataType="number")
	property(outname="program" name="programname" format="jsonf")
	property(outname="text" name="msg" position.from="2" format="jsonf")
}
ruleset(name="remote" queue.type="Direct") {
	action(type="omfile" file="$out" template="$1" asyncWriting="on" ioBufferSize="1m" flushOnTXEnd="off" flushInterval="1")
}
input(type="imudp" port="6666" rcvbufSize="16m" ruleset="remote")
END
}

# receive KIND [OPTION...]: starts it, as $pid.
receive() {
	local kind=$1

	shift
	rm -f "$out"
	case $kind in
	netcon-lines) "$netcon" recv --listen 0.0.0.0:6666 --verbose "$@" >"$out" 2>"$work/said" & ;;
	netcon-json) "$netcon" recv --listen 0.0.0.0:6666 --verbose --json "$@" >"$out" 2>"$work/said" & ;;
	rsyslog-*)
		configure "${kind#rsyslog-}" >"$work/rsyslog.conf"
		rsyslogd -n -f "$work/rsyslog.conf" -i "$work/rsyslog.pid" &
		;;
	esac
	pid=$!
	until [[ $(ss -Hlun 'sport = :6666') ]]; do sleep 0.1; done
	sleep 0.3
}

# Until nothing more is written.
settle() {
	local before=-1 now

	while sleep 1.5 && now=$(stat -c %s "$out" 2>/dev/null || echo 0) && [[ $now != "$before" ]]; do before=$now; done
}

finish() {
	kill "$pid"
	wait "$pid" || true
	pid=
}

# Processor time of the receiver, in hundredths of a second.
ticks() {
	awk '{ print $14 + $15 }' "/proc/$pid/stat"
}

memory() {
	awk -v name="$1:" '$1 == name { print $2 }' "/proc/$pid/status"
}

written() {
	grep -c -F 'message 0' "$out" || true
}

# try KIND RATE MESSAGES [OPTION...]: sets $sent, $rate (a second), $lost and $cost (microseconds a message).
try() {
	local kind=$1 asked=$2 messages=$3 said before after
	local -a syslog=()

	shift 3
	[[ $kind != rsyslog-* ]] || syslog=(-S)
	receive "$kind"
	before=$(ticks)
	said=$("$load" -H 1000 -r "$asked" -n "$messages" "${syslog[@]}" "$@" hosts)
	settle
	after=$(ticks)
	finish
	sent=${said##* }
	rate=$(sed -E 's/.*: ([0-9]+) a second.*/\1/' <<<"$said")
	lost=$((sent - $(written)))
	cost=$(awk -v ticks=$((after - before)) -v sent="$sent" 'BEGIN { printf "%.2f", ticks * 10000 / sent }')
}

# highest KIND: prints the highest rate without loss that was seen. Bursts cost the sender less: see netcon-load.
highest() {
	local low=0 high middle step

	try "$1" 0 $((300000 * seconds)) -b 5
	high=$rate
	((lost)) || low=$rate
	for ((step = 0; low < high && step < 5; step++)); do
		middle=$(((low + high) / 2))
		try "$1" "$middle" $((middle * seconds)) -b 5
		# The sender may not get as far as was asked for.
		if ((lost)); then high=$middle; else low=$((middle < rate ? middle : rate)); fi
	done
	echo "$low"
}

median() {
	sort -n | awk '{ list[NR] = $1 } END { print list[int((NR + 1) / 2)], list[1], list[NR] }'
}

# Round by round, in turn, every second round the other way round.
kinds=(netcon-lines rsyslog-lines netcon-json rsyslog-json)
echo "load average before: $(cut -d ' ' -f 1-3 /proc/loadavg)"
for ((round = 0; round < rounds; round++)); do
	for ((i = 0; i < 4; i++)); do
		kind=${kinds[round % 2 ? 3 - i : i]}
		try "$kind" "$common" $((common * seconds * 2))
		echo "$cost" >>"$work/cost-$kind"
		((lost == 0)) || echo "$kind lost $lost of $sent at $common a second"
		highest "$kind" >>"$work/highest-$kind"
	done
done
printf '%-14s %28s %30s\n' '' 'messages a second, no loss' "us a message at $common a second"
for kind in "${kinds[@]}"; do
	read -r rate low high < <(median <"$work/highest-$kind")
	read -r cost least most < <(median <"$work/cost-$kind")
	printf '%-14s %8d (%d to %d) %14s (%s to %s)\n' "$kind" "$rate" "$low" "$high" "$cost" "$least" "$most"
done
for form in lines json; do
	paste "$work/highest-netcon-$form" "$work/highest-rsyslog-$form" | awk '{ print $1 / ($2 ? $2 : 1) }' | median >"$work/rates"
	paste "$work/cost-rsyslog-$form" "$work/cost-netcon-$form" | awk '{ print $1 / $2 }' | median >"$work/costs"
	awk -v form="$form" 'NR == 1 { rates = $0 } NR == 2 { split(rates, r); printf "%s: %.2f times (%.2f to %.2f) the rate, 1/%.2f (%.2f to %.2f) of the processor time\n", form, r[1], r[2], r[3], $1, $2, $3 }' \
		"$work/rates" "$work/costs"
done

receive netcon-lines
none=$(memory VmRSS)
"$load" -H 100000 -n 100000 -r 50000 hosts >/dev/null
settle
known=$(memory VmRSS)
finish
echo "a host that is known: $(((known - none) * 1024 / 100000)) bytes (RSS $none KiB, with 100,000 hosts $known KiB)"

# pieces OPTION...
pieces() {
	receive netcon-lines "$@"
	"$load" -H 100000 -n 100000 -s 2500 -r 50000 hosts >/dev/null
	settle
	echo "100,000 hosts, three interleaved pieces each, $*: peak $(memory VmHWM) KiB"
	finish
	echo "  $(tail -n 1 "$work/said")"
}
pieces --max-memory 512M --assemble 30s
pieces --max-memory 64M --assemble 30s
pieces --max-memory 16M --assemble 30s

# flood SIZE
flood() {
	local said

	receive netcon-lines
	said=$("$load" -H 20 -n 1000000 -s "$1" flood)
	settle
	echo "flood of 1,000,000 forged sources, $2: $(sed -n 's/^flood: [0-9]* datagrams, //p' <<<"$said"), peak $(memory VmHWM) KiB"
	finish
	echo "  real messages written: $(written) of ${said##* }; $(tail -n 1 "$work/said")"
}
flood 100 "messages"
flood 2500 "first pieces of messages"
echo "load average after: $(cut -d ' ' -f 1-3 /proc/loadavg)"
