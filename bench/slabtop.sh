#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What slabtop costs, beside procps-ng's: refreshes of both on terminals, in turn, in one run, with
# nothing but reading /proc/slabinfo as a third; memory; --once; the cost by the number of caches; and a
# recording at 10 Hz.
#
#   bench/slabtop.sh [--guest 6.1|6.12|newest] [BUILD]
#
# With --guest only the refreshes, in a guest that has only just started: on a machine that has been up for
# long, the kernel takes longer for the file.
#
# Needs the right to read /proc/slabinfo. ROUNDS are three, REFRESHES 200 each.
set -euo pipefail

guest=
if [[ ${1:-} == --guest ]]; then
	guest=${2:?usage: slabtop.sh [--guest KERNEL] [BUILD]}
	shift 2
fi
here=$(cd "$(dirname "$0")" && pwd)
build=$(realpath "${1:-$here/../build}")
slabtop=$build/slabtop/cli/slabtop
peer=/usr/bin/slabtop
work=$(mktemp -d "${TMPDIR:-/tmp}/kernkit-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
refreshes=${REFRESHES:-200}
export TIMEFORMAT='%U %S' LC_ALL=C.UTF-8

cc -O2 -Wall -Wextra -D_GNU_SOURCE -o "$work/refresh" "$here/refresh.c"
if [[ -n $guest ]]; then
	cp "$peer" "$work/procps-slabtop"
	mkdir -p "$work/tree/bench" "$work/tree/lib/terminfo/x"
	cp "$here/guest/refresh.awk" "$work/tree/bench/"
	cp /lib/terminfo/x/xterm "$work/tree/lib/terminfo/x/"
	"$here/../tests/guest/run" --kernel "$guest" --build "$build" --add "$work/procps-slabtop" \
		--add "$work/refresh" --tree "$work/tree" --timeout 900 --script "$here/guest/slabtop.sh"
	exit
fi
echo "$("$peer" -V); $(($(wc -l </proc/slabinfo) - 2)) caches; kernel $(uname -r)"
for round in $(seq "${ROUNDS:-3}"); do
	"$work/refresh" "$refreshes" "$slabtop" "$peer" read |
		awk -v round="$round" -f "$here/guest/refresh.awk"
done

# cpu COMMAND...: user and system time together, in milliseconds.
cpu() {
	{ time "$@" >/dev/null 2>&1; } 2>&1 | tail -n 1 | awk '{ printf "%.0f", 1000 * ($1 + $2) }'
}
hundred() {
	for _ in $(seq 100); do
		"$@" >/dev/null
	done
}
echo "--once, a hundred times: ours $(cpu hundred "$slabtop" -o) ms, theirs $(cpu hundred "$peer" -o) ms"

for count in 1000 10000 100000; do
	{
		printf 'slabinfo - version: 2.1\n# name\n'
		seq "$count" | sed 's/.*/cache-& & & 192 21 1 : tunables 0 0 0 : slabdata & & 0/'
	} >"$work/many"
	echo "$count caches: --once $(cpu "$slabtop" -o --file "$work/many") ms"
done

seconds=20
used=$(cpu "$slabtop" record "$work/rec" -d 0.1 --for $seconds)
echo "record at 10 Hz for $seconds s: $used ms, $(awk -v used="$used" -v seconds=$seconds '
	BEGIN { printf "%.2f", used / seconds / 10 }') % of a processor; $(stat -c %s "$work/rec") bytes, $(
	grep -c ^end "$work/rec") snapshots"
