# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# Members of volumes: LVM, LUKS, md, swap, bcache. To be read by make-images.

physical_volume() {
	needs pvcreate
	# It complains of descriptors that it did not open.
	LVM_SUPPRESS_FD_WARNINGS=1 pvcreate -q -ff -y --norestorefile --uuid 111111-1111-1111-1111-1111-1111-111111 "$1"
}

lvm() {
	disk 64M
	on_loop physical_volume
}

lvm_with_code() {
	lvm
	needs "$grub"
	head -c 440 "$grub" | into 0
	signature
}

# luks TYPE [OPTION...]
luks() {
	needs cryptsetup
	disk 64M
	printf secret | cryptsetup --batch-mode luksFormat --uuid "$uuid" --type "$@" --pbkdf pbkdf2 \
		--pbkdf-force-iterations 1000 "$image" -
}

# All that it reserves is filled with random bytes, 16 MiB without these options.
luks2() {
	luks luks2 --luks2-keyslots-size 256k --offset 2048
}

luks2_first_gone() {
	luks2
	zero 0 4096
}

# struct mdp_superblock_1 of the kernel's include/uapi/linux/raid/md_p.h, little-endian: a member of a mirror of two.
md1() {
	local at=$1 minor=$2

	disk 64M
	# Magic, version 1, no features; the array's UUID and its name.
	put "$at" "$(le 4 2838187772)$(le 4 1)$(le 8 0)${uuid//-/}"
	text $((at + 32)) disk:0
	put $((at + 64)) "$(le 8 1700000000)$(le 4 1)$(le 4 0)$(le 8 126976)$(le 4 0)$(le 4 2)"
	put $((at + 128)) "$(le 8 $((minor == 0 ? 0 : 2048)))$(le 8 126976)$(le 8 $((at / 512)))"
	put $((at + 168)) "${uuid//-/}$(le 8 0)$(le 8 1700000000)$(le 8 2)$(le 8 0)$(le 4 0)$(le 4 2)"
	put $((at + 256)) "$(le 2 0)$(le 2 1)"
	put $((at + 216)) "$(folded_sum "$at" 260)"
}

# folded_sum OFFSET BYTES: of words of 32 bits, with what is above those added to them, as md's superblocks have it.
folded_sum() {
	local sum=0 word

	for word in $(od -A n -v -t u4 -j "$1" -N "$2" "$image"); do
		((sum += word)) || true
	done
	le 4 $(((sum & 0xffffffff) + (sum >> 32) & 0xffffffff))
}

# mdp_super_t of the same header: words of 32 bits, in groups of 32, at the last whole 64 KiB before the end.
md0() {
	local at=$((64 * 1024 * 1024 - 65536))

	disk 64M
	put "$at" "$(le 4 2838187772)$(le 4 0)$(le 4 90)$(le 4 0)$(le 4 0)$(le 4 286331153)$(le 4 1700000000)$(le 4 1)"
	put $((at + 32)) "$(le 4 65472)$(le 4 2)$(le 4 2)$(le 4 0)$(le 4 0)$(le 4 1)$(le 4 2)$(le 4 3)"
	# What changes: time, clean, active and working disks, and the number of events.
	put $((at + 128)) "$(le 4 1700000000)$(le 4 1)$(le 4 2)$(le 4 2)$(le 4 0)$(le 4 0)$(le 4 0)$(le 4 1)"
	# The disks: number, major, minor, place, state; this one.
	put $((at + 512)) "$(le 4 0)$(le 4 8)$(le 4 0)$(le 4 0)$(le 4 6)"
	put $((at + 640)) "$(le 4 1)$(le 4 8)$(le 4 16)$(le 4 1)$(le 4 6)"
	put $((at + 3968)) "$(le 4 0)$(le 4 8)$(le 4 0)$(le 4 0)$(le 4 6)"
	put $((at + 152)) "$(folded_sum "$at" 4096)"
}

# with_table MAKER...: and then a table that leaves room at the end.
with_table() {
	"$@"
	table dos start=2048,size=120000,type=fd
}

bcache() {
	disk 64M
	needs make-bcache
	on_loop make-bcache -B
}

members() {
	local end=$((64 * 1024 * 1024))

	image lvm2-pv 512 "whole-disk other LVM2" lvm
	image lvm2-boot-code 512 "whole-disk other LVM2" lvm_with_code
	image mbr-over-lvm2 512 "table dos/ambiguous" dos_over lvm
	image luks1 512 "whole-disk other LUKS" luks luks1
	image luks2 512 "whole-disk other LUKS" luks2
	image luks2-first-gone 512 "whole-disk other LUKS" luks2_first_gone
	image mbr-over-luks1 512 "table dos" dos_over luks luks1
	image mbr-over-luks2 512 "table dos/ambiguous" dos_over luks2
	image md-1.1 512 "whole-disk other md" md1 0 1
	image md-1.2 512 "whole-disk other md" md1 4096 2
	image md-1.0 512 "whole-disk other md" md1 $((end - 8192)) 0
	image md-0.90 512 "whole-disk other md" md0
	image md-1.2-table 512 "table dos/ambiguous" with_table md1 4096 2
	image md-1.0-table 512 "table dos/ambiguous" with_table md1 $((end - 8192)) 0
	image md-0.90-table 512 "table dos/ambiguous" with_table md0
	image swap 512 "whole-disk other swap" made 64M swap
	image swap-keeps-table 512 "table dos/ambiguous" keeps_table 64M swap
	image bcache 512 "whole-disk other bcache" bcache
}
