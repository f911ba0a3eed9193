# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# A guest for sccon's tests, and one of riscv64 whose only console is the firmware's; for scripts that have sourced
# archive.sh, and that have die, $here, $kernel, $keep and $name.

# shellcheck disable=SC2154 # those are of who reads this

# shellcheck source=tests/guest/root.sh
. "$here/root.sh"

work=$(mktemp -d "${TMPDIR:-/tmp}/kernkit-sccon.XXXXXX")
guest=
# shellcheck disable=SC2317 # the trap calls it
cleanup() {
	[[ -z $guest ]] || kill "$guest" 2>/dev/null || true
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

# start_root: $work/root gets the module and a busybox; $place becomes where the kernel is, and $name has its version.
start_root() {
	command -v qemu-system-riscv64 >/dev/null || die "no QEMU for riscv64: package qemu-system-misc"
	mkdir -p "$work"/root/{bin,dev,proc,sys,tmp}
	"$here/build-module" --module sccon --riscv64 "$kernel" "$work/root" 2>"$work/build.log" ||
		failed "the module was not built" "$work/build.log"
	[[ ! -s $work/build.log ]] || failed "the module was built with warnings" "$work/build.log"
	place=$cache/riscv64/$kernel
	name="kernel=$(cat "$place/version") $name"
	install -m 755 "$place/busybox" "$work/root/bin/busybox"
}

# boot_riscv64 FIRMWARE PARAMETERS [OPTION...]: starts it, with $work/root as its initramfs. The UART is the socket $work/uart,
# and the kernel starts when somebody is there.
boot_riscv64() {
	local firmware=$1 parameters=$2

	shift 2
	pack_root "$work/root" >"$work/initramfs"
	rm -f "$work/uart"
	timeout 1500 qemu-system-riscv64 -machine virt -smp 2 -m 512 -nodefaults -display none -no-reboot \
		-bios "$firmware" -kernel "$place/vmlinuz" -initrd "$work/initramfs" \
		-chardev "socket,id=uart,path=$work/uart,server=on,wait=on,logfile=$work/console" -serial chardev:uart \
		-append "$parameters" "$@" </dev/null >"$work/qemu.log" 2>&1 &
	guest=$!
	for _ in {1..100}; do
		[[ ! -S $work/uart ]] || break
		sleep 0.1
	done
	[[ -S $work/uart ]] || failed "QEMU did not start" "$work/qemu.log"
}

# verdict STATUS: of who sat at the other end, whose lines are in $work/said, and whose errors are in $work/talk.log.
verdict() {
	if [[ -n $keep ]]; then
		cat "$work/said"
	else
		grep '^# ' "$work/said" || true
	fi
	! grep '^not ok ' "$work/said" >"$work/verdict" || failed "at the other end" "$work/verdict"
	[[ $1 -eq 0 ]] || failed "at the other end" "$work/talk.log"
}
