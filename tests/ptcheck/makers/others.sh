# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# Nothing that is known, and what was cut off. To be read by make-images.

filled() {
	local byte=$1

	head -c "$2" /dev/zero | tr '\0' "$byte" >"$image"
}

noise_disk() {
	noise "$1" >"$image"
}

# noise_with_signature NUMBER FLAG...: the flags are those of the entries; without them they are random, too.
noise_with_signature() {
	local at=446 flag

	noise 64K "$1" >"$image"
	signature
	shift
	for flag; do
		put $at "$flag"
		((at += 16))
	done
}

shortened() {
	local size=$1

	shift
	"$@"
	truncate -s "$size" "$image"
}

others() {
	image zeros 512 empty disk 64M
	image zeros-4096 4096 empty disk 64M
	image zeros-sector 512 empty disk 512
	image zeros-511 512 empty disk 511
	image nothing 512 unreadable disk 0
	image ones 512 empty filled '\377' 1M
	image fives 512 unknown filled '\125' 1M
	image noise 512 unknown noise_disk 64K
	image noise-signature 512 unknown noise_with_signature 1
	image noise-protective-type 512 unknown noise_with_signature 0
	image noise-flags 512 ambiguous noise_with_signature 1 00 80 00 00
	image mbr-cut-1m 512 "table dos" shortened 1M dos "${logicals[@]}"
	image mbr-cut-sector 512 "table dos" shortened 512 dos "${logicals[@]}"
	image mbr-cut-511 512 unknown shortened 511 dos "${logicals[@]}"
	image iso-cut-32k 512 empty shortened 32K iso
	image exfat-cut-sector 512 "whole-disk exFAT" shortened 512 exfat
	image ext4-cut-1m 512 "whole-disk other ext" shortened 1M made 64M ext
}
