# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154
# The tables of other systems. To be read by make-images.

# made_by_parted SECTOR LABEL PARTITION...
made_by_parted() {
	local label=$2

	needs parted
	disk 64M
	export PARTED_SECTOR_SIZE=$1
	shift 2
	parted -s "$image" mklabel "$label" ${1:+mkpart "$@"}
}

sun_bad_sum() {
	disk 64M
	table sun start=0,size=20480
	put 508 0000
}

amiga_elsewhere() {
	local block

	made_by_parted 512 amiga first 1MiB 20MiB
	for ((block = 0; block < 16; block++)); do
		[[ $(get $((block * 512)) 4) -ne 1263748178 ]] || break
	done
	# Its first 16 blocks are where it may be; it does not name itself.
	dd if="$image" of="$image" bs=512 skip=$block seek=15 count=1 conv=notrunc status=none
	zero $((block * 512)) 512
}

amiga_bad_sum() {
	made_by_parted 512 amiga first 1MiB 20MiB
	put 1032 00000001
}

mac_without_driver() {
	made_by_parted 512 mac first 1MiB 20MiB
	zero 0 512
}

other_label() {
	disk 64M
	table "$@"
}

other_tables() {
	image sun-sfdisk 512 "table sun" other_label sun start=0,size=20480,type=83 start=32130,size=20480,type=82
	image sun-parted 512 "table sun" made_by_parted 512 sun ext2 8MiB 24MiB
	image sun-bad-sum 512 unknown sun_bad_sum
	image sgi-sfdisk 512 "table sgi" other_label sgi start=4096,size=20480,type=83
	image dvh-parted 512 "table sgi" made_by_parted 512 dvh primary 4MiB 20MiB
	image bsd-parted 512 "table bsd" made_by_parted 512 bsd ext2 1MiB 20MiB
	image amiga-parted 512 "table amiga" made_by_parted 512 amiga first 1MiB 20MiB
	image amiga-block-15 512 "table amiga" amiga_elsewhere
	image amiga-bad-sum 512 unknown amiga_bad_sum
	image mac-parted 512 "table mac" made_by_parted 512 mac first 1MiB 20MiB
	image mac-no-driver-block 512 unknown mac_without_driver
	image atari-parted 512 "table atari" made_by_parted 512 atari primary 1MiB 20MiB
}
