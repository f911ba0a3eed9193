#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A fleet on one machine: many hosts in one process, each with its own connection, and a nats-server. From a state's
# publication to the set that is ready on all of them; events of the hosts, acknowledged, beside messages of the same bytes
# that one publisher of libnats sends as fast as it can; the memory of one digsig-fleetd; what an idle host sends and gets.
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
server=
simulator=
fleetd=
clean_up() {
	local process

	for process in $simulator $fleetd $server; do
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
	rm -rf hosts to from
	mkdir hosts
	mkfifo to from
	"$build/bench/fleet-hosts" "$url" hosts fleet.crt "$count" "$1" <to >from &
	simulator=$!
	exec 7>to 8<from
}

# ask COMMAND: $answer is what it answers.
ask() {
	echo "$1" >&7
	read -r answer <&8
}

stop_hosts() {
	exec 7>&- 8<&-
	wait "$simulator"
	simulator=
}

# Bytes of all packets on loopback, headers included.
traffic() { awk '/lo:/ { print $2 }' /proc/net/dev; }

"$build/digsig/cli/digsig" key new fleet >/dev/null
start_server
start_hosts 300
ask connected
echo "$count hosts connect in $answer s"
for ((i = 1; i <= states; i++)); do
	head -c 100000 /dev/urandom >catalog
	"$put" "$url" blob catalog
	begin=$(date +%s%N)
	"$put" "$url" state fleet.key fleet.crt group web "$i" catalog
	ask "state $i"
	read -r half all <<<"$answer"
	echo "state $i, of a catalog of 100 KB: on half of $count hosts after $(((half - begin) / 1000000)) ms, on the last after $(((all - begin) / 1000000)) ms"
done
ask memory
echo "the simulator's memory: $answer KiB, $((answer / count)) KiB a host"

[[ $event_hosts -le $count ]] || event_hosts=$count
each=$((events / event_hosts))
ask "events $event_hosts $each"
ours=$answer
stop_hosts
"$put" "$url" read DIGSIG_EVENTS digsig.event.web.host-00000 | head -n 1 | cut -d' ' -f2- | tr -d '\n' >message || true
stored=$("$put" "$url" info DIGSIG_EVENTS | cut -d' ' -f1)
[[ $stored -eq $((each * event_hosts)) ]] || echo "$stored events are stored, not $((each * event_hosts))"
theirs=$("$put" "$url" flood digsig.event.web.flood $((each * event_hosts)) message)
awk -v n=$((each * event_hosts)) -v ours="$ours" -v theirs="$theirs" -v size="$(wc -c <message)" -v hosts="$event_hosts" 'BEGIN {
	printf "%d events of %d bytes from %d hosts, stored and acknowledged: %d/s; one publisher of libnats with the same bytes: %d/s; ratio %.2f\n",
		n, size, hosts, n / ours, n / theirs, theirs / ours }'

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
