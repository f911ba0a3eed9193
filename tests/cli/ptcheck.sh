#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# ptcheck on disks that real tools made, on real devices, and on what cannot be read. In the Test Anything Protocol.
#
#   ptcheck.sh PTCHECK MAKE-IMAGES FUSE-FILE
#
# FUSE-FILE is a helper of the guests' cases: a file whose reads wait.
# shellcheck disable=SC2016 # for the shells that are run
set -uo pipefail

usage='usage: ptcheck.sh PTCHECK MAKE-IMAGES FUSE-FILE'
ptcheck=$(realpath "${1:?$usage}")
make_images=$(realpath "${2:?$usage}")
fuse_file=$(realpath "${3:?$usage}")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"
export PATH=$PATH:/usr/sbin:/sbin

devices=()
clean_up() {
	local device

	for device in "${devices[@]}"; do
		losetup -d "$device"
	done
}

# attach IMAGE [OPTION...]: $loop is a device of it, which udev, where it runs, has looked at.
attach() {
	loop=$(losetup --show -f "${@:2}" "$1" 2>/dev/null) && devices+=("$loop") || return
	! command -v udevadm >/dev/null || udevadm settle --timeout 5 2>/dev/null || true
}

detach() {
	losetup -d "$loop"
	unset 'devices[-1]'
}

"$make_images" images >.output 2>&1
ok "the images are made" $?
while IFS=$'\t' read -r name reason; do
	skip "$name" "$reason"
done <images/skipped

# --- the verdict of each image

# verdict OPTION... IMAGE: in the words of the list.
verdict() {
	"$ptcheck" "$@" 2>/dev/null | sed -n '1{s/^[^:]*: //; s/ ([^)]*)$//; s/, certain$//; s/, likely$//; p}'
}

while IFS=$'\t' read -r name sector expected thorough; do
	got=$(verdict -S "$sector" "images/$name")
	# Of no bytes nothing is said but the error.
	[[ ${got:-unreadable} == "$expected" ]] || found+=$'\n'"$name: $got, expected $expected"
	got=$(verdict --thorough -S "$sector" "images/$name")
	[[ ${got:-unreadable} == "$thorough" ]] || found+=$'\n'"$name: thorough: $got, expected $thorough"
done <images/list
found_nothing "each of $(wc -l <images/list) images has its verdict, also if they are read thoroughly"

while IFS=$'\t' read -r name sector _; do
	"$ptcheck" --json -S "$sector" "images/$name" 2>/dev/null
done <images/list >all.json
python3 - >.output 2>&1 <<'END'
import json
lines = [json.loads(line) for line in open("all.json")]
assert lines
for line in lines:
    known = line["verdict"] in ("table", "whole-disk")
    assert (line["kind"] is not None) == known, line
    assert len(line["readings"]) == (2 if line["verdict"] == "ambiguous" else 1 if known else 0), line
    assert line["reads"] <= 3, line
    assert line["checks"] or line["sectors"] <= 1, line
    # Who is certain has no check of its own reading that failed.
    if line["verdict"] == "table" and line["confidence"] == "certain":
        assert not [check for check in line["checks"] if check["reading"] == line["kind"] and check["outcome"] == "failed"
            and check["check"] != "entries"], line
# One sector of what is ordinary. Not every image can be made everywhere.
def reads(name):
    return [(line["reads"], line["sectors"]) for line in lines if line["device"].endswith("/" + name)]
for name in ("mbr-one.img", "mbr-four.img", "mbr-logical.img", "fat16-mbr-y.img", "fat32-mbr-n.img", "fat.img", "ntfs.img",
        "exfat.img", "sun.img", "mbr-one-4096.img"):
    assert set(reads(name)) <= {(1, 1)}, (name, reads(name))
for name in ("gpt.img", "gpt-plain.img", "gpt-4096.img"):
    assert all(count == 2 for count, sectors in reads(name)), (name, reads(name))
END
ok "the JSON of each is whole, no verdict takes more than 3 reads, one of an ordinary disk 1 sector" $?

# --- exit codes

expect 0 "exit code: a table" "$ptcheck" images/mbr-one.img
expect 1 "exit code: nothing that is known" "$ptcheck" images/noise.img
expect 4 "exit code: a whole disk" "$ptcheck" images/fat.img
expect 5 "exit code: empty" "$ptcheck" images/zeros.img
expect 6 "exit code: ambiguous" "$ptcheck" images/mbr-over-fat16.img
says "  either table dos: " "ambiguous: the one reading"
says "  or whole-disk FAT16: " "ambiguous: the other"
expect 0 "exit code: several tables" "$ptcheck" images/mbr-one.img images/gpt.img
expect 7 "exit code: several disks that are not the same" "$ptcheck" images/mbr-one.img images/fat.img images/gpt.img
expect 3 "exit code: one cannot be opened" "$ptcheck" images/mbr-one.img missing images/gpt.img
says "ptcheck: missing: No such file or directory" "which one, and why"
says "images/gpt.img: table gpt" "the others are judged"
expect 3 "a folder is refused" "$ptcheck" images
says "neither a disk nor an image" "a folder: why"
expect 3 "a character device is refused" "$ptcheck" /dev/zero
expect 2 "no device" "$ptcheck"
expect 2 "a sector size that there is none of" "$ptcheck" -S 1000 images/fat.img
says "512, 1024, 2048 or 4096" "which there are"
expect 2 "--export of several" "$ptcheck" --export images/fat.img images/gpt.img
expect 2 "two forms of output" "$ptcheck" --export --json images/fat.img
expect 2 "standard input, twice" "$ptcheck" - -
expect 3 "an image of no bytes" "$ptcheck" images/nothing.img
says "of no size" "an image of no bytes: why"
expect 3 "a device that is not to be opened" "$ptcheck" /dev/ptmx
says "neither a disk nor an image" "a terminal: why"

# --- what it prints

expect 6 "--explain" "$ptcheck" --explain images/mbr-over-fat16.img
matches '^  as dos:$' "--explain: by reading"
matches '^    yes  boot-indicators +at 446 +00 00 00 00$' "--explain: a check that passed"
matches '^    NO   partition-begins +at 1048576 +with nothing that is known$' "--explain: one that failed"
expect 4 "--explain of a cut FAT" "$ptcheck" --explain images/fat16-cut-1m.img
matches '^    NO   size .* more than the disk has$' "--explain: what is wrong with it"
expect 0 "--export" "$ptcheck" --export images/gpt.img
echo "PTCHECK_VERDICT=table PTCHECK_KIND=gpt PTCHECK_NAME=gpt PTCHECK_CONFIDENCE=certain" >expected
[[ $(grep PTCHECK .output | xargs) == "$(cat expected)" ]]
ok "--export: what it prints" $?
printf '\033[31m' | cat - images/fat.img >$'\033[31mname'
"$ptcheck" $'\033[31mname' >.output 2>&1
matches '^\\x1b\[31mname: ' "a name cannot speak to the terminal"

# --- how much is read

expect 0 "--max-reads 1 of a GPT" "$ptcheck" --max-reads 1 images/gpt.img
says "table gpt, likely (1 read, 1 sector)" "--max-reads 1: what can be said"
expect 6 "--max-reads 1 of both" "$ptcheck" --max-reads 1 images/mbr-over-fat16-ext-inside.img
expect 0 "and with all reads" "$ptcheck" images/mbr-over-fat16-ext-inside.img
expect 1 "--max-reads 1 of a disk whose first sector is zero" "$ptcheck" --max-reads 1 images/zeros.img
says "unknown, likely (1 read, 1 sector)" "nothing is empty that was not read"
expect 3 "list --max-reads 1 of a chain" "$ptcheck" list --max-reads 1 images/mbr-logical.img
says "not all of it was read" "list: it is said that the list is short"

# --- pipes

head -c 512 images/mbr-one.img | "$ptcheck" - >.output 2>&1
says "-: table dos, likely (1 read, 1 sector)" "a pipe of one sector: likely, since nothing says how large the disk is"
head -c 512 images/mbr-one.img | "$ptcheck" --size 64M - >.output 2>&1
says "-: table dos, certain (1 read, 1 sector)" "--size says it"
head -c 512 images/mbr-one.img | "$ptcheck" --size 32M - >.output 2>&1
says "-: table dos, likely" "--size: too small for its entries"
head -c 1024 images/gpt.img | "$ptcheck" - >.output 2>&1
says "-: table gpt, likely" "a pipe of the header of a GPT"
head -c 17408 images/gpt.img | "$ptcheck" - >.output 2>&1
says "-: table gpt, certain" "a pipe of the first sectors of a GPT"
"$ptcheck" - <images/gpt.img >.output 2>&1
says "-: table gpt, certain (2 reads" "standard input that is a file"
printf x | "$ptcheck" - >.output 2>&1
[[ $? -eq 3 ]]
ok "a pipe of a byte" $?
says "the pipe ended after 1 bytes" "a pipe of a byte: why"
mkfifo fifo
cat images/sun.img >fifo 2>/dev/null &
expect 0 "a FIFO" timeout 20 "$ptcheck" fifo
says "fifo: table sun" "a FIFO: its verdict"

# --- list

"$ptcheck" list -b -g -r -o NR,START,END,SECTORS,SIZE,UUID,SCHEME,TYPE images/mbr-logical.img >.output 2>&1
partx -b -g -r -o NR,START,END,SECTORS,SIZE,UUID,SCHEME,TYPE images/mbr-logical.img | diff - .output >difference
ok "list: as partx lists a table with logical partitions" $?
for image in gpt gpt-plain gpt-128 mbr-four mbr-one atari-primary; do
	diff <(partx -b -g -r -o NR,START,END,SECTORS,SIZE,NAME,UUID,SCHEME,FLAGS,TYPE "images/$image.img") \
		<("$ptcheck" list -b -g -r -o NR,START,END,SECTORS,SIZE,NAME,UUID,SCHEME,FLAGS,TYPE "images/$image.img") >>difference ||
		found+=$'\n'$image$(cat difference)
done
found_nothing "list: as partx lists others"
if [[ -f images/gpt-4096.img ]]; then
	diff <(partx -S 4096 -b -g -r -o NR,START,SECTORS images/gpt-4096.img) \
		<("$ptcheck" list -b -g -r -o NR,START,SECTORS images/gpt-4096.img) >.output
	ok "list: an image of 4096-byte sectors, without being told" $?
else
	skip "list: an image of 4096-byte sectors" "it could not be made"
fi
expect 0 "list -n" "$ptcheck" list -g -n 5:6 -o nr images/mbr-logical.img
matches '^ *6$' "list -n: the last"
says_not 7 "list -n: none behind it"
expect 0 "list --pairs" "$ptcheck" list --pairs images/gpt.img
for columns in NR,START,END,SECTORS,NAME,UUID NR,TYPE; do
	diff <(partx -P -o $columns images/gpt.img) <("$ptcheck" list --pairs -o $columns images/gpt.img) >.output
	ok "list --pairs -o $columns: as partx prints them" $?
done
expect 0 "list --json" "$ptcheck" list --json images/mbr-logical.img
python3 -c '
import json
table = json.loads(open(".output").readline())
assert table["scheme"] == "dos" and table["uuid"] == "12345678" and table["fault"] is None, table
assert [p["number"] for p in table["partitions"]] == [1, 2, 5, 6, 7], table
assert table["partitions"][1]["remarks"] == ["extended"] and table["partitions"][2]["start"] == 24576 * 512, table'
ok "list --json: what is in it" $?
expect 3 "list: a chain that comes back" "$ptcheck" list images/mbr-chain-loops.img
says "comes back to itself" "list: it is said"
expect 3 "list: a chain that leaves the disk" "$ptcheck" list images/mbr-chain-outside.img
expect 0 "list: what is wrong with a partition" "$ptcheck" list -g -o nr,remarks images/mbr-beyond-end.img
matches '2 outside-disk$' "list: outside"
expect 0 "list: overlapping" "$ptcheck" list -g -o nr,remarks images/mbr-overlapping.img
matches '1 overlaps$' "list: overlaps"
expect 0 "list: the second copy of a GPT" "$ptcheck" list images/gpt-primary-gone.img
says "the one at the end, which the kernel does not use" "list: it is said"
expect 3 "list: a FAT has none" "$ptcheck" list images/fat16-mbr-y.img
says "whole-disk FAT16: there is no partition table" "list: why"
expect 3 "list: what is ambiguous is not listed" "$ptcheck" list images/mbr-over-fat16.img
says "see ptcheck --explain, and --as" "list: what is to be done"
expect 0 "list --as" "$ptcheck" list -g -o start --as dos images/mbr-over-fat16.img
matches '^ *2048$' "list --as: its partition"
expect 3 "list --as what it is not" "$ptcheck" list --as gpt images/mbr-one.img

# --- devices: what the kernel read for it, and what cannot be read

# reads: how often the device was read, and how many sectors.
reads() {
	awk '{ print $1, $3 }' "/sys/block/${loop#/dev/}/stat"
}

# device_verdict IMAGE SECTOR: of a device of it, and whether the kernel read as much as was said.
device_verdict() {
	local before=() after=() said

	attach "images/$1" -b "$2" || return 77
	read -ra before < <(reads)
	said=$("$ptcheck" --json "$loop" 2>&1)
	read -ra after < <(reads)
	"$ptcheck" "$loop" >.device 2>&1
	detach
	python3 - "$2" "$said" "${before[@]}" "${after[@]}" <<-'END'
		import json, sys
		size, said, reads, sectors, reads_after, sectors_after = sys.argv[1:]
		said = json.loads(said)
		assert said["reads"] == int(reads_after) - int(reads), sys.argv
		assert said["sectors"] * int(size) // 512 == int(sectors_after) - int(sectors), sys.argv
	END
}

if ! attach images/gpt.img; then
	skip "devices" "no loop device here"
	echo "1..$count"
	exit
fi
detach
for image in gpt-plain:512 gpt-4096:4096 mbr-one:512 mbr-one-4096:4096 fat32-mbr-n:512 fat16-mbr-y-4096:4096 zeros:512 \
	mbr-over-fat16:512 sun:512 mbr-over-fat32:512; do
	name=${image%:*}.img sector=${image#*:}
	device_verdict "$name" "$sector" >>.output 2>&1 || found+=$'\n'"$name: $(cat .output)"
	[[ $(cut -d : -f 2- .device) == "$("$ptcheck" -S "$sector" "images/$name" | cut -d : -f 2-)" ]] ||
		found+=$'\n'"$name: $(cat .device)"
done
found_nothing "devices have the verdicts of their images, and the kernel reads as much as is said"

attach images/mbr-of-512-at-4096.img -b 4096
expect 0 "a device of 4096 bytes with a table that counts in 512" "$ptcheck" list -g -o sectors -S 512 "$loop"
matches '^ *126976$' "it is read in its own sectors, and counted in those"
detach

# The file behind the device becomes shorter: the kernel cannot read what was there.
cp --sparse=always images/gpt-plain.img shrinks.img
attach shrinks.img
truncate -s 512 shrinks.img
expect 0 "an I/O error in the header of a GPT" timeout 20 "$ptcheck" "$loop"
says "ptcheck: $loop: bytes 512 to 4607: Input/output error" "what could not be read is said"
says "table gpt, likely" "and what is left is judged"
says "no header of a GPT could be read" "and why it is no more than likely"
truncate -s 0 shrinks.img
expect 3 "an I/O error in each sector" timeout 20 "$ptcheck" "$loop"
says "$loop: unreadable (" "nothing can be said"
says "not read, after three errors before it" "it is not tried for ever"
expect 3 "list: an I/O error" timeout 20 "$ptcheck" list "$loop"
detach
cp --sparse=always images/gpt-plain.img shrinks.img
attach shrinks.img
dd if=/dev/zero of=shrinks.img bs=512 count=2 conv=notrunc status=none
truncate -s 40000000 shrinks.img
expect 3 "an I/O error where a copy may be" timeout 20 "$ptcheck" "$loop"
says "unreadable" "nothing is empty that was not read"
detach
attach images/mbr-one.img
expect 0 "a device with its own size" "$ptcheck" --size 128M "$loop"
detach

# --- a device that does not answer, and one that goes: of a file whose reads wait

# on_waiting COMMAND: with $loop, a device of that file; gone is a function that ends who answers for the file, after which
# all that waits gets an error.
on_waiting() {
	mkdir -p mount
	"$fuse_file" -w mount images/gpt.img images/gpt.img bash -c '
		gone() { pkill -P $PPID -x fuse-file; }
		loop=$(losetup --show -f mount/program) || exit 77
		'"$1"'
		status=$?
		gone
		losetup -d "$loop"
		exit $status' bash "$work/ptcheck-waits" >.output 2>&1
}
cp "$ptcheck" ptcheck-waits

if ! on_waiting true; then
	skip "a device that does not answer" "no FUSE here: $(tail -n 1 .output)"
	echo "1..$count"
	exit
fi
started=$(date +%s%N)
on_waiting '"$1" --timeout 0.5 "$loop"'
status=$?
took=$((($(date +%s%N) - started) / 1000000))
echo "exit code $status after $took ms" >>.output
[[ $status -eq 3 && $took -ge 1500 && $took -lt 15000 ]]
ok "a device that does not answer: each of three reads is waited for as long as was said" $?
says "bytes 0 to 511: the device did not answer" "a device that does not answer: what it was asked for"
says "unreadable (3 reads, 0 sectors)" "a device that does not answer: the verdict"
on_waiting 'said=$(timeout 10 "$1" --timeout 0.5 "$loop" 2>&1); echo "after the timeout: $said"; true'
says "unreadable (3 reads" "a device that does not answer: who reads the output does not wait for it"
on_waiting '"$1" --timeout 20 "$loop" & until [[ -e mount/waiting ]]; do sleep 0.05; done; gone; wait $!'
[[ $? -eq 3 ]]
ok "a device that goes while it is read" $?
matches "bytes 0 to 511: (Input/output error|No such device|Transport endpoint)" "a device that goes: it is said"
says "unreadable" "a device that goes: nothing can be said"
for ((i = 0; i < 100; i++)); do
	left=$(pgrep -x ptcheck-waits) || break
	sleep 0.1
done
echo "$left" >.output
[[ -z $left ]]
ok "nothing that waited is left once the device is gone" $?
echo "1..$count"
