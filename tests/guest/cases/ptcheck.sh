# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# What this kernel's own scan makes of disks, and what ptcheck tells it instead.

# kernel_list: number, start and size of the partitions that the kernel has of the disk.
kernel_list() {
	for folder in /sys/block/"$loop"/"$loop"p*; do
		[ ! -e "$folder" ] || echo "$(cat "$folder/partition") $(cat "$folder/start") $(cat "$folder/size")"
	done | sort -n
}

# attach NAME OPTION...: $loop is a device of that image.
attach() {
	image=/tmp/disks/$1.img
	shift
	loop=$(losetup -f)
	losetup "$@" "$loop" "$image" || fail "no loop device"
	loop=${loop#/dev/}
}

detach() {
	ptcheck forget "/dev/$loop" >/dev/null
	losetup -d "/dev/$loop"
}

# has LIST WHEN: the kernel has those partitions.
has() {
	output=$(kernel_list)
	[ "$output" = "$1" ] || fail "$2: not the partitions: $1"
}

# says CODE WORDS COMMAND...: the command ends like that, and says that.
says() {
	code=$1 words=$2

	shift 2
	perform "$@"
	[ "$status" -eq "$code" ] || fail "$*: exit $status"
	case $output in
	*"$words"*) ;;
	*) fail "$*: does not say $words" ;;
	esac
}

with_module loop
who=root
mkdir /tmp/disks
kernel-partitions unpack /tmp/disks </t/disks || fail "no disks"
for name in mbr-logical gpt-plain; do
	attach $name -P
	scanned=$(kernel_list)
	[ -n "$scanned" ] || fail "$name: the kernel found nothing"
	says 0 "nothing to do" ptcheck tell "/dev/$loop"
	says 0 "" ptcheck forget "/dev/$loop"
	has "" "$name: forget"
	says 1 "" ptcheck tell --dry-run "/dev/$loop"
	has "" "$name: --dry-run"
	says 0 "" ptcheck tell "/dev/$loop"
	has "$scanned" "$name: tell"
	detach
done
# mkfs.fat writes an entry for the whole disk, and this kernel takes it for a partition.
attach fat16-mbr-y -P
has "1 0 131072" "fat16-mbr-y: the kernel's scan: does it know better now?"
says 4 "whole-disk FAT16, certain (1 read, 1 sector)" ptcheck "/dev/$loop"
says 3 "there is no partition table" ptcheck tell "/dev/$loop"
says 0 "" ptcheck forget "/dev/$loop"
has "" "fat16-mbr-y: forget"
detach
# A table over a FAT: nobody can tell, and nothing is told.
attach mbr-over-fat16
says 6 "ambiguous" ptcheck "/dev/$loop"
says 3 "ambiguous" ptcheck tell "/dev/$loop"
has "" "mbr-over-fat16: tell"
detach
# The kernel does not use the copy at the end.
attach gpt-primary-gone -P
has "" "gpt-primary-gone: the kernel's scan: does it know better now?"
says 0 "" ptcheck tell "/dev/$loop"
has "1 2048 18432
2 20480 20480" "gpt-primary-gone: tell"
detach
