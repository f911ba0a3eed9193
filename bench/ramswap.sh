#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Swap in memory, as ramswap plans it and as others set it up, in guests of a stock kernel: one boot for each shape of a
# machine, in which the methods take turns.
#
#   bench/ramswap.sh [--rounds N] [--kernel 6.1|6.12|newest] [--shape NAME]... [--out FOLDER] [BUILD]
#
# Shapes: far: 450 MB that memmap= keeps from the kernel; near: none; incompressible: none, and 90 % of each page is
# random; node: 256 MB of a memory-only node, twice as far, besides. The kernel's own memory is 320 MB in each, and there
# is always swap on a disk behind what is measured; the disk's data is in this machine's memory, so it is as fast as a
# disk of a guest can be.
#
# Methods: disk: nothing more; zram-ALGORITHM: as zram-generator sets it up, by its documentation, since it needs systemd;
# pmem, brd: the whole device, by hand; ramswap: ramswap up; ramswap-demotion: the same with demotion=yes.
#
# A measurement: a process fills 360 MB (616 where there is a far node; 40 % of each page random), reads
# pages at random, and checks every byte (tests/ramswap/hog.c); while it holds the memory, two compilers compile a file of 450 lines.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
die() {
	echo "ramswap.sh: $*" >&2
	exit 2
}

rounds=5
kernel=newest
shapes=()
out=
while [[ ${1:-} == --* ]]; do
	case $1 in
	--rounds) rounds=$2 ;;
	--kernel) kernel=$2 ;;
	--shape) shapes+=("$2") ;;
	--out) out=$(realpath "$2") ;;
	*) die "$1: no such option: --rounds N, --kernel NAME, --shape NAME or --out FOLDER" ;;
	esac
	shift 2
done
[[ ${#shapes[@]} -gt 0 ]] || shapes=(far near incompressible node)
build=$(realpath "${1:-$here/../build}")
work=$(mktemp -d "${TMPDIR:-/tmp}/kernkit-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
[[ -n $out ]] || out=$work
mkdir -p "$out"

cp "$(gcc -print-prog-name=cc1)" "$work/cc1"
gcc -E -P -D_GNU_SOURCE -std=gnu17 "$here/../lib/command/options.c" -o "$work/source.i"

# run SHAPE: its output is in $out/SHAPE.
run() {
	# The kernel's own: what lies below 512 MB, without these 200.
	local options=(--append "memmap=200M\$0x10000000" --disk 1024) methods='disk zram-lz4 zram-zstd zram-lzo-rle'
	local size=360 percent=40 repeats=0 program

	case $1 in
	far)
		options+=(--memory 1024 --reserved 450)
		methods+=' pmem ramswap'
		;;
	near)
		options+=(--memory 574)
		methods+=' brd ramswap'
		repeats=10
		;;
	incompressible)
		options+=(--memory 574)
		methods+=' ramswap'
		percent=90
		;;
	node)
		options+=(--memory 574 --far 256)
		size=$((size + 256))
		methods+=' ramswap ramswap-demotion'
		;;
	*) die "$1: no such shape" ;;
	esac
	for program in "$build/tests/ramswap/hog" "$work/cc1" "$work/source.i" \
		/usr/sbin/{mkswap,swapon,swapoff,zramctl}; do
		options+=(--add "$program")
	done
	{
		echo "rounds=$rounds methods='$methods' size=$size percent=$percent reads=8000 repeats=$repeats"
		cat "$here/guest/ramswap.sh"
	} >"$work/$1.sh"
	"$here/../tests/guest/ramswap" --script "$work/$1.sh" --build "$build" --kernel "$kernel" --timeout 3000 \
		--out "$out/$1" "${options[@]}"
}

# medians: of lines "METHOD KEY VALUE", as lines "METHOD KEY MEDIAN COUNT".
medians() {
	sort -k 1,1 -k 2,2 -k 3,3g | awk '
		function flush() { if (count) print key, (values[int((count + 1) / 2)] + values[int(count / 2) + 1]) / 2, count }
		$1 " " $2 != key { flush(); key = $1 " " $2; count = 0 }
		{ values[++count] = $3 }
		END { flush() }'
}

# A table of a shape, each number with its ratio to ramswap's.
table() {
	awk '$1 == "result" && $4 != "failed:" {
		for (i = 4; i <= NF; i++) { split($i, pair, "="); print $3, pair[1], pair[2] }
	}' "$out/$1" | medians | awk '
		BEGIN {
			split("fill p50 p99 reads job total out", keys, " ")
			printf "%-18s%16s%16s%16s%16s%16s%16s%10s\n", "method", "fill s", "read p50 us", "read p99 us", "reads s",
				"compile s", "processor s", "pages out"
		}
		{ value[$1, $2] = $3 / ($2 == "job" || $2 == "total" ? 100 : 1); if (!($1 in seen)) order[++methods] = $1; seen[$1] }
		function cell(method, key, ours) {
			ours = value["ramswap", key]
			return sprintf("%.*f (%s)", key ~ /^p/ ? 1 : 2, value[method, key], ours ? sprintf("%.2f", value[method, key] / ours) : "-")
		}
		END {
			for (i = 1; i <= methods; i++) {
				printf "%-18s", order[i]
				for (k = 1; k <= 6; k++)
					printf "%16s", cell(order[i], keys[k])
				printf "%10d\n", value[order[i], "out"]
			}
		}'
	sed -n 's/^result \([0-9]*\) \([^ ]*\) failed.*/round \1: \2 failed/p' "$out/$1"
	sed -n 's/^swap ramswap/ramswap sets up: /p' "$out/$1" | tr -s ' ' | grep -v /dev/vda || true
}

for shape in "${shapes[@]}"; do
	run "$shape" >"$work/said" || { cat "$work/said"; exit 1; }
	echo
	echo "$shape: $(sed -n 's/^machine //p' "$out/$shape") of memory, $rounds rounds: medians (ratio to ramswap's)"
	table "$shape"
	awk '$1 == "time" { print $3, "ms", $4 }' "$out/$shape" | medians | sed 's/^\([^ ]*\) ms \([^ ]*\) .*/\1: \2 ms/'
done
