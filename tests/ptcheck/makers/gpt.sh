# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# GPT. To be read by make-images.

# gpt ARGUMENT...: sgdisk's, on a new disk. It waits for a second each time, so what it made is kept for the next image.
gpt() {
	local kept

	kept=$work/$(md5sum <<<"$sector $*" | cut -c 1-32)
	needs sgdisk
	if [[ ! -f $kept ]]; then
		disk 64M
		as_device sgdisk_adds "$@"
		cp --sparse=always "$image" "$kept"
	fi
	cp --sparse=always "$kept" "$image"
}

sgdisk_adds() {
	sgdisk -U "$uuid" "$@" >/dev/null
}

gpt_plain() {
	gpt -n 1:2048:20479 -u "1:$uuid" -c 1:first -n 2:20480:40959 -t 2:8200 -u "2:${uuid/1/2}"
}

gpt_many() {
	local arguments=() i

	for ((i = 1; i <= 128; i++)); do
		arguments+=(-n "$i:$((i * 512)):$((i * 512 + 511))" -u "$i:$(be 4 "$i")${uuid:8}")
	done
	gpt -a 1 "${arguments[@]}"
}

gpt_4096() {
	gpt -n 1:256:2559 -u "1:$uuid" -n 2:2560:5119 -u "2:${uuid/1/2}"
}

last=$((64 * 1024 * 1024 - 512))

gpt_without() {
	local each

	gpt_plain
	for each; do
		case $each in
		protective) zero 0 512 ;;
		primary) zero 512 512 ;;
		primary-crc) put 528 00000000 ;;
		entries) put 1024 ffffffff ;;
		backup) zero $last 512 ;;
		backup-crc) put $((last + 16)) 00000000 ;;
		signature) put 510 0000 ;;
		esac
	done
}

gpt_4096_backup_alone() {
	gpt_4096
	zero 4096 4096
}

# The disk is a copy that is too short, or one on a larger disk.
gpt_cut() {
	gpt_plain
	truncate -s "$1" "$image"
}

# gpt_says OFFSET HEX: a field of the header, whose check sum is right again. Then the size of the header has to be.
gpt_says() {
	gpt_plain
	zero $last 512
	put "$1" "$2"
	put 528 00000000
	put 528 "$(crc 512 92)"
}

gpt_hybrid() {
	gpt -n 1:2048:20479 -u "1:$uuid" -n 2:20480:40959 -u "2:${uuid/1/2}" -h 1:2
}

# The protective entry is in the second slot, with a real one before it.
gpt_hybrid_last() {
	gpt_plain
	entry 1 80 83 2048 18432
	entry 2 00 ee 1 2047
}

gpt_active() {
	gpt_plain
	put 446 80
}

gpt_no_protective_type() {
	gpt_plain
	entry 1 00 83 2048 18432
}

# A table of DOS over it, by a tool that does not know of GPT: the backup is still there.
dos_over_gpt() {
	gpt_plain
	table dos "$one"
	[[ $1 == headers ]] || zero 512 512
}

gpt_over_fat() {
	fat 64M 16 n -s 4
	cp "$image" "$work/fat"
	gpt_plain
	# sgdisk leaves the code of sector 0.
	head -c 446 "$work/fat" | into 0
}

gpt_sfdisk() {
	disk 64M
	table gpt "start=2048,size=20480,uuid=$uuid" "start=22528,size=20480,uuid=${uuid/1/2}"
}

protective() {
	disk 64M
	put 446 000002 00 ee ffffff "$(le 4 1)" "$(le 4 131071)"
	signature
}

gpts() {
	image gpt-plain 512 "table gpt" gpt_plain
	image gpt-sfdisk 512 "table gpt" gpt_sfdisk
	image gpt-parted 512 "table gpt" made_by_parted 512 gpt first 1MiB 20MiB
	image gpt-4096 4096 "table gpt" gpt_4096
	image gpt-empty 512 "table gpt" gpt
	image gpt-128 512 "table gpt" gpt_many
	image gpt-active 512 "table gpt" gpt_active
	image gpt-hybrid 512 "table gpt" gpt_hybrid
	image gpt-hybrid-last 512 "table gpt" gpt_hybrid_last
	image gpt-primary-crc 512 "table gpt" gpt_without primary-crc
	image gpt-primary-gone 512 "table gpt" gpt_without primary
	image gpt-primary-gone-4096 4096 "table gpt" gpt_4096_backup_alone
	image gpt-backup-gone 512 "table gpt" gpt_without backup
	image gpt-entries-damaged 512 "table gpt" gpt_without entries
	image gpt-both-crc 512 "table gpt" gpt_without primary-crc backup-crc
	image gpt-both-gone 512 "table gpt" gpt_without primary backup
	image gpt-no-protective 512 "table gpt" gpt_without protective
	image gpt-no-protective-primary-gone 512 ambiguous gpt_without protective primary
	image gpt-no-signature 512 "table gpt" gpt_without signature
	image gpt-no-protective-type 512 "table dos" gpt_no_protective_type
	image gpt-cut-32m 512 "table gpt" gpt_cut 32M
	image gpt-cut-1m 512 "table gpt" gpt_cut 1M
	image gpt-cut-sector 512 "table gpt" gpt_cut 512
	image gpt-on-larger-disk 512 "table gpt" gpt_cut 96M
	image gpt-of-512-at-4096 4096 "table gpt" of_512 gpt_plain
	image gpt-of-4096-at-512 512 "table gpt" of_4096 gpt_4096
	image gpt-says-many-entries 512 "table gpt" gpt_says $((512 + 80)) ffffffff
	image gpt-says-entry-size-0 512 "table gpt" gpt_says $((512 + 84)) 00000000
	image gpt-says-entry-size-100 512 "table gpt" gpt_says $((512 + 84)) 64000000
	image gpt-says-elsewhere 512 "table gpt" gpt_says $((512 + 24)) "$(le 8 7)"
	image gpt-says-entries-outside 512 "table gpt" gpt_says $((512 + 72)) "$(le 8 99999999999)"
	image gpt-says-size-4g 512 "table gpt" gpt_says $((512 + 12)) ffffffff
	image gpt-protective-alone 512 "table gpt" protective
	image gpt-over-fat16 512 "table gpt" gpt_over_fat
	image mbr-over-gpt 512 "table dos" dos_over_gpt headers
	image mbr-over-gpt-backup 512 "table dos" dos_over_gpt backup
}
