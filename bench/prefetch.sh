#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What prefetch costs, beside Zydis, objdump and strace, in one run.
#
#   bench/prefetch.sh [BUILD]                   the decoder, scan, run; explain, if DECODECODE names the kernel tree's decodecode
#   bench/prefetch.sh --guest KERNEL [--time] [BUILD]
#                                               the module, in a guest: real faults, and faults that succeed
#
# ROUNDS are five. In the guest, times are instructions: its clock counts them; with --time they are nanoseconds.
set -euo pipefail

guest=
if [[ ${1:-} == --guest ]]; then
	guest=${2:?usage: prefetch.sh [--guest KERNEL [--time]] [BUILD]}
	shift 2
fi
clock=(--count-instructions)
if [[ ${1:-} == --time ]]; then
	clock=()
	shift
fi
here=$(cd "$(dirname "$0")" && pwd)
build=$(realpath "${1:-$here/../build}")
prefetch=$build/prefetch/cli/prefetch
rounds=${ROUNDS:-5}
work=$(mktemp -d "${TMPDIR:-/tmp}/kernkit-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
export LC_ALL=C.UTF-8 TIMEFORMAT='%R %U %S'

if [[ -n $guest ]]; then
	cc -O2 -Wall -Wextra -static -o "$work/faults" "$here/guest/faults.c"
	mkdir -p "$work/tree/lib/modules"
	"$here/../tests/guest/build-module" "$guest" "$work/tree/lib/modules"
	"$here/../tests/guest/run" --kernel "$guest" --build "$build" --add "$work/faults" --tree "$work/tree" \
		"${clock[@]}" --set "rounds=$rounds" --timeout 900 --script "$here/guest/prefetch.sh"
	exit
fi

# seconds COMMAND...: elapsed; and what user and system time are together.
seconds() { { time "$@" >/dev/null 2>&1; } 2>&1 | tail -n 1; }
median() { sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }

cc -O2 -Wall -Wextra -D_GNU_SOURCE -I"$here/.." -o "$work/decode" "$here/prefetch-decode.c" \
	"$here"/../prefetch/decode/*.c -lZydis
libcrypto=/usr/lib/x86_64-linux-gnu/libcrypto.so.3
for ((i = 0; i < rounds; i++)); do
	"$work/decode" "$libcrypto"
done

# scan, with everything in the page cache: one thread, and as many as there are processors.
objdump_all() { find "$@" -type f -exec objdump -d {} + 2>/dev/null | grep -c $'\tprefetch'; }
cat "$libcrypto" >/dev/null
for ((i = 0; i < rounds; i++)); do
	echo "scan $libcrypto: $(seconds "$prefetch" scan -j 1 "$libcrypto"); objdump | grep: $(seconds objdump_all "$libcrypto")"
done
"$prefetch" scan /usr/bin >/dev/null
echo "scan /usr/bin: -j 1 $(seconds "$prefetch" scan -j 1 /usr/bin); all $(seconds "$prefetch" scan /usr/bin);" \
	"objdump | grep: $(seconds objdump_all /usr/bin)"
echo "found: $("$prefetch" scan -r -n -o count /usr/bin | awk '{ n += $1 } END { print n }'); objdump: $(objdump_all /usr/bin)"

# explain of a hundred lines "Code:", and the differences.
if [[ -n ${DECODECODE:-} ]]; then
	"$here/../tests/prefetch/code-lines" "$libcrypto" 100 >"$work/lines"
	"$here/../tests/prefetch/compare-decodecode" "$prefetch" "$DECODECODE" "$work/lines" || true
fi

# run: compiling, which starts processes all the time.
job() {
	for _ in 1 2 3 4; do
		"$@" cc -O1 -c -I"$here/.." -o "$work/out.o" "$here/../prefetch/decode/decode.c"
	done
}
supervised() { job "$prefetch" run; }
traced() { job strace -f -e trace=none -o /dev/null; }
alone() { job env; }
for ((i = 0; i < rounds * 3; i++)); do
	for kind in alone supervised traced; do
		seconds "$kind" | cut -d ' ' -f 1 >>"$work/$kind"
	done
done
awk -v alone="$(median <"$work/alone")" -v run="$(median <"$work/supervised")" -v strace="$(median <"$work/traced")" \
	'BEGIN { printf "compiling, elapsed: alone %.3f s, prefetch run %.3f of that, strace -f -e trace=none %.3f\n",
		alone, run / alone, strace / alone }'
