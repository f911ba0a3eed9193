# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# DOS tables, and boot code with one and without. To be read by make-images.

# dos LINE...: on a new disk.
dos() {
	disk 64M
	table dos "$@"
}

one=start=2048,size=126976,type=83
logicals=("start=2048,size=20480,type=83" "start=22528,size=108544,type=5"
	"start=24576,size=20480,type=83" "start=47104,size=20480,type=83" "start=69632,size=20480,type=83")

dos_by_hand() {
	disk 64M
	entry "$@"
	signature
}

dos_bad_flag() {
	dos "$one"
	put "$1" 01
}

dos_no_signature() {
	dos "$one"
	put 510 0000
}

dos_two_active() {
	dos start=2048,size=20480,type=83 start=22528,size=20480,type=83
	put 446 80
	put 462 80
}

dos_types_alone() {
	disk 64M
	entry 1 00 83 0 0
	entry 2 80 07 0 0
	signature
}

# Without a chain the extended partition is empty.
dos_no_chain() {
	dos "${logicals[@]}"
	zero $((22528 * 512)) 512
}

# The second link leads back to the first.
dos_chain_loops() {
	dos "${logicals[@]}"
	entry 2 00 05 0 20480 $((45056 * 512))
}

# The chain leads behind the disk's end.
dos_chain_outside() {
	dos "${logicals[@]}"
	entry 2 00 05 200000 20480 $((22528 * 512))
}

dos_four_extended() {
	disk 64M
	entry 1 00 05 2048 20480
	entry 2 00 0f 22528 20480
	entry 3 00 85 43008 20480
	entry 4 00 05 63488 20480
	signature
}

dos_overlapping() {
	disk 64M
	entry 1 00 83 2048 60000
	entry 2 00 83 40000 60000
	signature
}

dos_identical() {
	disk 64M
	for slot in 1 2 3 4; do
		entry $slot 00 83 2048 126976
	done
	signature
}

# An entry whose last sector has no number of 32 bits.
dos_wraps() {
	disk 3T
	entry 1 00 83 2048 126976
	entry 2 00 83 4294967280 256
	signature
}

dos_huge() {
	disk 3T
	table dos start=2048,size=4294965000,type=83
}

dos_gap_in_slots() {
	disk 64M
	entry 4 00 83 2048 126976
	signature
}

dos_with_code() {
	dos "$one"
	needs "$1"
	head -c 440 "$1" | into 0
}

code_alone() {
	needs "$1"
	disk 64M
	head -c 440 "$1" | into 0
	signature
}

dos_install_mbr() {
	needs install-mbr
	dos "$one"
	install-mbr --force "$image"
}

# As after grub-install: code, and its core in the gap before the first partition.
dos_grub() {
	needs "$grub"
	dos "$one"
	noise 30000 | into 512
	head -c 440 "$grub" | into 0
}

dos_fat_inside() {
	needs mkfs.fat
	dos start=2048,size=126976,type=6,bootable
	mkfs.fat --invariant -F 16 -s 4 -h 2048 --offset 2048 "$image" 63488
}

dos_ext_inside() {
	dos "$one"
	ext -E offset=1048576 "$image" 63488k
}

# A typical card: FAT to boot from, ext4.
dos_card() {
	needs mkfs.fat
	dos start=8192,size=40960,type=c start=49152,size=81920,type=83
	mkfs.fat --invariant -F 16 --offset 8192 "$image" 20480
	ext -E offset=25165824 "$image" 40960k
}

# FreeBSD: its slices are in a label inside the partition.
dos_bsd_inside() {
	needs fdisk
	dos start=2048,size=126976,type=a5
	printf 'b\ny\nn\na\n\n\nw\nq\n' | fdisk "$image" || true
	[[ $(get $((2049 * 512)) 4) -eq 2186691927 ]]
}

dos_text_in_table() {
	disk 64M
	put 0 eb3c90
	text 440 'Remove disks or other media. Press any key to restart.  NTLDR is missing'
	signature
}

# What AIX writes at the beginning, and Linux does not erase.
dos_aix() {
	dos "start=2048,size=126976,type=$1"
	put 0 c9c2d4c1
}

# A disk that AIX does use: its volume group begins in sector 7.
aix_volume() {
	dos_aix 41
	text $((7 * 512)) _LVM
}

dos_pc98() {
	needs parted
	disk 64M
	parted -s "$image" mklabel pc98 mkpart primary 1MiB 20MiB
}

dos_tables() {
	image mbr-one 512 "table dos" dos "$one"
	image mbr-one-4096 4096 "table dos" dos start=256,size=15872,type=83
	image mbr-four 512 "table dos" dos start=2048,size=20480,type=83 start=22528,size=20480,type=7,bootable \
		start=43008,size=20480,type=82 start=63488,size=20480,type=c
	image mbr-logical 512 "table dos" dos "${logicals[@]}"
	image mbr-logical-4096 4096 "table dos" dos start=256,size=2560,type=83 start=2816,size=13568,type=5 \
		start=3072,size=2560,type=83 start=5888,size=2560,type=83
	image mbr-empty 512 "table dos" dos
	image mbr-empty-4096 4096 "table dos" dos
	image mbr-signature-alone 512 "table dos" code_alone /dev/null
	image mbr-parted 512 "table dos" made_by_parted 512 msdos primary 1MiB 20MiB
	image mbr-parted-4096 4096 "table dos" made_by_parted 4096 msdos primary 1MiB 20MiB
	image mbr-two-active 512 "table dos" dos_two_active
	image mbr-last-slot 512 "table dos" dos_gap_in_slots
	image mbr-types-without-sizes 512 "table dos" dos_types_alone
	image mbr-dynamic-disk 512 "table dos" dos start=63,size=131009,type=42
	image mbr-start-63 512 "table dos" dos start=63,size=131009,type=6
	image mbr-start-1 512 "table dos" dos_by_hand 1 80 06 1 131071
	image mbr-start-0 512 "table dos" dos_by_hand 1 00 83 0 131072
	image mbr-protective-first 512 "table dos" dos_by_hand_two ee 1 2047 83 2048 126976
	image mbr-protective-last 512 "table dos" dos_by_hand_two 83 2048 126976 ee 1 2047
	image mbr-beyond-end 512 "table dos" dos_by_hand_two 83 2048 20480 83 22528 1000000
	image mbr-all-beyond-end 512 "table dos" dos_by_hand 1 00 83 200000 1000000
	image mbr-overlapping 512 "table dos" dos_overlapping
	image mbr-identical 512 "table dos" dos_identical
	image mbr-wraps 512 "table dos" dos_wraps
	image mbr-2t 512 "table dos" dos_huge
	image mbr-chain-loops 512 "table dos" dos_chain_loops
	image mbr-chain-outside 512 "table dos" dos_chain_outside
	image mbr-chain-missing 512 "table dos" dos_no_chain
	image mbr-four-extended 512 "table dos" dos_four_extended
	image mbr-fat-inside 512 "table dos" dos_fat_inside
	image mbr-ext-inside 512 "table dos" dos_ext_inside
	image mbr-card 512 "table dos" dos_card
	image mbr-bsd-inside 512 "table dos" dos_bsd_inside
	image mbr-of-512-at-4096 4096 "table dos" of_512 dos "$one"
	image mbr-of-4096-at-512 512 "table dos" of_4096 dos start=256,size=15872,type=83
	image mbr-bad-flag 512 unknown dos_bad_flag 446
	image mbr-bad-flag-of-empty-slot 512 unknown dos_bad_flag 462
	image mbr-no-signature 512 unknown dos_no_signature
	image mbr-aix-magic 512 "table dos" dos_aix 83
	image mbr-aix-magic-no-linux 512 "table dos" dos_aix 41
	image aix-volume 512 "whole-disk other AIX" aix_volume
	image mbr-text-in-table 512 unknown dos_text_in_table
	image pc98 512 "table pc98" dos_pc98
}

dos_by_hand_two() {
	disk 64M
	entry 1 00 "$1" "$2" "$3"
	entry 2 00 "$4" "$5" "$6"
	signature
}

boot_code() {
	image code-grub-table 512 "table dos" dos_with_code "$grub"
	image code-syslinux-table 512 "table dos" dos_with_code "$syslinux/mbr/mbr.bin"
	image code-syslinux-gptmbr-table 512 "table dos" dos_with_code "$syslinux/mbr/gptmbr.bin"
	image code-isohybrid-table 512 "table dos" dos_with_code "$isolinux/isohdpfx.bin"
	image code-mbr-table 512 "table dos" dos_install_mbr
	image code-grub-embedded 512 "table dos" dos_grub
	image code-grub-alone 512 "table dos" code_alone "$grub"
	image code-syslinux-alone 512 "table dos" code_alone "$syslinux/mbr/mbr.bin"
}
