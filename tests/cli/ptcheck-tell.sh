#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# ptcheck tell and ptcheck forget, with real loop devices: what the kernel has afterwards, compared with the table,
# with partx and with the kernel's own scan. In the Test Anything Protocol.
#
#   ptcheck-tell.sh PTCHECK
set -uo pipefail

usage='usage: ptcheck-tell.sh PTCHECK'
ptcheck=$(realpath "${1:?$usage}")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"

devices=()

# kernel_list DEVICE: number, start and size of what the kernel has, in sectors of 512 bytes.
kernel_list() {
	local folder

	for folder in "/sys/block/${1#/dev/}"/*/partition; do
		[[ ! -e $folder ]] || (cd "${folder%/*}" && paste -d ' ' partition start size)
	done | sort -n
}

# drop DEVICE: no partition of it is left, and it is no loop device any more.
drop() {
	local number

	# Some kernels leave them when the file goes.
	while read -r number _; do
		umount "$1p$number" 2>/dev/null
		delpart "$1" "$number"
	done < <(kernel_list "$1")
	losetup -d "$1"
}

clean_up() {
	local device

	for device in "${devices[@]}"; do
		drop "$device"
	done
}

# attach NAME SECTOR-SIZE [OPTION...]: $loop is a device of the image of that name.
attach() {
	local name=$1 sector_size=$2

	shift 2
	[[ -e $name ]] || truncate -s 64M "$name"
	loop=$(losetup --show -f -b "$sector_size" "$@" "$name") && devices+=("$loop")
}

# detach: the device that was attached last goes.
detach() {
	drop "$loop"
	unset 'devices[-1]'
	loop=
	[[ ${#devices[@]} -eq 0 ]] || loop=${devices[-1]}
}

# put_table: the table that standard input describes to sfdisk, on $loop. The kernel is not told.
put_table() {
	sfdisk -q --no-reread --no-tell-kernel --wipe never "$loop" >sfdisk.log 2>&1 || cat sfdisk.log
}

# put_link SECTOR TYPE:START:SIZE...: a DOS table as no tool would write it, in a sector of 512 bytes of $loop.
put_link() {
	python3 - "$loop" "$@" <<-'END'
		import os, struct, sys
		entries = b"".join(struct.pack("<B3sB3sII", 0, b"", int(kind, 16), b"", int(start), int(size))
		    for kind, start, size in (word.split(":") for word in sys.argv[3:]))
		sector = bytes(440) + b"\x01\x02\x03\x04\0\0" + entries.ljust(64, b"\0") + b"\x55\xaa"
		device = os.open(sys.argv[1], os.O_RDWR)
		os.pwrite(device, sector, int(sys.argv[2]) * 512)
		os.fsync(device)
	END
}

# put_entries TYPE:START:SIZE...: the same of the disk itself.
put_entries() {
	put_link 0 "$@"
}

# table_list: what the kernel should have by the table of $loop, which sfdisk reads.
table_list() {
	sfdisk -d "$loop" 2>/dev/null | awk -v device="$loop" '
		/^sector-size:/ { factor = $2 / 512 }
		index($0, device "p") == 1 {
			number = substr($1, length(device) + 2)
			gsub(/[,=]/, " ")
			size = $6 * factor
			most = factor > 2 ? factor : 2
			if ($8 ~ /^(5|f|85)$/ && size > most)
				size = most
			print number, $4 * factor, size
		}' | sort -n
}

# same NAME: the kernel has of $loop what it should have.
same() {
	found=$(diff <(table_list) <(kernel_list "$loop") 2>&1)
	[[ -n $(table_list) ]] || found='there is no table'
	found_nothing "$1"
}

# printed NAME: the last command printed what standard input has, a line for a line.
printed() {
	found=$(diff - <(grep -v '^exit code ' .output) 2>&1)
	found_nothing "$1"
}

# --- what is needed

[[ $EUID -eq 0 ]] || reason='only root can'
modprobe loop 2>/dev/null
for program in losetup sfdisk partx addpart delpart blockdev; do
	command -v $program >/dev/null || reason="there is no $program"
done
if [[ -z ${reason:-} ]]; then
	if ! attach probe 512 2>errors; then
		reason="no loop device: $(head -n 1 errors)"
	elif ! addpart "$loop" 1 2048 2048 2>errors || [[ $(kernel_list "$loop") != '1 2048 2048' ]]; then
		reason="no partition of a loop device: $(head -n 1 errors)"
	fi
fi
if [[ -n ${reason:-} ]]; then
	skip "tell and forget" "$reason"
	echo "1..$count"
	exit
fi
has_nodes=
[[ ! -b ${loop}p1 ]] || has_nodes=yes
detach

# --- tables

# describe KIND: a table, for sfdisk; in sectors of the disk.
describe() {
	case $1 in
	dos)
		printf '%s\n' 'label: dos' '1: start=512,size=512' '2: start=1024,size=1024,type=7' \
			'3: start=4096,size=8192,type=5' '5: start=4352,size=1024' '6: start=5632,size=512,type=82' \
			'7: start=8192,size=4096'
		;;
	gpt)
		printf '%s\n' 'label: gpt' '1: start=2048,size=512' '2: start=2560,size=1024' '5: start=4096,size=100' \
			'128: start=8192,size=2048'
		;;
	esac
}

# own_scan KIND SECTOR-SIZE: the kernel's own scan of the same table leaves nothing to do.
own_scan() {
	cp image scanned
	attach scanned "$2" -P
	if [[ -z $(kernel_list "$loop") ]]; then
		skip "$1, $2: the kernel's own scan" "this kernel does not scan such tables"
	else
		same "$1, $2: the kernel's own scan has what tell has"
		expect 0 "$1, $2: tell after the kernel's own scan" "$ptcheck" tell "$loop"
		printed "$1, $2: nothing to do after the kernel's own scan" <<<'nothing to do'
		"$ptcheck" forget "$loop" >/dev/null
		"$ptcheck" tell "$loop" >/dev/null
		expect 0 "$1, $2: the kernel's own scan after tell" blockdev --rereadpt "$loop"
		expect 0 "$1, $2: tell after that" "$ptcheck" tell "$loop"
		printed "$1, $2: nothing to do after that" <<<'nothing to do'
	fi
	detach
}

# partx, which makes an extended partition two sectors of 512 bytes, whatever the disk's are.
like_partx() {
	local ours theirs

	ours=$(kernel_list "$loop")
	cp image theirs
	attach theirs "$2"
	partx -a "$loop" >partx.log 2>&1
	theirs=$(kernel_list "$loop")
	if [[ $1 == dos && $2 -ne 512 ]]; then
		ours=$(grep -v '^3 ' <<<"$ours")
		theirs=$(grep -v '^3 ' <<<"$theirs")
	fi
	found=$(diff <(echo "$theirs") <(echo "$ours") 2>&1)
	found_nothing "$1, $2: the same as by partx"
	expect 0 "$1, $2: tell after partx" "$ptcheck" tell "$loop"
	detach
}

for kind in dos gpt; do
	for sector_size in 512 4096; do
		rm -f image
		attach image "$sector_size"
		describe $kind | put_table
		expect 1 "$kind, $sector_size: --dry-run: there is something to do" "$ptcheck" tell --dry-run "$loop"
		cp .output planned
		[[ -z $(kernel_list "$loop") ]]
		ok "$kind, $sector_size: --dry-run changes nothing" $?
		expect 0 "$kind, $sector_size: tell" "$ptcheck" tell "$loop"
		found=$(diff <(grep -v '^exit code ' planned) <(grep -v '^exit code ' .output) 2>&1)
		found_nothing "$kind, $sector_size: --dry-run says what will be done"
		same "$kind, $sector_size: the kernel has the table's partitions"
		expect 0 "$kind, $sector_size: tell again" "$ptcheck" tell "$loop"
		printed "$kind, $sector_size: nothing to do" <<<'nothing to do'
		expect 0 "$kind, $sector_size: --dry-run: nothing to do" "$ptcheck" tell --dry-run "$loop"
		sync "$loop"
		like_partx $kind $sector_size
		own_scan $kind $sector_size
		expect 0 "$kind, $sector_size: forget" "$ptcheck" forget "$loop"
		[[ -z $(kernel_list "$loop") ]]
		ok "$kind, $sector_size: the kernel has none any more" $?
		detach
	done
done

# --- changes

rm -f image
attach image 512
describe dos | put_table
"$ptcheck" tell "$loop" >/dev/null
# The first grows into what the second has left; the second moves; 5 becomes smaller, 6 goes, and 7 becomes 6.
put_table <<END
label: dos
1: start=512,size=800
2: start=1400,size=1024,type=7
3: start=4096,size=12000,type=5
4: start=20000,size=100
5: start=4352,size=1000
6: start=8192,size=4096
END
expect 1 "changes: --dry-run" "$ptcheck" tell --dry-run "$loop"
expect 0 "changes: tell" "$ptcheck" tell "$loop"
printed "changes: only what differs, in an order that can be" <<END
remove 2: 1024 sectors at 1024
remove 6: 512 sectors at 5632
remove 7: 4096 sectors at 8192
resize 5: 1000 sectors at 4352, before 1024
resize 1: 800 sectors at 512, before 512
add 2: 1024 sectors at 1400
add 4: 100 sectors at 20000
add 6: 4096 sectors at 8192
END
same "changes: the kernel has the table's partitions"
expect 0 "changes: tell again" "$ptcheck" tell "$loop"
printed "changes: nothing to do" <<<'nothing to do'
echo '1: start=512,size=700' | sfdisk -q -N 1 --no-reread --no-tell-kernel --wipe never "$loop" >/dev/null 2>&1
"$ptcheck" tell --json --dry-run "$loop" >.output
python3 - "$loop" <<'END'
import json, sys
lines = [json.loads(line) for line in open(".output")]
assert lines == [{"device": sys.argv[1], "action": "resize", "number": 1, "start": 512 * 512, "size": 700 * 512,
    "size_before": 800 * 512, "done": False, "error": None}], lines
END
ok "--dry-run --json" $?
"$ptcheck" tell --json "$loop" >.output
python3 -c '
import json
assert [json.loads(line)["done"] for line in open(".output")] == [True]'
ok "--json" $?
expect 0 "--json, and nothing to do" "$ptcheck" tell --json "$loop"
printed "--json, and nothing to do: nothing" </dev/null

# --- numbers

before=$(kernel_list "$loop")
expect 0 "forget -n" "$ptcheck" forget -n 2:4 "$loop"
[[ $(kernel_list "$loop") == "$(grep -v '^[234] ' <<<"$before")" ]]
ok "forget -n: only those" $?
expect 0 "tell -n" "$ptcheck" tell -n 4 "$loop"
printed "tell -n: only that" <<<'add 4: 100 sectors at 20000'
expect 1 "tell --dry-run --nr M-" "$ptcheck" tell --dry-run --nr 3- "$loop"
printed "tell --dry-run --nr M-: from that on" <<<'add 3: 2 sectors at 4096'
expect 1 "forget --dry-run -n :N" "$ptcheck" forget --dry-run -n :1 "$loop"
printed "forget --dry-run -n :N: up to that" <<<'remove 1: 700 sectors at 512'
expect 0 "tell: the others" "$ptcheck" tell "$loop"
[[ $(kernel_list "$loop") == "$before" ]]
ok "tell: all are there again" $?
for range in 0 -1 3:2 : 1:2:3 x 257 ''; do
	expect 2 "-n '$range'" "$ptcheck" forget -n "$range" "$loop"
done

# --- what is in use

busy_table() {
	put_table <<-END
		label: dos
		1: start=2048,size=$1
		2: start=$2,size=20480
		3: start=60000,size=$3
	END
}
"$ptcheck" forget "$loop" >/dev/null
busy_table 4096 10240 1000
"$ptcheck" tell "$loop" >/dev/null
if [[ -z $has_nodes ]]; then
	skip "a partition in use" "no device nodes are made here"
else
	mkdir mounted
	if mkfs.ext4 -q "${loop}p2" >errors 2>&1 && mount "${loop}p2" mounted 2>>errors; then
		busy_table 2048 12288 2000
		expect 3 "a mounted partition is to move" "$ptcheck" tell --wait 100ms "$loop"
		says "$loop: partition 2 is not removed: in use" "a mounted partition: it stays, and why"
		says "partition 2 is not added: the kernel still has another one of that number" \
			"a mounted partition: the new one is not added"
		[[ $(kernel_list "$loop") == $'1 2048 2048\n2 10240 20480\n3 60000 2000' ]]
		ok "a mounted partition: the others change" $?
		touch mounted/file && sync mounted/file
		ok "a mounted partition: it works" $?
		"$ptcheck" tell --json --wait 1ms "$loop" >.output 2>errors
		python3 -c '
import json
lines = [json.loads(line) for line in open(".output")]
assert [(line["action"], line["number"], line["done"]) for line in lines] == [("remove", 2, False), ("add", 2, False)]
assert lines[0]["error"].startswith("in use") and "number" in lines[1]["error"], lines'
		ok "a mounted partition: --json" $?
		expect 3 "forget: a mounted partition" "$ptcheck" forget --wait 1ms "$loop"
		[[ $(kernel_list "$loop") == '2 10240 20480' ]]
		ok "forget: a mounted partition stays alone" $?
		# It may grow while it is mounted.
		busy_table 2048 10240 2000
		echo '2: start=10240,size=30720' |
			sfdisk -q -N 2 --no-reread --no-tell-kernel --wipe never "$loop" >/dev/null 2>&1
		expect 0 "a mounted partition grows" "$ptcheck" tell "$loop"
		says "resize 2: 30720 sectors at 10240, before 20480" "a mounted partition grows: says so"
		umount mounted
	else
		skip "a mounted partition" "no file system can be mounted: $(head -n 1 errors)"
	fi
	# Held open for a while, as udev does.
	busy_table 2048 12288 2000
	{ : >held; sleep 1; } <"${loop}p2" &
	while [[ ! -e held ]]; do
		sleep 0.05
	done
	expect 0 "a partition that is released in time" "$ptcheck" tell --wait 60s "$loop"
	same "a partition that is released in time: all has changed"
	wait
fi

# --- the lock

busy_table 4096 10240 1000
flock "$loop" sh -c ': >locked; sleep 1; echo released >>order' &
while [[ ! -e locked ]]; do
	sleep 0.05
done
"$ptcheck" tell --wait 60s "$loop" >/dev/null
echo told >>order
wait
[[ $(tr '\n' ' ' <order) == 'released told ' ]]
ok "tell waits for who has locked the disk" $?
busy_table 2048 10240 1000
expect 0 "tell goes on if its caller has locked the disk" flock "$loop" "$ptcheck" tell --wait 1ms "$loop"
says "locked by another process" "tell goes on if its caller has locked the disk: it is said"
same "tell goes on if its caller has locked the disk: it is done"

# --- a list that is cut short

attach short 512
sfdisk -q --no-reread --no-tell-kernel "$loop" <<<$'label: dos\n2048,2048,83\n4096,20480,5\n6144,2048,83\n' 2>/dev/null
expect 0 "a table with a logical partition" "$ptcheck" tell "$loop"
before=$(kernel_list "$loop")
expect 3 "tell of what was read of it" "$ptcheck" tell --max-reads 1 "$loop"
says "not all of it was read: partitions that are not listed are left as they are" "what was not read: it is said"
[[ $(wc -l <<<"$before") -eq 3 && $(kernel_list "$loop") == "$before" ]]
ok "what was not read is not removed" $?
detach

# --- tables that the kernel does not take as they are

# scanned NAME: nothing is to be done after the kernel's own scan of the table on $loop.
scanned() {
	sync "$loop"
	cp image scanned
	attach scanned 512 -P
	if [[ -z $(kernel_list "$loop") ]]; then
		skip "$1: after the kernel's own scan" "this kernel does not scan such tables"
	else
		"$ptcheck" tell --json "$loop" >.output 2>&1
		! grep -q '"action":"[^n]' .output
		ok "$1: after the kernel's own scan nothing is to be done" $?
	fi
	detach
}

"$ptcheck" forget "$loop" >/dev/null
put_entries 83:2048:4096 83:4096:4096 83:20000:1000
expect 3 "overlapping" "$ptcheck" tell "$loop"
says "partition 2 is not added: it overlaps 1, which the kernel has" "overlapping: says so"
[[ $(kernel_list "$loop") == $'1 2048 4096\n3 20000 1000' ]]
ok "overlapping: the others are there" $?
scanned overlapping
put_entries 83:2048:4096 83:100000:100000
expect 3 "behind the end of the disk" "$ptcheck" tell "$loop"
says "partition 2 is left as it is: it does not end within the disk" "behind the end of the disk: says so"
[[ $(kernel_list "$loop") == '1 2048 4096' ]]
ok "behind the end of the disk: the other is there" $?
scanned "behind the end of the disk"
"$ptcheck" forget "$loop" >/dev/null
# Two logical partitions: the first in the second sector of the extended one, which the kernel's own scan does not mind.
put_entries 5:4096:8192
put_link 4096 83:1:1000 5:2000:2000
put_link 6096 83:16:1000
expect 0 "a logical partition directly behind its table" "$ptcheck" tell "$loop"
[[ $(kernel_list "$loop") == $'1 4096 1\n5 4097 1000\n6 6112 1000' ]]
ok "a logical partition directly behind its table: all are there" $?
expect 0 "a logical partition directly behind its table: tell again" "$ptcheck" tell "$loop"
printed "a logical partition directly behind its table: nothing to do" <<<'nothing to do'
scanned "a logical partition directly behind its table"
# The chain breaks: the kernel's own scan ends there, too, but what it has already is not taken away.
dd if=/dev/zero of="$loop" bs=512 seek=6096 count=1 conv=notrunc status=none
expect 3 "a broken chain" "$ptcheck" tell "$loop"
says "partitions that are not listed are left as they are" "a broken chain: says so"
[[ $(kernel_list "$loop") == $'1 4096 1\n5 4097 1000\n6 6112 1000' ]]
ok "a broken chain: nothing is removed" $?
detach

# --- what is refused

rm -f image
attach image 512
addpart "$loop" 1 2048 2048
expect 3 "tell: an empty disk" "$ptcheck" tell "$loop"
[[ $(kernel_list "$loop") == '1 2048 2048' ]]
ok "tell: an empty disk: what the kernel has stays" $?
if mkfs.fat -I "$loop" >/dev/null 2>errors; then
	expect 3 "tell: a disk that is a FAT file system" "$ptcheck" tell "$loop"
	[[ $(kernel_list "$loop") == '1 2048 2048' ]]
	ok "tell: a disk that is a FAT file system: what the kernel has stays" $?
	describe dos | put_table
	expect 3 "tell: a disk that is ambiguous" "$ptcheck" tell "$loop"
	says "ambiguous" "tell: a disk that is ambiguous: says so"
	[[ $(kernel_list "$loop") == '1 2048 2048' ]]
	ok "tell: a disk that is ambiguous: what the kernel has stays" $?
else
	skip "tell: a disk that is a FAT file system" "mkfs.fat: $(head -n 1 errors)"
fi
dd if=/dev/zero of="$loop" bs=4096 count=1 conv=notrunc status=none
describe dos | put_table
for command in tell forget; do
	expect 3 "$command: a file" "$ptcheck" "$command" image
	says "not a block device" "$command: a file: says so"
	expect 3 "$command: a character device" "$ptcheck" "$command" /dev/null
	expect 3 "$command: no such file" "$ptcheck" "$command" nothing
	says "nothing: No such file" "$command: no such file: says so"
	if [[ -n $has_nodes ]]; then
		expect 3 "$command: a partition" "$ptcheck" "$command" "${loop}p1"
		says "a partition" "$command: a partition: says so"
	fi
	expect 3 "$command: without the right to" setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin \
		"$ptcheck" "$command" "$loop"
	says "$loop: the kernel lets nobody but root change its partitions" "$command: without the right to: says so"
	[[ $(wc -l <.output) -eq 2 && $(kernel_list "$loop") == '1 2048 2048' ]]
	ok "$command: without the right to: once, and nothing is changed" $?
	expect 3 "$command: an ordinary user" setpriv --reuid=65534 --clear-groups "$ptcheck" "$command" "$loop"
	says "$loop: Permission denied" "$command: an ordinary user: says so"
	expect 2 "$command: no device" "$ptcheck" "$command"
	expect 2 "$command: two devices" "$ptcheck" "$command" "$loop" "$loop"
done
# When the file goes, some kernels leave the partitions of a loop device without -P where they are.
expect 0 "tell: at the end" "$ptcheck" tell "$loop"
losetup -d "$loop"
expect 0 "forget: a device without a medium" "$ptcheck" forget "$loop"
[[ -z $(kernel_list "$loop") ]]
ok "forget: a device without a medium: none is left" $?
devices=()

echo "1..$count"
