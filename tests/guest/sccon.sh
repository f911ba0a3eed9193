# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Guests for sccon's tests whose UART is a socket; for scripts that have sourced archive.sh, and that have die, $here, $kernel,
# $keep and $name.

# shellcheck disable=SC2154 # those are of who reads this

# shellcheck source=tests/guest/root.sh
. "$here/root.sh"
# shellcheck source=tests/guest/complaints.sh
. "$here/complaints.sh"

work=$(mktemp -d "${TMPDIR:-/tmp}/kernkit-sccon.XXXXXX")
guest=
# shellcheck disable=SC2317 # the trap calls it
cleanup() {
	if [[ -n $guest ]]; then
		kill "$guest" 2>/dev/null || true
		wait "$guest" 2>/dev/null || true
	fi
	if [[ -n $keep ]]; then
		echo "kept: $work" >&2
	else
		rm -rf "$work"
	fi
}
trap cleanup EXIT

# failed REASON [LOG]: the last lines of that.
failed() {
	echo "FAIL $name: $1"
	[[ -z ${2-} ]] || tail -n 40 "$2" | tr -d '\r' | sed 's/^/    /'
	exit 1
}

# start_root riscv64|x86-64: $work/root gets the module and a busybox; $place becomes where the kernel is, and $name has its
# version.
start_root() {
	local options=(--riscv64) busybox

	mkdir -p "$work"/root/{bin,dev,proc,sys,tmp}
	place=$cache/riscv64/$kernel
	busybox=$place/busybox
	if [[ $1 == x86-64 ]]; then
		"$here/fetch-kernels" "$kernel" >"$work/kernels" || exit 2
		options=()
		place=$cache/kernels/$kernel
		busybox=/bin/busybox
	fi
	"$here/build-module" --module sccon "${options[@]}" "$kernel" "$work/root" 2>"$work/build.log" ||
		failed "the module was not built" "$work/build.log"
	[[ ! -s $work/build.log ]] || failed "the module was built with warnings" "$work/build.log"
	name="kernel=$(cat "$place/version") $name"
	install -m 755 "$busybox" "$work/root/bin/busybox"
}

# start_guest QEMU...: with $work/root as its initramfs and the kernel of $place. The UART is the socket $work/uart, and the
# kernel starts when somebody is there.
start_guest() {
	pack_root "$work/root" >"$work/initramfs"
	rm -f "$work/uart"
	timeout 1500 "$@" -smp 2 -m 512 -nodefaults -display none -no-reboot -kernel "$place/vmlinuz" -initrd "$work/initramfs" \
		-chardev "socket,id=uart,path=$work/uart,server=on,wait=on,logfile=$work/console" -serial chardev:uart \
		-monitor "unix:$work/monitor,server=on,wait=off" </dev/null >"$work/qemu.log" 2>&1 &
	guest=$!
	for _ in {1..100}; do
		[[ ! -S $work/uart ]] || break
		sleep 0.1
	done
	[[ -S $work/uart ]] || failed "QEMU did not start" "$work/qemu.log"
}

# boot_riscv64 FIRMWARE PARAMETERS [OPTION...]: of the kernel, and of QEMU.
boot_riscv64() {
	memory_start=0x80000000
	start_guest "$(riscv64_program qemu-system-riscv64)" -machine virt -bios "$1" -append "$2" "${@:3}"
}

# boot_x86 BUILD PARAMETERS [OPTION...]: the same; BUILD has the program that knows this processor's frequency.
boot_x86() {
	local said processor

	said=$("$here/accelerator" "$place/vmlinuz")
	read -ra processor <<<"$said"
	memory_start=0
	start_guest qemu-system-x86_64 -machine q35 "${processor[@]}" \
		-append "$2 no_timer_check tsc=reliable tsc_early_khz=$("$1/tests/guest/tsc-frequency")" "${@:3}"
}

# stop_guest: what its kernel has said is in $work/kernel-log then, if it is still there: one that fails before its console is
# there says nothing elsewhere.
stop_guest() {
	"$here/memory-log" "$work/monitor" "$work/memory" "$memory_start" >"$work/kernel-log" 2>"$work/memory.log" || true
	rm -f "$work/memory"
	kill "$guest" 2>/dev/null || true
	wait "$guest" || true
	guest=
}

# verdict STATUS: of who sat at the other end, whose lines are in $work/said, and whose errors are in $work/talk.log.
verdict() {
	if [[ -n $keep ]]; then
		cat "$work/said"
	else
		grep '^# ' "$work/said" || true
	fi
	! grep '^not ok ' "$work/said" >"$work/verdict" || failed "at the other end" "$work/verdict"
	[[ $1 -ne 0 ]] || return 0
	tail -n 40 "$work/kernel-log" "$work/qemu.log" >>"$work/talk.log" 2>/dev/null || true
	failed "at the other end" "$work/talk.log"
}
