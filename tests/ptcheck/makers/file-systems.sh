# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# Other file systems. To be read by make-images.

# ext ARGUMENT...: mkfs.ext4 with what makes it the same each time.
ext() {
	needs mkfs.ext4
	mkfs.ext4 -q -F -U "$uuid" -E "hash_seed=$uuid" "$@"
}

# made SIZE COMMAND...: a program makes it on a new disk.
made() {
	local size=$1

	shift
	needs "$1"
	disk "$size"
	as_device "$@"
}

ext_with_code() {
	made 64M ext
	needs "$grub"
	head -c 440 "$grub" | into 0
	signature
}

# keeps_table SIZE COMMAND...: most programs erase the first sector, but not all of them.
keeps_table() {
	local size=$1

	shift
	needs "$1"
	disk "$size"
	table dos "$one"
	as_device "$@"
}

swap() {
	needs mkswap
	mkswap -q -U "$uuid" "$1"
}

dos_over_ext_inside() {
	dos_over made 64M ext
	ext -E offset=1048576 "$image" 63488k
}

# XFS's check sum is of the whole first sector.
xfs() {
	needs mkfs.xfs
	mkfs.xfs -q -f --unsupported -m "uuid=$uuid" "$@"
}

# It remembers in the home directory what it was used for.
hfs() {
	needs hformat
	HOME=$work hformat "$1"
}

# By Apple's note TN1150: the header of the volume is at 1024, its numbers are big-endian.
hfsplus() {
	disk 64M
	put 1024 482b 0004 00000100 31302e30 00000000 d0000000 d0000000 00000000 d0000000 \
		00000000 00000000 "$(be 4 4096)" "$(be 4 16384)" "$(be 4 16000)" 00000000 "$(be 4 65536)" "$(be 4 65536)" \
		"$(be 4 16)"
	dd if="$image" of="$image" bs=512 skip=2 seek=131070 count=1 conv=notrunc status=none
}

iso() {
	needs xorriso
	mkdir -p "$work/files"
	noise 100000 >"$work/files/noise"
	find "$work/files" -exec touch -d "@$SOURCE_DATE_EPOCH" {} +
	xorriso -as mkisofs -quiet -o "$image" "$@" "$work/files"
}

# iso_to_boot OPTION...: with isolinux.
iso_to_boot() {
	needs "$isolinux/isolinux.bin" mkfs.fat
	mkdir -p "$work/files"
	cp "$isolinux/isolinux.bin" "$work/files/"
	iso -b isolinux.bin -c boot.cat -no-emul-boot -boot-load-size 4 -boot-info-table "$@"
}

iso_efi() {
	mkdir -p "$work/files"
	efi_image
	iso_to_boot "$@"
}

efi_image() {
	local image=$work/files/efi.img

	fat 1440K 12 n
}

iso_hybrid() {
	iso_to_boot
	needs isohybrid
	isohybrid -i 0x12345678 "$image"
}

squash() {
	needs mksquashfs
	mkdir -p "$work/files"
	noise 100000 >"$work/files/noise"
	mksquashfs "$work/files" "$image" -quiet -no-progress -all-root
}

erofs() {
	needs mkfs.erofs
	mkdir -p "$work/files"
	noise 100000 >"$work/files/noise"
	mkfs.erofs -T 1700000000 -U "$uuid" "$image" "$work/files"
	truncate -s 1M "$image"
}

udf() {
	needs mkudffs
	disk 64M
	mkudffs --uuid=1111111122222222 "$@" "$image"
}

file_systems() {
	local efi=(-eltorito-alt-boot -e efi.img -no-emul-boot)

	image ext4 512 "whole-disk other ext" made 64M ext
	image ext4-4096 4096 "whole-disk other ext" made 64M ext
	image ext4-boot-code 512 "whole-disk other ext" ext_with_code
	image mbr-over-ext4 512 "table dos/ambiguous" dos_over made 64M ext
	image mbr-over-ext4-ext-inside 512 "table dos/ambiguous" dos_over_ext_inside
	image mbr-empty-over-ext4 512 "whole-disk other ext" table_over made 64M ext
	image xfs 512 "whole-disk other xfs" made 64M xfs
	image mbr-over-xfs 512 "table dos/ambiguous" dos_over made 64M xfs
	image btrfs 512 "whole-disk other btrfs" made 128M mkfs.btrfs -q -U "$uuid"
	image mbr-over-btrfs 512 "table dos/ambiguous" dos_over made 128M mkfs.btrfs -q -U "$uuid"
	image f2fs 512 "whole-disk other f2fs" made 64M mkfs.f2fs -q -f -U "$uuid"
	image jfs 512 "whole-disk other jfs" made 64M mkfs.jfs -q
	image reiserfs 512 "whole-disk other reiserfs" made 64M mkreiserfs -q -ff -u "$uuid"
	image nilfs2 512 "whole-disk other nilfs2" made 160M mkfs.nilfs2 -q
	image nilfs2-keeps-table 512 "table dos/ambiguous" keeps_table 160M mkfs.nilfs2 -q -f
	image hfs 512 "whole-disk other hfs" made 64M hfs
	image hfsplus 512 "whole-disk other hfsplus" hfsplus
	image erofs 512 "whole-disk other erofs" erofs
	image squashfs 512 "whole-disk other squashfs" squash
	image udf-no-mbr 512 "whole-disk other udf" udf --media-type=hd --bootarea=erase
	image udf-mbr 512 "whole-disk other udf" udf --media-type=hd --bootarea=mbr
	image udf-keeps-table 512 "table dos/ambiguous" keeps_table 64M mkudffs --uuid=1111111122222222 --media-type=hd --bootarea=preserve
	image udf-dvd 512 "whole-disk other udf" udf --media-type=dvdrw --blocksize=2048
	# What a program leaves of what was there before.
	image ntfs-over-btrfs 512 "whole-disk NTFS" one_over_another 128M "mkfs.btrfs -q" "mkntfs -q -F -Q -T"
	image ntfs-over-reiserfs 512 "whole-disk NTFS" one_over_another 64M "mkreiserfs -q -ff" "mkntfs -q -F -Q -T"
	image fat32-over-nilfs2 512 "whole-disk FAT32" one_over_another 160M "mkfs.nilfs2 -q" "mkfs.fat --invariant -F 32 -s 1"
	image gpt-over-btrfs 512 "table gpt" gpt_over 128M mkfs.btrfs -q
	image gpt-over-xfs 512 "table gpt" gpt_over 64M xfs
	image iso-plain 512 "whole-disk other iso9660" iso
	image iso-isolinux 512 "whole-disk other iso9660" iso_to_boot
	image iso-hybrid 512 "table dos" iso_hybrid
	image iso-hybrid-xorriso 512 "table dos" iso_to_boot -isohybrid-mbr "$isolinux/isohdpfx.bin"
	image iso-hybrid-efi 512 "table dos" iso_efi -isohybrid-mbr "$isolinux/isohdpfx.bin" "${efi[@]}"
	image iso-hybrid-efi-gpt 512 "table dos" iso_efi -isohybrid-mbr "$isolinux/isohdpfx.bin" "${efi[@]}" \
		-isohybrid-gpt-basdat
	image iso-hybrid-apm 512 "table dos" iso_efi -isohybrid-mbr "$isolinux/isohdppx.bin" "${efi[@]}" \
		-isohybrid-gpt-basdat -isohybrid-apm-hfsplus
	image iso-gpt 512 "table gpt" iso_efi --protective-msdos-label -appended_part_as_gpt \
		-append_partition 2 0xef "$work/files/efi.img" "${efi[@]}"
	image iso-partition-offset 512 "table dos" iso_to_boot -isohybrid-mbr "$isolinux/isohdpfx.bin" -partition_offset 16
}

table_over() {
	"$@"
	table dos
}

# one_over_another SIZE "COMMAND" "COMMAND"
one_over_another() {
	local command

	disk "$1"
	shift
	for command; do
		read -ra command <<<"$command"
		needs "${command[0]}"
		"${command[@]}" "$image"
	done
}

gpt_over() {
	made "$@"
	table gpt "start=2048,size=20480,uuid=$uuid"
}
