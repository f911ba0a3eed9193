#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What signing whole trees costs: sign -r of 2,000 small files against what openssl speed says that the
# key can do; of 20,000 tiny files; of large files against sha256sum of them on as many
# processors; and small and large ones against evmctl ima_sign -r.
#
#   bench/trees.sh DIGSIG [FOLDER]    FOLDER: with 4 GiB of room (default: .)
#   ROUNDS=5 SIZE=512 JOBS=...        rounds; MiB of large files; -j
#
# In each round all take turns, and what is compared is compared with the same round; the median of the
# rounds counts. Other work on the machine makes everything slower, but it does not take processor
# time, user's and kernel's, away: of that there is a ratio, too. openssl speed gives signatures a
# second of processor time when it runs alone, and of the clock with -multi.
#
# As root the files lie on an ext4 of their own, in a file in FOLDER, with mkfs.ext4's defaults: an ext4
# without a journal makes each new file look at all that were deleted lately.
set -euo pipefail

digsig=$(realpath "${1:?usage: trees.sh DIGSIG [FOLDER]}")
work=$(mktemp -d "$(realpath "${2:-.}")/digsig-bench-XXXXXX")
loop=
# shellcheck disable=SC2317 # the trap calls it
cleanup() {
	! mountpoint -q "$work/disk" || umount "$work/disk"
	[[ -z $loop ]] || losetup -d "$loop"
	rm -rf "$work"
}
trap cleanup EXIT
cd "$work"
rounds=${ROUNDS:-5}
size=${SIZE:-512}
processors=$(nproc)
jobs=(${JOBS:+-j "$JOBS"})

# run NAME COMMAND...: notes the seconds it takes, and those of processor time.
run() {
	local name=$1 elapsed user system

	shift
	/usr/bin/time -o took -f '%e %U %S' "$@" >/dev/null
	read -r elapsed user system < <(tail -n 1 took)
	echo "$elapsed" >>"$name.elapsed"
	awk -v u="$user" -v s="$system" 'BEGIN { print u + s }' >>"$name.processor"
}

median() { sort -g | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }

# ratio FILE FILE [FACTOR]: the median of the rounds' ratios.
ratio() {
	paste "$1" "$2" | awk -v f="${3:-1}" '{ printf "%.3f\n", f * $1 / $2 }' | median
}

hash_all() {
	find "$1" -type f -print0 >list
	run "$2" xargs -0 -a list -P "$processors" -n 1 sha256sum
}
sign_all() { run "$3" "$digsig" sign -r -q --force "${jobs[@]}" --key "$1.key" "$2"; }
# It goes into each folder, so the key needs its whole path; and it ends with 0 also if it fails.
evm_all() { run "$2" evmctl ima_sign -r -t f -a sha256 --key "$work/rsa.key" "$1" 2>/dev/null; }
is_evm_signed() { [[ $(getfattr -n security.ima -e hex --only-values "$1" | wc -c) -gt 300 ]]; }

# speed ALGORITHM NAME: signatures a second, on all processors, by openssl.
speed() {
	local i
	local -a alone=()

	for ((i = 0; i < processors; i++)); do
		openssl speed -seconds 2 "$1" 2>/dev/null >"alone.$i" &
		alone+=("alone.$i")
	done
	wait
	tail -q -n 1 "${alone[@]}" | awk '{ sum += $(NF - 1) } END { print sum / NR }' >>"$2.processor"
	openssl speed -seconds 2 -multi "$processors" "$1" 2>/dev/null | tail -n 1 |
		awk '{ print $(NF - 1) }' >>"$2.elapsed"
}

"$digsig" key new rsa >/dev/null
"$digsig" key new ecdsa --algo ecdsa-p256 >/dev/null
mkdir disk
if [[ $(id -u) -eq 0 ]]; then
	truncate -s "$((size * 3 + 2048))M" image
	mkfs.ext4 -q image
	# Or what is written past the page cache of one file system would go through the other's.
	loop=$(losetup -f --show --direct-io=on image)
	mount "$loop" disk
fi
mkdir disk/{large,small,tiny}
cp /bin/true plain
for i in 1 2 3 4 5 6 7 8; do
	head -c "$((size / 8))M" /dev/urandom >blob
	objcopy --add-section .blob=blob plain "disk/large/$i" 2>/dev/null
done
rm blob
mkdir disk/small/{0..19} disk/tiny/{0..199}
for ((i = 0; i < 2000; i++)); do
	cp plain "disk/small/$((i % 20))/$i"
done
echo 'void _start(void) { for (;;); }' | gcc -O2 -static -nostdlib -s -o least -x c -
for ((i = 0; i < 20000; i++)); do
	cat least >"disk/tiny/$((i % 200))/$i"
done
sync

has_evmctl=
command -v evmctl >/dev/null && setfattr -n security.ima -v 0x00 disk/small/0/0 2>/dev/null && has_evmctl=yes
for ((i = 0; i < rounds; i++)); do
	for key in rsa ecdsa; do
		algorithm=rsa3072
		[[ $key == ecdsa ]] && algorithm=ecdsap256
		speed "$algorithm" "speed-$key"
		sign_all "$key" disk/small "small-$key"
	done
	[[ ! $has_evmctl ]] || evm_all disk/small evm-small
	sign_all ecdsa disk/tiny tiny
	cat disk/large/* >/dev/null
	hash_all disk/large hash
	sign_all rsa disk/large large
	cat disk/large/* >/dev/null
	if [[ $has_evmctl ]]; then
		evm_all disk/large evm-large
		is_evm_signed disk/large/1 && is_evm_signed disk/small/0/0
	fi
done

echo "file system: $(stat -f -c %T disk), $processors processors, $rounds rounds"
echo "what | by processor time | by the clock"
# 2,000 files in the seconds it took, of what openssl would have signed in them.
for key in rsa ecdsa; do
	for clock in processor elapsed; do
		awk '{ print 2000 / $1 }' "small-$key.$clock" >"rate-$key.$clock"
	done
	echo "sign -r, 2,000 small files, $key, of openssl speed |" \
		"$(ratio "rate-$key.processor" "speed-$key.processor") |" \
		"$(ratio "rate-$key.elapsed" "speed-$key.elapsed")"
done
echo "sign -r, 20,000 tiny files, ecdsa, seconds | $(median <tiny.processor) | $(median <tiny.elapsed)"
echo "sign -r, $size MiB in 8 files, of the bandwidth of sha256sum -P$processors |" \
	"$(ratio hash.processor large.processor) | $(ratio hash.elapsed large.elapsed)"
if [[ $has_evmctl ]]; then
	for files in small large; do
		mine=large
		[[ $files == small ]] && mine=small-rsa
		echo "evmctl ima_sign -r, of sign -r's time, $files, rsa |" \
			"$(ratio "evm-$files.processor" "$mine.processor") |" \
			"$(ratio "evm-$files.elapsed" "$mine.elapsed")"
	done
else
	echo "evmctl: not measured: no ima-evm-utils, or security.ima cannot be written here"
fi
