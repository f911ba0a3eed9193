#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# DigSig beside its peers, in one guest, round by round: nothing, DigSig enforcing, IMA-appraisal
# with signatures, fapolicyd from Debian. Starting a static and a dynamic program, dlopen(3) of 20
# libraries, first use of files of three sizes. Prints ratios, as a Markdown table.
#
#   bench/peers.sh [--rounds N] [--execs N] [--instructions] [--keep] [BUILD]
#
# With --instructions the guest has one processor, and its clock counts what that executes: a
# nanosecond is an instruction. That knows nothing of caches, but is the same in every run, so that
# it shows what a clock on a busy machine cannot.
#
# The kernel is Debian's 6.12, the one that fapolicyd's and evmctl's Debian (trixie) goes with. On
# it, IMA takes keys from a keyring _ima that root makes (INTEGRITY_TRUSTED_KEYRING is off).
# Needs root, for the files' owners and their security.ima attributes.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
guest=$here/../tests/guest
# shellcheck source=tests/guest/archive.sh
. "$guest/archive.sh"

die() {
	echo "peers: $*" >&2
	exit 2
}

rounds=5
execs=300
processor=(-accel "tcg,thread=multi" -smp 2)
keep=
while [[ ${1:-} == --* ]]; do
	case $1 in
	--rounds) rounds=$2 && shift ;;
	--execs) execs=$2 && shift ;;
	--instructions) processor=(-accel "tcg,thread=single" -icount "shift=0,sleep=off" -smp 1) ;;
	--keep) keep=yes ;;
	*) die "$1: no such option: --rounds N, --execs N, --instructions or --keep" ;;
	esac
	shift
done
build=$(realpath "${1:-$here/../build}")
digsig=$build/digsig/cli/digsig
[[ $(id -u) -eq 0 ]] || die "needs root"
work=$(mktemp -d "${TMPDIR:-/tmp}/kernkit-bench.XXXXXX")
# shellcheck disable=SC2317 # the trap calls it
cleanup() {
	if [[ -n $keep ]]; then echo "kept: $work" >&2; else rm -rf "$work"; fi
}
trap cleanup EXIT

"$guest/fetch-kernels" 6.12 >/dev/null
fetch_debian peers fapolicyd,ima-evm-utils,keyutils,busybox-static,libbpf1,libssl3t64,libjson-c5,libkeyutils1,libelf1t64,libinih1,libp11-kit0,libgcrypt20
system=$work/system
mkdir "$system"
tar -x -C "$system" --numeric-owner --exclude='./dev/*' -f "$cache/debian/peers.tar"
files=$work/files
mkdir -p "$system/bench/bin" "$files"
"$digsig" key new trusted --out "$work" >/dev/null
install -m 644 "$work/trusted.crt" "$system/bench/"
openssl x509 -in "$work/trusted.crt" -outform der -out "$system/bench/trusted.der"
install -m 755 "$digsig" "$system/usr/bin/digsig"

cflags=(-std=gnu17 -D_GNU_SOURCE -O2)
gcc "${cflags[@]}" -static -o "$system/bench/bin/exec-each" "$here/guest/exec-each.c"
gcc "${cflags[@]}" -o "$system/bench/bin/load-each" "$here/guest/load-each.c" -ldl
install -m 755 "$here/guest/peers.sh" "$system/bench/init"

# Programs that end at once. The static ones differ by a number, so that no two have one hash.
ballast() {
	printf '%s\n' '#include <sys/syscall.h>' "const char ballast[$1] = \"$2\";" 'void _start(void);' \
		'void _start(void) { for (;;) __asm__ volatile("syscall" : : "a"(SYS_exit_group), "D"(0)); }' |
		gcc -O2 -static -nostdlib -o "$3" -x c -
}
for i in $(seq -w 15); do
	ballast $((56 << 10)) "$i" "$files/first-68K-$i"
	ballast $((661 << 10)) "$i" "$files/first-673K-$i"
	ballast $((4086 << 10)) "$i" "$files/first-4100K-$i"
done
echo 'int main(void) { return 0; }' | gcc -O2 -static -o "$files/static" -x c -
cp "$system/bin/true" "$files/dynamic"
for i in $(seq -w 20); do
	echo "int number_$i(void) { return 1$i; }" | gcc -O2 -shared -fPIC -o "$files/lib$i.so" -x c -
done
find "$system" "$files" -xdev -type f -size +0 -print0 | LC_ALL=C xargs -0 grep -l -Z -a -P '\A\x7fELF' |
	xargs -0 "$digsig" sign -q --key "$work/trusted.key" --break-links 2>/dev/null || true
echo 'int main(void) { return 0; }' | gcc -O2 -static -o "$system/bench/untrusted" -x c -
cp "$system/bench/untrusted" "$files/untrusted"

# fapolicyd: its authors' rules but 20-dracut and 21-updaters, by which root may start anything from a
# trusted shell. It trusts our files; Debian's packages are not what they were, since they are signed.
rules=$system/etc/fapolicyd/rules.d
mkdir -p "$rules"
for rule in 10-languages 30-patterns 40-bad-elf 41-shared-obj 42-trusted-elf \
	70-trusted-lang 72-shell 90-deny-execute 95-allow-open; do
	cp "$system/usr/share/fapolicyd/sample-rules/$rule.rules" "$rules/"
done
chroot "$system" fagenrules >/dev/null 2>&1 || chroot "$system" fagenrules
sed -i 's/^trust = .*/trust = file/' "$system/etc/fapolicyd/fapolicyd.conf"
trust_file() {
	echo "$2 $(stat -c %s "$1") $(sha256sum <"$1" | cut -d ' ' -f 1)"
}
for file in "$files"/*; do
	[[ ${file##*/} == untrusted ]] || trust_file "$file" "/mnt/${file##*/}"
done >"$system/etc/fapolicyd/fapolicyd.trust"
find "$system/bench/bin" "$system"/usr/{bin,sbin,lib/x86_64-linux-gnu} -type f |
	while read -r file; do
		trust_file "$file" "${file#"$system"}"
	done >>"$system/etc/fapolicyd/fapolicyd.trust"

# The same files twice: as they are, and with IMA's signatures.
mkfs_from() {
	truncate -s "$3" "$2"
	mkfs.ext4 -q -F -m 0 -L "${2##*/}" "${@:4}" -d "$1" "$2"
}
uuid=$(cat /proc/sys/kernel/random/uuid)
echo "$uuid" >"$system/bench/uuid"
mkfs_from "$files" "$work/plain" 200M
for file in "$files"/*; do
	[[ ${file##*/} == untrusted ]] ||
		evmctl ima_sign -a sha256 --key "$work/trusted.key" \
			--keyid-from-cert "$system/bench/trusted.der" "$file" >/dev/null 2>"$work/evmctl" ||
		die "$(cat "$work/evmctl")"
done
mkfs_from "$files" "$work/appraised" 200M -U "$uuid"
mkfs_from "$system" "$work/root" 1500M

# The kernel numbers the disks as it finds them, so a small initramfs looks for the right one.
mkdir -p "$work/initramfs"/{bin,dev,proc,mnt}
install -m 755 /bin/busybox "$work/initramfs/bin/busybox"
cat >"$work/initramfs/init" <<'END'
#!/bin/busybox sh
export PATH=/bin
busybox mount -t devtmpfs dev /dev
busybox mount -t proc proc /proc
until root=$(busybox findfs LABEL=root); do busybox sleep 0.1; done
busybox mount "$root" /mnt
busybox mount -o move /dev /mnt/dev
busybox mount -o move /proc /mnt/proc
exec busybox switch_root /mnt /bench/init
END
chmod 755 "$work/initramfs/init"
(cd "$work/initramfs" && find . -print0 | cpio --quiet -0 -o -H newc -R 0:0) >"$work/initramfs.cpio"

nvme=()
for disk in root plain appraised; do
	nvme+=(-drive "file=$work/$disk,format=raw,if=none,id=$disk,cache=unsafe"
		-device "nvme-ns,drive=$disk,bus=nvme")
done
timeout 3000 qemu-system-x86_64 -machine q35 "${processor[@]}" -cpu max -m 1024 \
	-nodefaults -display none -no-reboot -serial "file:$work/console" -serial stdio \
	-device nvme,id=nvme,serial=kernkit "${nvme[@]}" -kernel "$cache/kernels/6.12/vmlinuz" \
	-initrd "$work/initramfs.cpio" \
	-append "console=ttyS0 quiet panic=-1 no_timer_check tsc=reliable rounds=$rounds execs=$execs" \
	</dev/null | sed -u 's/\r$//' >"$work/said"
if ! grep -q '^end: exit 0$' "$work/said"; then
	tail -n 20 "$work/said" "$work/console" >&2
	die "the guest did not get to its end"
fi

grep -v -E '^[0-9]+ |^end' "$work/said"
# The ratio of a round to the same round without, and the median of them.
awk '
function median(list, n,   i, j, t) {
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && list[j] < list[j - 1]; j--) {
			t = list[j]; list[j] = list[j - 1]; list[j - 1] = t
		}
	return list[int((n + 1) / 2)]
}
/^[0-9]+ [a-z0-9-]+ [a-zA-Z0-9-]+ [0-9]+$/ { time[$2, $3, $1] = $4; if ($1 > rounds) rounds = $1 }
END {
	split("exec-static exec-dynamic dlopen first-68K first-673K first-4100K first-dlopen", what)
	split("digsig ima fapolicyd-none fapolicyd-sha256", system_)
	print "| | nothing, \302\265s | DigSig | IMA-appraisal | fapolicyd | fapolicyd, sha256 |"
	print "|---|---:|---:|---:|---:|---:|"
	for (w = 1; w in what; w++) {
		n = 0
		for (r = 1; r <= rounds; r++) list[++n] = time["nothing", what[w], r]
		line = sprintf("| %s | %.0f |", what[w], median(list, n) / 1000)
		for (s = 1; s in system_; s++) {
			base = system_[s] == "ima" ? "nothing-beside-ima" : "nothing"
			n = 0
			for (r = 1; r <= rounds; r++) {
				list[++n] = time[system_[s], what[w], r] / time[base, what[w], r]
				more[n] = time[system_[s], what[w], r] - time[base, what[w], r]
			}
			line = line sprintf(" %.3f (%+.0f \302\265s) |", median(list, n), median(more, n) / 1000)
		}
		print line
	}
}' "$work/said"
