#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Gives every fuzz target a number of inputs, starting from its corpus, and prints a line a target.
# A crash ends with an error and leaves the input in the build folder.
#
#   run.sh N [TARGET]...   how many inputs a target; all targets unless some are named
#   run.sh --list          the targets
#   BUILD=FOLDER           a build with -Dfuzzing=true (default: build-fuzz, made if need be)
set -euo pipefail

names=(block catalog certificate elf config log revoked fleet_manifest fleet_said recording perf_map jitdump slabinfo slabrecording sum_line prefetch faultlog core scan ptcheck netcon spool ramswap_config ramswap_facts ramswap_status ramswap_mappings sccon_stream sccon_input sccon_protocol sccon_transcript sccon_chat sccon_screen)
if [[ ${1-} == --list ]]; then
	printf '%s\n' "${names[@]}"
	exit
fi
runs=${1:?usage: run.sh N [TARGET]...}
shift
[[ $# -eq 0 ]] || names=("$@")
cd "$(dirname "$0")/../.."
build=${BUILD:-build-fuzz}
if [[ ! -f $build/build.ninja ]]; then
	CC=clang meson setup "$build" -Dfuzzing=true -Db_lundef=false >/dev/null
fi
if ! ninja -C "$build" "${names[@]/#/tests/fuzz/fuzz-}" >"$build/build-${names[0]}.log" 2>&1; then
	tail -n 30 "$build/build-${names[0]}.log"
	exit 1
fi

status=0
for name in "${names[@]}"; do
	log=$build/fuzz-$name.log
	# What is found goes to a folder of its own: the corpus in the sources stays small.
	found=$build/fuzz-corpus-$name
	mkdir -p "$found"
	if "$build/tests/fuzz/fuzz-$name" -runs="$runs" -max_len=16384 -timeout=10 \
		-artifact_prefix="$build/fuzz-$name-" "$found" "tests/fuzz/corpus/$name" \
		>"$log" 2>&1; then
		echo "fuzz-$name: $runs inputs, $(grep -o 'cov: [0-9]*' "$log" | tail -n 1)"
	else
		echo "fuzz-$name: FAILED, see $log"
		tail -n 30 "$log"
		status=1
	fi
done
exit $status
