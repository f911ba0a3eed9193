#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The module sccon beside the kernel's own driver of the same UART, 8250, in turns in one boot of a riscv64 guest with OpenSBI:
# bytes a second and processor time per MB of output and input; what a key takes that a program echoes; and how often the
# thread wakes up that waits for one. Messages of the kernel are measured in a boot for each, for what was a console of 8250
# once keeps the UART's input.
#
#   bench/sccon.sh [--kernel 6.12|newest] [--rounds N] [--size KIB] [--out FILE]
#
# Five rounds of 64 KiB. Times and processor time are the guest's, in steps of 10 ms; the key's are this machine's. The UART
# of QEMU takes a byte without waiting for a wire, so what is compared is what the drivers themselves take.
set -euo pipefail

here=$(cd "$(dirname "$0")/../tests/guest" && pwd)
bench=$(cd "$(dirname "$0")" && pwd)

# shellcheck source=tests/guest/archive.sh
. "$here/archive.sh"

die() {
	echo "sccon.sh: $*" >&2
	exit 2
}

kernel=newest
rounds=5
size=64
out=
keep=
while [[ $# -gt 0 ]]; do
	case $1 in
	--kernel) kernel=$2 ;;
	--rounds) rounds=$2 ;;
	--size) size=$2 ;;
	--out) out=$(realpath "$2") ;;
	*) die "$1: no such option: --kernel NAME, --rounds N, --size KIB or --out FILE" ;;
	esac
	shift 2
done
name=sccon
# shellcheck source=tests/guest/sccon.sh
. "$here/sccon.sh"
out=${out:-$work/out}

# table: of lines "result ROUND DRIVER KEY VALUE": medians, the 99th percentiles of the echo, and ratios to 8250's.
table() {
	sort -k 4,4 -k 3,3 -k 5,5g | awk '
		function keep(key, value) { result[driver, key] = value; if (!(key in seen)) { seen[key]; order[++keys] = key } }
		function flush() {
			if (!count)
				return
			keep(what, (values[int((count + 1) / 2)] + values[int(count / 2) + 1]) / 2)
			if (what ~ /^echo/)
				keep(what "-p99", values[int(0.99 * count + 0.999)])
		}
		function cell(driver, key, other) {
			if (!((driver, key) in result))
				return "-"
			other = ("8250", key) in result ? result["8250", key] : 0
			return sprintf("%.*f", key ~ /rate|cpu/ ? 0 : 1, result[driver, key]) \
				(driver != "8250" && other ? sprintf(" (%.2f)", result[driver, key] / other) : "")
		}
		$1 == "result" {
			if ($3 != driver || $4 != what) { flush(); count = 0; driver = $3; what = $4 }
			values[++count] = $5
		}
		END {
			flush()
			printf "%-18s%18s%18s\n", "", "sccon", "8250"
			for (i = 1; i <= keys; i++)
				printf "%-18s%18s%18s\n", order[i], cell("sccon", order[i]), cell("8250", order[i])
		}'
}

# measure ARGUMENT...: in the guest that was started, which is then ended.
measure() {
	local status=0

	PYTHONPATH=$here "$bench/guest/sccon-measure" "$@" >>"$out" 2>"$work/talk.log" || status=$?
	kill "$guest"
	wait "$guest" || true
	guest=
	[[ $status -eq 0 ]] || failed "at the other end" "$work/talk.log"
}

start_root
install -m 755 "$here/sccon-init" "$work/root/init"
seq -f '%07.0f' 0 8 $((1024 * size - 8)) >"$work/root/text"
echo "load before: $(cut -d ' ' -f 1-3 /proc/loadavg)"
: >"$out"
common="rdinit=/init loglevel=8 log_buf_len=1M printk.devkmsg=on"
boot_riscv64 "$place/opensbi" "console=ttySC0 $common"
measure "$work/uart" "$rounds" "$size"
boot_riscv64 "$place/opensbi" "console=ttySC0 $common"
measure "$work/uart" messages sccon "$rounds"
boot_riscv64 "$place/opensbi" "console=ttyS0 tty=ttyS0 $common"
measure "$work/uart" messages 8250 "$rounds"
echo "load after: $(cut -d ' ' -f 1-3 /proc/loadavg)"
grep '^# ' "$out" || true
echo "$name, $rounds rounds: medians (ratio to 8250's); rates in bytes a second, cpu in ms per MB, echo in ms"
table <"$out"
