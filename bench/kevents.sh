#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A storm of short processes, on all processors at full rate, watched by kevents and by its peers in
# turn: what the watcher costs, how much it slows the storm down, and what it misses.
#
#   kevents.sh [--guest 6.1|6.12|newest] BUILD [COUNT [ROUNDS]]
#
# As root; COUNT processes a run (20000), best of ROUNDS (5). With --guest in a guest, for execsnoop needs
# the tracepoints of system calls, which some kernels do not have.
#
# Peers that are not installed are left out: Debian's forkstat, and execsnoop of libbpf-tools.
set -euo pipefail

guest=
if [[ ${1:-} == --guest ]]; then
	guest=${2:?usage: kevents.sh [--guest KERNEL] BUILD [COUNT [ROUNDS]]}
	shift 2
fi
here=$(cd "$(dirname "$0")" && pwd)
build=$(realpath "${1:?usage: kevents.sh [--guest KERNEL] BUILD [COUNT [ROUNDS]]}")
processes=${2:-20000}
rounds=${3:-5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [[ -n $guest ]]; then
	mkdir -p "$work/tree/bench"
	cp "$0" "$work/tree/bench/kevents.sh"
	cat "$here/guest/kevents.sh" - >"$work/script" <<-EOF
		exec bash /bench/kevents.sh /tmp/build $processes $rounds
	EOF
	added=(--add "$(command -v bash)")
	for peer in forkstat execsnoop; do
		! program=$(command -v "$peer") || added+=(--add "$(realpath "$program")")
	done
	"$here/../tests/guest/run" --kernel "$guest" --build "$build" "${added[@]}" --tree "$work/tree" \
		--timeout 2400 --script "$work/script"
	exit
fi

# The events are fork, exec and exit where a watcher knows them, else exec.
declare -A command=(
	[forkstat]="forkstat -e fork,exec,exit"
	[kevents]="$build/kevents/cli/kevents -e fork,exec,exit"
	[execsnoop]="execsnoop"
	["kevents-exec"]="$build/kevents/cli/kevents -e exec"
	["kevents-json"]="$build/kevents/cli/kevents -E --json"
	["kevents-record"]="$build/kevents/cli/kevents record -E $work/recording"
)
watchers=(nothing)
for watcher in forkstat kevents execsnoop kevents-exec kevents-json kevents-record; do
	program=${command[$watcher]%% *}
	command -v "$program" >/dev/null && watchers+=("$watcher")
done

# ticks PID: processor time so far, in 1/100 s.
ticks() {
	sed 's/.*) //' "/proc/$1/stat" | awk '{ print $12 + $13 }'
}

# What was seen of the storm's own execs: with its arguments, which nothing else has.
seen() {
	case $1 in
	nothing) echo - ;;
	kevents-record) "$build/kevents/cli/kevents" replay -e exec "$work/recording" 2>/dev/null | grep -c -e '--exit 0' ;;
	kevents-json) grep -c '"exec".*"--exit","0"\]' "$work/output" ;;
	forkstat | kevents) grep -c ' exec .*--exit 0' "$work/output" ;;
	*) grep -c -e '--exit 0' "$work/output" ;;
	esac || true
}

# run WATCHER: appends "SECONDS PROCESSOR-SECONDS TICKS SEEN KIB" to its file.
run() {
	local watcher=$1 pid before=0 after=0 memory=- elapsed

	if [[ $watcher != nothing ]]; then
		# shellcheck disable=SC2086
		${command[$watcher]} >"$work/output" 2>"$work/errors" &
		pid=$!
		sleep 2
		before=$(ticks "$pid")
	fi
	elapsed=$("$build/bench/execbomb" "$processes")
	if [[ $watcher != nothing ]]; then
		sleep 1
		after=$(ticks "$pid")
		memory=$(awk '/VmHWM/ { print $2 }' "/proc/$pid/status")
		kill -INT "$pid"
		wait "$pid" || true
	fi
	echo "$elapsed $((after - before)) $(seen "$watcher") $memory" >>"$work/$watcher.runs"
}

for ((round = 0; round < rounds; round++)); do
	for watcher in "${watchers[@]}"; do
		run "$watcher"
	done
done

base=$(sort -n "$work/nothing.runs" | awk 'NR == 1 { print $1 }')
base_processor=$(sort -n -k 2 "$work/nothing.runs" | awk 'NR == 1 { print $2 }')
echo "$processes processes a run, best of $rounds runs; Linux $(uname -r), $(nproc) processors"
printf '%-16s %9s %9s %9s %9s %18s %10s %9s\n' watcher seconds slowdown 'CPU s' slowdown \
	'CPU s/million proc' 'execs seen' 'KiB'
for watcher in "${watchers[@]}"; do
	# The fewest seconds, the least processor time, the fewest execs that were seen, the most memory.
	awk -v name="$watcher" -v base="$base" -v base_processor="$base_processor" -v processes="$processes" '
		NR == 1 || $1 < seconds { seconds = $1 }
		NR == 1 || $2 < processor { processor = $2 }
		NR == 1 || $3 < ticks { ticks = $3 }
		NR == 1 || $4 < seen { seen = $4 }
		NR == 1 || $5 > memory { memory = $5 }
		END {
			printf "%-16s %9.2f %8.1f%% %9.2f %8.1f%% %18.1f %10s %9s\n", name, seconds,
				(seconds / base - 1) * 100, processor, (processor / base_processor - 1) * 100,
				ticks / 100 * 1000000 / processes, seen, memory
		}' "$work/$watcher.runs"
done
