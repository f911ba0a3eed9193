# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# exFAT, NTFS, and BitLocker, which looks like it. To be read by make-images.

exfat() {
	needs mkfs.exfat
	disk 64M
	as_device mkfs.exfat
}

stale_entry() {
	"$@"
	entry 1 80 07 2048 126976
	signature
}

# The sum over the first eleven sectors, in each word of the twelfth.
exfat_sum() {
	local sum=0 i=0 byte

	for byte in $(od -A n -v -t u1 -N 5632 "$image"); do
		if ((i != 106 && i != 107 && i != 112)); then
			((sum = ((sum & 1) << 31 | sum >> 1) + byte & 0xffffffff)) || true
		fi
		((++i))
	done
	for ((i = 0; i < 128; i++)); do
		le 4 $sum
	done | xxd -r -p | into 5632
}

exfat_with_entry_and_sum() {
	stale_entry exfat
	exfat_sum
}

dos_over() {
	"$@"
	table dos "$one"
}

exfat_first_sector_gone() {
	exfat
	zero 0 512
}

# mkntfs takes sectors of 512 bytes for a file's.
ntfs() {
	needs mkntfs
	disk 64M
	as_device mkntfs -q -F -Q -T -s "$sector" -p "$1" -H 16 -S 63
}

# The backup is in the last sector.
ntfs_entry_in_backup() {
	stale_entry ntfs 0
	dd if="$image" of="$image" bs=512 seek=131071 count=1 conv=notrunc status=none
}

ntfs_cut() {
	ntfs 0
	truncate -s "$1" "$image"
}

# BitLocker, by the description of the format in libbde: with NTFS's fields since Windows 7; on a removable disk with
# FAT32's. A GUID, and where three copies of the metadata are, which begin with the same name.
bitlocker() {
	local at=$1

	shift
	disk 64M
	put 0 eb5890
	put 11 "$(le 2 512)" 08 "$@"
	put "$at" 3bd66749292ed84a8399f6a339e3d001 "$(le 8 1048576)" "$(le 8 2097152)" "$(le 8 3145728)"
	for at in 1048576 2097152 3145728; do
		text "$at" -FVE-FS-
		put $((at + 8)) "$(le 2 64)" "$(le 2 2)"
	done
	signature
}

bitlocker_fixed() {
	bitlocker 160 0000 00 0000 0000 f8 0000 3f00 ff00
	text 3 -FVE-FS-
}

bitlocker_to_go() {
	bitlocker 424 2000 00 0000 0000 f8 0000 3f00 ff00 00000000 "$(le 4 131072)"
	text 3 MSWIN4.1
	text 82 'FAT32   '
}

exfats_and_ntfs() {
	image exfat-64m 512 "whole-disk exFAT" exfat
	image exfat-4096 4096 "whole-disk exFAT" exfat
	image exfat-entry 512 "table dos" stale_entry exfat
	image exfat-entry-summed 512 "whole-disk exFAT" exfat_with_entry_and_sum
	image mbr-over-exfat 512 "table dos" dos_over exfat
	image exfat-first-sector-gone 512 unknown exfat_first_sector_gone
	image ntfs-64m 512 "whole-disk NTFS" ntfs 0
	image ntfs-4096 4096 "whole-disk NTFS" ntfs 0
	image ntfs-hidden-sectors 512 "whole-disk NTFS" ntfs 2048
	image ntfs-entry 512 "table dos" stale_entry ntfs 0
	image ntfs-entry-in-backup 512 "whole-disk NTFS" ntfs_entry_in_backup
	image mbr-over-ntfs 512 "table dos" dos_over ntfs 0
	image ntfs-cut-1m 512 "whole-disk NTFS" ntfs_cut 1M
	image bitlocker 512 "whole-disk other BitLocker" bitlocker_fixed
	image bitlocker-to-go 512 "whole-disk other BitLocker" bitlocker_to_go
}
