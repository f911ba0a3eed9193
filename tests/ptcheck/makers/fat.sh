# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# FAT, and DOS tables over it. To be read by make-images.

# fat SIZE BITS MBR ARGUMENT...: mkfs.fat's; MBR: y to write a table that has one partition, the whole disk.
fat() {
	local size=$1 bits=$2 mbr=$3

	shift 3
	needs mkfs.fat
	disk "$size"
	as_device mkfs.fat --invariant -i 12345678 -F "$bits" --mbr="$mbr" "$@"
}

# With a file, so that its FATs have something to say.
fat16_filled() {
	needs mcopy
	fat 64M 16 n -s 4
	truncate -s 40000000 "$work/file"
	mcopy -i "$image" "$work/file" ::file
}

fat_with_entry() {
	fat 64M "$1" n -s "$2"
	entry 1 "${3:-80}" 0e 2048 126976
	signature
}

# As mkfs.fat's FAT32, but with a backup of the boot sector that has the entry, too.
fat32_entry_in_backup() {
	fat_with_entry 32 1
	dd if="$image" of="$image" bs=512 seek=6 count=1 conv=notrunc status=none
}

# dos_over_fat BITS CLUSTER [WHAT...]: a real table over a FAT that nothing erased; then WHAT is done as well.
dos_over_fat() {
	local bits=$1 cluster=$2 each

	fat 64M "$bits" n -s "$cluster"
	table dos start=2048,size=126976,type=83
	shift 2
	for each; do
		case $each in
		fat-inside) mkfs.fat --invariant -F 16 -s 4 -h 2048 --offset 2048 "$image" 63488 ;;
		ext-inside) ext -E offset=1048576 "$image" 63488k ;;
		destroyed) zero $(($(get 14 2) * 512)) 512 ;;
		# As grub-install does, which leaves what is at 3 to 90 as it finds it.
		grub)
			needs "$grub"
			dd if="$grub" of="$image" bs=1 skip=90 seek=90 count=350 conv=notrunc status=none
			noise 30000 | into 512
			;;
		esac
	done
}

dos_over_fat_4096() {
	fat 64M 16 n -S 4096 -s 1
	table dos start=256,size=15872,type=83
}

# A partition that begins in the midst of what the FAT reads as its tables.
dos_over_fats() {
	"$@"
	entry 1 80 06 63 131009
	signature
}

fat16_no_signature() {
	fat 64M 16 n -s 4
	put 510 0000
}

fat16_cut() {
	fat 64M 16 "$1" -s 4
	truncate -s "$2" "$image"
}

fat32_no_info() {
	fat 64M 32 n -s 1
	zero 512 512
	zero $((7 * 512)) 512
}

# fat_says OFFSET HEX...: a field of a FAT16's boot sector.
fat_says() {
	fat 64M 16 n -s 4
	put "$@"
}

# The code of old formatters reaches into the table.
fat16_long_code() {
	fat 64M 16 n -s 4
	noise 448 | into 62
	signature
}

mformatted() {
	local size=$1

	shift
	needs mformat
	disk "$size"
	mformat -i "$image" -N 12345678 "$@" ::
}

# mformat -k keeps the sector that it finds, and writes the rest.
mformat_keeps() {
	needs mformat
	dos "$one"
	mformat -i "$image" -N 12345678 -t 128 -h 16 -s 64 -k ::
}

mformat_over() {
	needs mformat
	dos "$one"
	mformat -i "$image" -N 12345678 -t 128 -h 16 -s 64 ::
}

fat_syslinux() {
	needs syslinux mcopy
	fat "$@"
	# Its scratch file has to be its owner's alone.
	syslinux --install "$image"
}

# Of DOS 1: no fields at all, only the first byte of the FAT says what it is.
fat12_without_fields() {
	disk 160K
	put 0 eb2790
	put 512 feffff
	put 1024 feffff
}

# Entries that are none.
fat16_with_entries() {
	fat 64M 16 n -s 4
	case $1 in
	outside) entry 1 80 0e 2048 1000000 ;;
	overlapping)
		entry 1 80 0e 2048 60000
		entry 2 00 83 40000 60000
		;;
	empty) table dos ;;
	esac
	signature
}

fat_of_partition() {
	fat 62M 16 n -s 4 -h 2048
	truncate -s 64M "$image"
}

fats() {
	local mbr

	for mbr in y n; do
		image "fat12-mbr-$mbr" 512 "whole-disk FAT12" fat 8M 12 $mbr -s 8
		image "fat16-mbr-$mbr" 512 "whole-disk FAT16" fat 64M 16 $mbr -s 4
		image "fat32-mbr-$mbr" 512 "whole-disk FAT32" fat 64M 32 $mbr -s 1
		image "fat16-mbr-$mbr-4096" 4096 "whole-disk FAT16" fat 64M 16 $mbr -S 4096 -s 1
		image "fat32-mbr-$mbr-4096" 4096 "whole-disk FAT32" fat 320M 32 $mbr -S 4096 -s 1
	done
	image fat16-of-4096-at-512 512 "whole-disk FAT16" fat 64M 16 y -S 4096 -s 1
	image fat16-of-512-at-4096 4096 "whole-disk FAT16" of_512 fat 64M 16 y -s 4
	image fat16-of-2048 512 "whole-disk FAT16" fat 64M 16 n -S 2048 -s 2
	image fat16-one-fat 512 "whole-disk FAT16" fat 64M 16 n -f 1 -s 4
	image fat16-removable 512 "whole-disk FAT16" fat 64M 16 n -M 0xf0 -s 4
	image fat16-atari 512 "whole-disk FAT16" fat 32M 16 n -A
	image fat16-filled 512 "whole-disk FAT16" fat16_filled
	image fat16-no-signature 512 "whole-disk FAT16" fat16_no_signature
	image fat16-long-code 512 "whole-disk FAT16" fat16_long_code
	image fat16-hidden-sectors 512 "whole-disk FAT16" fat_of_partition
	image fat16-larger-than-disk 512 "whole-disk FAT16" fat16_cut n 48M
	image fat16-cut-1m 512 "whole-disk FAT16" fat16_cut y 1M
	image fat16-cut-sector 512 "whole-disk FAT16" fat16_cut n 512
	image fat32-no-info 512 "whole-disk FAT32" fat32_no_info
	image fat16-syslinux 512 "whole-disk FAT16" fat_syslinux 64M 16 n -s 4
	image fat32-syslinux 512 "whole-disk FAT32" fat_syslinux 64M 32 n -s 1
	image fat12-mformat-360 512 "whole-disk FAT12" mformatted 360K -f 360
	image fat12-mformat-1440 512 "whole-disk FAT12" mformatted 1440K -f 1440
	image fat12-mformat-2880 512 "whole-disk FAT12" mformatted 2880K -f 2880
	image fat16-mformat 512 "whole-disk FAT16" mformatted 64M -t 128 -h 16 -s 64
	image fat32-mformat 512 "whole-disk FAT32" mformatted 64M -t 128 -h 16 -s 64 -F
	image fat16-mformat-over-mbr 512 "whole-disk FAT16" mformat_over
	image fat16-mformat-keeps 512 ambiguous mformat_keeps
	image fat12-entry 512 ambiguous fat_with_entry 12 64
	image fat16-entry 512 ambiguous fat_with_entry 16 4
	image fat32-entry 512 "table dos" fat_with_entry 32 1
	image fat32-entry-in-backup 512 "whole-disk FAT32" fat32_entry_in_backup
	image fat16-bad-flag 512 "whole-disk FAT16" fat_with_entry 16 4 29
	image fat16-entry-outside 512 "whole-disk FAT16" fat16_with_entries outside
	image fat16-entries-overlapping 512 "whole-disk FAT16" fat16_with_entries overlapping
	image mbr-empty-over-fat16 512 "whole-disk FAT16" fat16_with_entries empty
	image fat16-no-jump 512 "whole-disk FAT16" fat_says 0 000000
	image fat16-other-media-in-fat 512 "whole-disk FAT16" fat_says 2048 0000
	image fat12-without-fields 512 unknown fat12_without_fields
	image fat16-says-no-fats 512 "whole-disk FAT16" fat_says 16 00
	image fat16-says-cluster-3 512 "whole-disk FAT16" fat_says 13 03
	image fat16-says-sector-0 512 unknown fat_says 11 0000
	image fat16-says-reserved-0 512 unknown fat_says 14 0000
	image fat16-says-media-0 512 unknown fat_says 21 00
}

tables_over_fats() {
	image mbr-over-fat16 512 ambiguous dos_over_fat 16 4
	image mbr-over-fat16-4096 4096 ambiguous dos_over_fat_4096
	image mbr-over-fat32 512 "table dos" dos_over_fat 32 1
	image mbr-over-fat16-fat-inside 512 "table dos" dos_over_fat 16 4 fat-inside
	image mbr-over-fat16-ext-inside 512 "table dos" dos_over_fat 16 4 ext-inside
	image mbr-over-fat32-ext-inside 512 "table dos" dos_over_fat 32 1 ext-inside
	image mbr-over-fat16-destroyed 512 "table dos" dos_over_fat 16 4 destroyed
	image mbr-over-fat32-destroyed 512 "table dos" dos_over_fat 32 1 destroyed
	image mbr-over-fat16-fat-inside-destroyed 512 "table dos" dos_over_fat 16 4 fat-inside destroyed
	image mbr-over-fat16-ext-inside-destroyed 512 "table dos" dos_over_fat 16 4 ext-inside destroyed
	image mbr-over-fat16-grub 512 "table dos" dos_over_fat 16 4 grub
	image mbr-within-fats 512 ambiguous dos_over_fats fat 64M 16 n -s 4
	image mbr-within-fats-filled 512 ambiguous dos_over_fats fat16_filled
}
