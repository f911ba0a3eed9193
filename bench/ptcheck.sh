#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What ptcheck reads, beside blkid: how often, by strace, and how many sectors, by the kernel's account of a loop device;
# and how many images it judges a second, from the page cache, in one process on one processor.
#
#   bench/ptcheck.sh [BUILD]
#
# As root. ROUNDS are three.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
build=$(realpath "${1:-$here/../build}")
ptcheck=$build/ptcheck/cli/ptcheck
work=$(mktemp -d "${TMPDIR:-/tmp}/kernkit-bench.XXXXXX")
device=
clean_up() {
	[[ -z $device ]] || losetup -d "$device"
	rm -rf "$work"
}
trap clean_up EXIT
export PATH=$PATH:/usr/sbin:/sbin LC_ALL=C.UTF-8 TIMEFORMAT='%R %U %S'

"$here/../tests/ptcheck/make-images" "$work/images"

# sectors COMMAND...: what the kernel read of $device for it.
sectors() {
	local stat before after
	stat=/sys/block/${device#/dev/}/stat

	# Nothing of it is cached.
	blockdev --flushbufs "$device"
	before=$(awk '{ print $3 }' "$stat")
	"$@" >/dev/null 2>&1 || true
	after=$(awk '{ print $3 }' "$stat")
	echo $((after - before))
}

# reads FILE COMMAND...: how often it reads the file.
reads() {
	local file=$1

	shift
	strace -f -y -e trace=read,pread64,readv,preadv -o "$work/trace" "$@" >/dev/null 2>&1 || true
	grep -c "<$file>" "$work/trace"
}

printf '%-24s %8s %8s %10s %10s\n' image 'ptcheck:' 'blkid:' 'ptcheck:' 'blkid:' '' reads reads sectors sectors
for name in mbr-one mbr-logical fat16-mbr-y fat32-mbr-n gpt-plain ntfs-64m exfat-64m ext4 mbr-over-fat16 mbr-over-fat32 iso-plain zeros; do
	image=$work/images/$name.img
	[[ -f $image ]] || continue
	device=$(losetup --show -f --read-only "$image")
	printf '%-24s %8s %8s %10s %10s\n' "$name" "$(reads "$image" "$ptcheck" "$image")" "$(reads "$image" blkid -p "$image")" \
		"$(sectors "$ptcheck" "$device")" "$(sectors blkid -p "$device")"
	losetup -d "$device"
	device=
done

# rate NAME COMMAND... IMAGES: how many a second of processor time.
rate() {
	local name=$1 count=$2 best=

	shift 2
	for _ in $(seq "${ROUNDS:-3}"); do
		taskset -c 0 "$@" >/dev/null 2>&1 || true
		{ time taskset -c 0 "$@" >/dev/null 2>&1 || true; } 2>"$work/time"
		best=$(awk -v best="$best" '{ took = $2 + $3; print best == "" || took < best ? took : best }' "$work/time")
	done
	awk -v name="$name" -v count="$count" -v took="$best" \
		'BEGIN { printf "%s: %d images in %.3f s of processor time: %.0f a second\n", name, count, took, count / took }'
}

images=("$work"/images/*.img)
many=()
ordinary=()
for _ in $(seq 20); do
	many+=("${images[@]}")
done
for _ in $(seq 500); do
	ordinary+=("$work"/images/{mbr-one,mbr-four,fat16-mbr-y,fat32-mbr-n,gpt-plain,ntfs-64m}.img)
done
rate "ptcheck, all kinds" ${#many[@]} "$ptcheck" "${many[@]}"
rate "ptcheck, ordinary disks" ${#ordinary[@]} "$ptcheck" "${ordinary[@]}"
rate "blkid -p, ordinary disks" ${#ordinary[@]} blkid -p "${ordinary[@]}"
