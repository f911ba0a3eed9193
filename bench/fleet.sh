#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A fleet on one machine: thousands of hosts in a process, each with its own connection, and a nats-server. From a state's
# publication to the set that is ready on all of them; events of the hosts, acknowledged, beside messages of the same bytes
# that one publisher of libnats sends as fast as it can, with an identity each as ours have, and without; the memory of one
# digsig-fleetd; what an idle host sends and gets.
#
#   bench/fleet.sh [BUILD]
#
# As root, in a network namespace of its own. HOSTS are 10000, STATES (publications) five, EVENTS 200000 in all from
# EVENT_HOSTS, 100, IDLE 60 seconds.
set -euo pipefail

if [[ -z ${KERNKIT_BENCH_NAMESPACE:-} ]]; then
	KERNKIT_BENCH_NAMESPACE=yes exec unshare --net "$0" "$@"
fi
here=$(cd "$(dirname "$0")" && pwd)
build=$(realpath "${1:-$here/../build}")
put=$build/tests/fleet/fleet-put
work=$(mktemp -d "${TMPDIR:-/tmp}/kernkit-bench.XXXXXX")
count=${HOSTS:-10000}
states=${STATES:-5}
events=${EVENTS:-200000}
event_hosts=${EVENT_HOSTS:-100}
idle=${IDLE:-60}
# A host has three files open, and a process may have 20000 where root cannot raise that.
processes=$(((count + 4999) / 5000))
server=
simulators=()
to=()
from=()
fleetd=
clean_up() {
	local process

	for process in "${simulators[@]}" $fleetd $server; do
		kill -9 "$process" 2>/dev/null || true
	done
	rm -rf "$work"
}
trap clean_up EXIT
export PATH=$PATH:/usr/sbin:/sbin LC_ALL=C.UTF-8
ip link set lo up
ulimit -n "$(ulimit -Hn)"
cd "$work"
url=nats://127.0.0.1:4222

until_true() { until "$@" 2>/dev/null; do sleep 0.1; done; }

start_server() {
	rm -rf store
	nats-server -js -sd store -a 127.0.0.1 -p 4222 >server.log 2>&1 &
	server=$!
	until_true "$put" "$url" streams
}

stop_server() {
	kill "$server"
	wait "$server" 2>/dev/null || true
	server=
}

# start_hosts SECONDS: between two checks of a host.
start_hosts() {
	local i first=0 more descriptor

	rm -rf hosts to.* from.*
	mkdir hosts
	simulators=()
	for ((i = 0; i < processes; i++)); do
		more=$(((count - first) / (processes - i)))
		mkfifo "to.$i" "from.$i"
		"$build/bench/fleet-hosts" "$url" hosts fleet.crt "$first" "$more" "$1" <"to.$i" >"from.$i" &
		simulators+=($!)
		exec {descriptor}>"to.$i"
		to[i]=$descriptor
		exec {descriptor}<"from.$i"
		from[i]=$descriptor
		first=$((first + more))
	done
}

# ask COMMAND: $answers are what each process answers.
ask() {
	local i

	answers=()
	for ((i = 0; i < processes; i++)); do
		echo "$1" >&"${to[i]}"
	done
	for ((i = 0; i < processes; i++)); do
		read -r "answers[$i]" <&"${from[i]}"
	done
}

# the_largest COLUMN: of the answers. Of medians it is no less than the median of all.
the_largest() {
	printf '%s\n' "${answers[@]}" | cut -d ' ' -f "$1" | sort -n | tail -n 1
}

stop_hosts() {
	local descriptor

	for descriptor in "${to[@]}" "${from[@]}"; do
		exec {descriptor}>&-
	done
	wait "${simulators[@]}"
	simulators=()
}

# Bytes of all packets on loopback, headers included.
traffic() { awk '/lo:/ { print $2 }' /proc/net/dev; }

"$build/digsig/cli/digsig" key new fleet >/dev/null
start_server
start_hosts 300
ask connected
echo "$count hosts connect in $(the_largest 1) s"
for ((i = 1; i <= states; i++)); do
	head -c 100000 /dev/urandom >catalog
	"$put" "$url" blob catalog
	begin=$(date +%s%N)
	"$put" "$url" state fleet.key fleet.crt group web "$i" catalog
	ask "state $i"
	half=$(the_largest 1)
	all=$(the_largest 2)
	echo "state $i, of a catalog of 100 KB: on half of $count hosts after $(((half - begin) / 1000000)) ms, on the last after $(((all - begin) / 1000000)) ms"
done
ask memory
memory=$(printf '%s\n' "${answers[@]}" | awk '{ sum += $1 } END { print sum }')
echo "the simulators' memory: $memory KiB, $((memory / count)) KiB a host"

# Those of the first process.
[[ $event_hosts -le $((count / processes)) ]] || event_hosts=$((count / processes))
each=$((events / event_hosts))
echo "events $event_hosts $each" >&"${to[0]}"
read -r ours <&"${from[0]}"
stop_hosts
"$put" "$url" read DIGSIG_EVENTS digsig.event.web.host-00000 | head -n 1 | cut -d' ' -f2- | tr -d '\n' >message || true
stored=$("$put" "$url" info DIGSIG_EVENTS | cut -d' ' -f1)
[[ $stored -eq $((each * event_hosts)) ]] || echo "$stored events are stored, not $((each * event_hosts))"
plain=$("$put" "$url" flood digsig.event.web.flood $((each * event_hosts)) message)
theirs=$("$put" "$url" flood digsig.event.web.flood $((each * event_hosts)) message flood)
awk -v n=$((each * event_hosts)) -v ours="$ours" -v theirs="$theirs" -v plain="$plain" -v size="$(wc -c <message)" \
	-v hosts="$event_hosts" 'BEGIN {
	printf "%d events of %d bytes from %d hosts, stored and acknowledged: %d/s\n", n, size, hosts, n / ours
	printf "one publisher of libnats with the same bytes, each with an identity: %d/s, ratio %.2f; without: %d/s, ratio %.2f\n",
		n / theirs, theirs / ours, n / plain, plain / ours }'

# --- one digsig-fleetd

mkdir trust
cp fleet.crt trust
: >log
printf '[daemon]\nlog-file = %s\n[fleet]\ngroup = web\nhost = one\ntrust = %s\nserver = %s\n' "$work/log" "$work/trust" "$url" >digsig.conf
"$build/digsig/fleetd/digsig-fleetd" --config digsig.conf --folder "$work/one" 2>/dev/null &
fleetd=$!
until_true test -e one/ready
for ((i = 0; i < 20000; i++)); do
	echo "{\"time\":\"2026-11-30T21:00:00.000000Z\",\"note\":\"repeated\",\"count\":$i,\"path\":\"/usr/local/lib/program/bin/program\"}"
done >>log
until_true grep -qx 'sequence 20000' one/position
awk '/^Vm(RSS|HWM)/ { printf "%s%s KiB", sep, $1 " " $2; sep = ", " } END { print ": the memory of digsig-fleetd after 20,000 events" }' \
	"/proc/$fleetd/status"
kill "$fleetd"
wait "$fleetd" || true
fleetd=

# --- idle

# idle_traffic SECONDS: bytes of all hosts in $idle seconds, with a check and a status each so many.
idle_traffic() {
	local before

	start_hosts "$1"
	ask connected
	ask "state $states"
	sleep 5 # what follows the connection
	before=$(traffic)
	sleep "$idle"
	bytes=$(($(traffic) - before))
	stop_hosts
}
idle_traffic 10
often=$bytes
idle_traffic 100000
quiet=$bytes
# In an hour a host checks, and tells its status, 12 times.
awk -v often="$often" -v quiet="$quiet" -v n="$count" -v idle="$idle" 'BEGIN {
	check = (often - quiet) / n / (idle / 10)
	alive = quiet / n / idle * 3600
	printf "an idle host: %d bytes for a check and a status, 12 times an hour; %d bytes an hour that keep a connection; %d KiB an hour\n",
		check, alive, (12 * check + alive) / 1024 }'
