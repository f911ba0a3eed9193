#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# How many samples of code that is replaced while it runs are put down to the wrong function: by perf
# report's reading of a perf map, by perf inject --jit of a jitdump, and by kevents_resolve of either.
# The program, Node.js, says itself which function ran when. Needs root, node and perf.
#
#   bench/kevents-jit.sh BUILD [FUNCTIONS]
set -euo pipefail

build=$(realpath "${1:?usage: kevents-jit.sh BUILD [FUNCTIONS]}")
functions=${2:-700}
sources=$(realpath "$(dirname "$0")/../tests/kevents")
work=$(mktemp -d)
trap 'cd /; rm -rf "$work"' EXIT
cd "$work"

node_command=(node --expose-gc --no-logfile-per-isolate --logfile=v8.log)
churn=("$sources/churn.js" "$functions" 5000 truth)

# judge NAME: of perf script's lines "SECONDS: ADDRESS SYMBOL".
judge() {
	python3 - "$1" truth <<-'E2'
		import bisect, re, sys
		truth = [line.split() for line in open(sys.argv[2])]
		begins = [int(t[0]) for t in truth]
		right = wrong = 0
		for line in open("script", errors="replace"):
		    match = re.match(r"\s*(\d+)\.(\d+):\s+[0-9a-f]+ .*?(work_\d+_)", line)
		    if not match:
		        continue
		    time = int(match[1]) * 10**9 + int(match[2].ljust(9, "0"))
		    at = bisect.bisect_right(begins, time) - 1
		    if at < 0 or time >= int(truth[at][1]):
		        continue
		    right += truth[at][2] == match[3]
		    wrong += truth[at][2] != match[3]
		total = right + wrong
		print(f"{sys.argv[1]:<44} {total:6} named, {wrong:6} wrong: {100 * wrong / max(total, 1):5.1f} %")
	E2
}

# ours NAME OPTION...: with what is certain, and with the guesses that are marked as such.
ours() {
	local name=$1

	shift
	"$build/tests/kevents/kevents-attribution" truth "${node_command[@]}" "$@" "${churn[@]}" 2>/dev/null |
		awk -v name="$name" '
			$1 ~ /^(certain|possible|ambiguous)$/ { right[$1] = $3; wrong[$1] = $5 }
			END {
				total = right["certain"] + wrong["certain"]
				printf "%-44s %6d named, %6d wrong: %5.1f %%\n", name, total, wrong["certain"],
					total ? 100 * wrong["certain"] / total : 0
				doubt = right["possible"] + wrong["possible"] + right["ambiguous"] + wrong["ambiguous"]
				printf "  said to be uncertain %31d, of which %d wrong\n", doubt,
					wrong["possible"] + wrong["ambiguous"]
			}'
}

perf record -q -k mono -e cpu-clock -F 2000 -o map.data -- "${node_command[@]}" --perf-basic-prof \
	"${churn[@]}" >/dev/null 2>&1
# shellcheck disable=SC2094 # it reads map.data
perf script -i map.data --ns -F time,ip,sym >script 2>/dev/null
judge "perf, perf map"
perf record -q -k mono -e cpu-clock -F 2000 -o dump.data -- "${node_command[@]}" --perf-prof \
	"${churn[@]}" >/dev/null 2>&1
if perf inject --jit -i dump.data -o injected.data >/dev/null 2>&1; then
	# shellcheck disable=SC2094 # it reads injected.data
	perf script -i injected.data --ns -F time,ip,sym >script 2>/dev/null
	judge "perf inject --jit, jitdump"
else
	echo "perf inject --jit failed"
fi
ours "kevents, perf map" --perf-basic-prof
ours "kevents, jitdump" --perf-prof
