#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The module sccon beside the kernel's own drivers, in turns in one boot of a riscv64 guest with OpenSBI: 8250 and hvc over
# SBI's debug console on the same UART, and hvc over virtio. Bytes a second and processor time per MB of output and input; what
# a key takes that a program echoes, after 2 and after 45 s of rest and while somebody types; and how often the thread wakes up
# that waits for one. Messages of the kernel are measured in a boot for each, for what was a console of 8250 once keeps the
# UART's input. The echo and the wake-ups also on x86-64 with the simulator, with interrupts and polled.
#
#   bench/sccon.sh [--kernel 6.12|newest] [--rounds N] [--size KIB] [--build DIR] [--only WORDS] [--out FILE]
#
#   --only    of: drivers messages interrupts polled
#
# Five rounds of 64 KiB. Times and processor time are the guest's, in steps of 10 ms; the key's are this machine's, and so
# is emulator-cpu, which other work on this machine changes least. The UART of QEMU takes a byte without waiting for a wire,
# so what is compared is what the drivers themselves take. hvc over SBI is bench/guest/hvc_sbi: Debian does not build it.
set -euo pipefail

here=$(cd "$(dirname "$0")/../tests/guest" && pwd)
bench=$(cd "$(dirname "$0")" && pwd)
build=$bench/../build
only="drivers messages interrupts polled"

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
	--build) build=$(realpath "$2") ;;
	--only) only=$2 ;;
	--out) out=$(realpath "$2") ;;
	*) die "$1: no such option: --kernel NAME, --rounds N, --size KIB, --build DIR, --only WHAT or --out FILE" ;;
	esac
	shift 2
done
name=sccon
# shellcheck source=tests/guest/sccon.sh
. "$here/sccon.sh"
out=${out:-$work/out}

# measure ARGUMENT...: in the guest that was started, which is then ended.
measure() {
	local status=0

	PYTHONPATH=$here "$bench/guest/sccon-measure" "$@" >>"$out" 2>"$work/talk.log" || status=$?
	kill "$guest"
	wait "$guest" || true
	guest=
	[[ $status -eq 0 ]] || failed "at the other end" "$work/talk.log"
}

# files: what the guest has besides the module.
files() {
	install -m 755 "$here/sccon-init" "$work/root/init"
	seq -f '%07.0f' 0 8 $((1024 * size - 8)) >"$work/root/text"
}

drivers() {
	"$here/build-module" --module hvc_sbi --riscv64 "$kernel" "$work/root"
	boot_riscv64 "$place/opensbi" "console=ttySC0 $common" -device virtio-serial-pci \
		-chardev "socket,id=virtio,path=$work/virtio,server=on,wait=off" -device virtconsole,chardev=virtio
	measure "$work/uart" "$rounds" "$size" "$work/virtio" "$(pgrep -P "$guest")"
}

messages() {
	boot_riscv64 "$place/opensbi" "console=ttySC0 $common"
	measure "$work/uart" messages sccon "$rounds"
	boot_riscv64 "$place/opensbi" "console=ttyS0 tty=ttyS0 $common"
	measure "$work/uart" messages 8250 "$rounds"
}

# simulator interrupts|polled: in a guest of x86-64.
simulator() {
	rm -rf "$work/root"
	start_root x86-64
	files
	install -m 755 "$build/tests/sccon/sccon-relay" "$work/root/bin/"
	boot_x86 "$build" "console=ttySC0 sccon=transport=sal relay=$1 $common"
	measure "$work/uart" echo "sal-$1" "$rounds"
}

interrupts() {
	simulator interrupts
}

polled() {
	simulator polled
}

start_root riscv64
files
echo "load before: $(cut -d ' ' -f 1-3 /proc/loadavg)"
: >"$out"
common="rdinit=/init loglevel=8 log_buf_len=1M printk.devkmsg=on"
for what in $only; do
	"$what"
done
echo "load after: $(cut -d ' ' -f 1-3 /proc/loadavg)"
grep '^# ' "$out" || true
echo "$name, $rounds rounds: medians (ratio to 8250's); rates in bytes a second, cpu in ms per MB, echo in ms"
"$bench/guest/sccon-table" <"$out"
