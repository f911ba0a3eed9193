#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# ramswap import: the public cases of zram-generator, with our answers beside; zram-tools; what has no counterpart; and
# the file that it writes. In the Test Anything Protocol.
#
#   ramswap-import.sh RAMSWAP CASES
#   ZRAM_GENERATOR=FILE   that program is the peer (default: the installed one)
set -uo pipefail

ramswap=$(realpath "${1:?usage: ramswap-import.sh RAMSWAP CASES}")
cases=$(realpath "${2:?usage: ramswap-import.sh RAMSWAP CASES}")
peer=${ZRAM_GENERATOR:-/usr/lib/systemd/system-generators/zram-generator}
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"

# --- zram-generator's cases
number=0
for case in "$cases"/*/; do
	name=$(basename "$case")
	number=$((number + 1))
	"$ramswap" import --root "$case" >out 2>notes
	status=$?
	diff -u "$case/expected.conf" out >.output && diff -u "$case/expected.notes" notes >>.output && [[ $status -eq 0 ]]
	ok "$name: our answer" $?
	[[ $(cat "$case/swaps") ]] && use=yes || use=no
	grep -qx "use = $use" out
	ok "$name: zram is used if zram-generator makes swap" $?
	if [[ ! -x $peer ]]; then
		skip "$name: zram-generator makes that" "zram-generator is not installed"
		continue
	fi
	# It changes nothing outside of that folder, but needs one that it may write to. An older one does not know programs.
	cp -r "$case" root
	rm -rf units && mkdir units
	ZRAM_GENERATOR_ROOT=$work/root "$peer" "$work/units" >.output 2>&1
	made=$(find units -maxdepth 1 -name 'dev-*.swap' | sed 's/.*dev-\(.*\)\.swap/\1/' | sort | tr '\n' ' ')
	echo "made: $made" >>.output
	if [[ ! $made && $(cat "$case/swaps") ]] && grep -q 'set!' "$case"/etc/systemd/zram-generator.conf 2>/dev/null; then
		skip "$name: zram-generator makes that" "this zram-generator does not know set!"
	else
		[[ ${made% } == "$(cat "$case/swaps")" ]]
		ok "$name: zram-generator makes that" $?
	fi
	rm -rf root
done
[[ $number -eq 12 ]]
ok "all twelve folders of the eleven cases" $?

# --- machines of our own: machine NAME, then files below it
machine() {
	root=$work/$1
	mkdir -p "$root/proc" "$root/etc/systemd" "$root/etc/default"
	echo 'MemTotal:        8013220 kB' >"$root/proc/meminfo"
	echo "${2-quiet}" >"$root/proc/cmdline"
}

# generator CONFIGURATION: what zram-generator was told.
generator() {
	rm -rf "$work/generator"
	machine generator
	printf '%b' "$1" >"$root/etc/systemd/zram-generator.conf"
}

# setting CONFIGURATION LINE: it becomes this line of ramswap.conf; no LINE: no such setting is there.
setting() {
	generator "$1"
	"$ramswap" import --root "$root" >.output 2>&1
	grep -qxF "$2" .output
	ok "${1//$'\n'/ } gives $2" $?
}

# note CONFIGURATION TEXT: this is said of it.
note() {
	generator "$1"
	expect 0 "${1//$'\n'/ }" "$ramswap" import --root "$root"
	says "ramswap: /etc/systemd/zram-generator.conf:$2" "it says: $2"
}

# broken CONFIGURATION TEXT: zram-generator would not take it.
broken() {
	generator "$1"
	expect 3 "${1//$'\n'/ }" "$ramswap" import --root "$root"
	says "ramswap: /etc/systemd/zram-generator.conf:$2" "it says: $2"
}

setting '[zram0]\nzram-size = ram' 'size = ram'
setting '[zram0]\nzram-size = " ram / 4 "' 'size = ram / 4'
setting '[zram0]\nzram-size:7*5%3' 'size = 7*5%3'
setting '[zram0]\nzram-fraction = 0.25' 'size = min(ram * 0.25, 4096)'
setting '[zram0]\nmax-zram-size = none' 'size = ram * 0.5'
setting '[zram0]\nmax-zram-size = 0\n[zram1]' 'size = min(ram / 2, 4096)'
setting '[zram3]\nzram-size = 1\n[zram1]\nzram-size = 2\n[zram2]\nzram-size = 3' 'size = (2) + (3) + (1)'
setting '[zram0]\nzram-resident-limit = ram/8' 'limit = ram/8'
setting '[zram0]\nzram-resident-limit=1\n[zram1]\nzram-resident-limit=2' 'limit = (1) + (2)'
setting '[zram0]\ncompression-algorithm = zstd(level=3, dict=/etc/d)' 'algorithm = zstd(level=3,dict=/etc/d)'
setting '[zram0]\ncompression-algorithm = lz4 zstd(level=9)(type=huge)' 'recompression = zstd(level=9)'
setting '[zram0]\nswap-priority = 32767' 'priority = 32767'
setting '[zram0]\nwriteback-device = /dev/vdb' 'writeback = /dev/vdb'
setting '[zram0]\nzram-size = 0' 'use = no'
setting '[zram0]\nfs-type = swap' 'use = yes'
setting '[zram00]\n' 'use = yes'
setting '[other]\nzram-size = 1\n' 'use = no'
note '[zram0]\nzram-size = log(ram)' '2: zram-size = log(ram): left out, the plan decides: column 1: no such function: log'
note '[zram0]\nzram-size = 4G' '2: zram-size = 4G: left out, the plan decides: column 1: sizes are in MiB'
note '[zram0]\nzram-size = 0' '2: 0: that is 0 here, so zram0 is not made'
note '[zram0]\nzram-size = 1\nzram-fraction = .1' '2: zram-size = 1: zram-fraction and max-zram-size come before it'
note '[zram0]\nzram-resident-limit = 0' '2: zram-resident-limit = 0: no limit: ramswap always sets one'
note '[zram0]\nzram-resident-limit=1\n[zram1]' '2: zram-resident-limit: left out, the plan decides: not all of the devices have one'
note '[zram0]\n[zram7]' '2: zram7: ramswap sets up one device, as large as all, with the keys of zram0'
note '[zram0]\ncompression-algorithm = a b c' '2: compression-algorithm: c: left out'
note '[zram0]\ncompression-algorithm = lz4 (type=huge)' '2: compression-algorithm: (type=huge) is for every recompression'
note '[zram0]\ncompression-algorithm = lz4 zstd(level' '2: compression-algorithm = lz4 zstd(level: left out'
note '[zram0]\ncompression-algorithm = lz4 zstd' '2: compression-algorithm: zstd is for pages that are compressed again'
note '[zram0]\nswap-priority = -1' '2: swap-priority = -1: behind every other swap'
note '[zram0]\noptions = discard,pri=3' '2: options: pri=3: left out'
note '[zram0]\noptions =' '2: options = : without discard'
note '[zram0]\nmount-point = /x' '2: mount-point = /x: zram0 is no swap'
note '[zram0]\nmemory-limit = 5' '2: host-memory-limit = 5: this machine has 7825 MiB, so zram0 is not made'
note '[zram0]\nwriteback-device = /dev/x' '2: writeback-device = /dev/x: zram-generator names it to the kernel'
note '[zram0]\nsize = 5' '2: size: not a key of zram-generator: left out'
note 'size = 5\n[zram0]' '1: size: outside of a section: left out'
note '[disk0]\nsize = 5' '1: [disk0]: not a device of zram-generator: left out'
note 'set!x = echo 5\n[zram0]\nzram-size = x' '1: set!x = echo 5: a program, which is not run'
note "[zram0]\nzram-size = $(printf '1+%.0s' {1..90})1\n[zram1]" '3: zram1: '
says "zram-size = (1+1+" "it says that the sum is left out"
says "too long for a line of ramswap.conf" "it says why"
broken '[zram0]\nhost-memory-limit = 1.5' '2: host-memory-limit = 1.5: zram-generator wants a number of MiB, or none'
broken '[zram0]\nzram-fraction = -1' '2: zram-fraction = -1: zram-generator wants a number of at least 0'
broken '[zram0]\nmax-zram-size = all' '2: max-zram-size = all: zram-generator wants a number of MiB, or none'
broken '[zram0]\nswap-priority = 32768' '2: swap-priority = 32768: zram-generator wants a number from -1 to 32767'
broken '[zram0\n' '1: a section ends with ]'
broken '[zram0]\nnonsense' '2: neither [section] nor NAME = VALUE nor a comment'
broken "$(printf '[zram%d]\n' {0..32})" '33: more than 32 devices'
generator 'set!x = touch '"$work"'/was-run\n[zram0]\nzram-size = x'
"$ramswap" import --root "$root" >.output 2>&1
[[ ! -e $work/was-run ]]
ok "no program of a configuration is run" $?

# --- where zram-generator's files are
machine order
for folder in usr/lib usr/local/lib etc run; do
	mkdir -p "$root/$folder/systemd/zram-generator.conf.d"
	printf '[zram0]\nzram-size = 1 ; %s\n' "$folder" >"$root/$folder/systemd/zram-generator.conf"
	printf '[zram0]\nswap-priority = %d\n' ${#folder} >"$root/$folder/systemd/zram-generator.conf.d/50-x.conf"
done
sed -i 's/= 1/= 4/' "$root/run/systemd/zram-generator.conf"
expect 0 "files in all four folders" "$ramswap" import --root "$root"
says "size = 4" "the main file of /run comes first"
says "priority = 3" "the fragment of /run, too"
rm "$root/run/systemd/zram-generator.conf" && ln -s /dev/null "$root/run/systemd/zram-generator.conf"
rm "$root/run/systemd/zram-generator.conf.d/50-x.conf"
ln -s /dev/null "$root/run/systemd/zram-generator.conf.d/50-x.conf"
expect 1 "links to /dev/null hide all of them" "$ramswap" import --root "$root"
says "neither zram-generator nor zram-tools has a configuration here" "it says that there is none"

# --- zram-tools
# tools CONFIGURATION: what zram-tools was told.
tools() {
	rm -rf "$work/tools"
	machine tools
	printf '%b' "$1" >"$root/etc/default/zramswap"
	expect 0 "zram-tools: ${1//$'\n'/ }" "$ramswap" import --root "$root"
}
tools '#ALGO=zstd\n'
says "size = 256" "without anything it is 256 MiB"
says "algorithm = lz4" "and lz4"
says_not "priority" "and no priority"
tools 'ALGO=zstd\nPERCENT="60"\nSIZE=512 # unused\nexport PRIORITY='"'7'"'\r\n'
says "algorithm = zstd" "ALGO"
says "size = ram * 60 / 100" "PERCENT"
says "priority = 7" "PRIORITY"
says "/etc/default/zramswap:3: SIZE = 512: PERCENT comes before it" "SIZE is told of"
tools 'SIZE=512\nSIZE=1024'
says "size = 1024" "the last one counts"
# The shell's text is meant as it is.
# shellcheck disable=SC2016
tools 'SIZE=$((512 * 2))\nif true; then\nCORES=4\nALGO=`echo lz4`\nPERCENT=a\nPRIORITY=99999'
says "zramswap:1: SIZE: a shell has to expand it, and none is run: left out" "no shell is run"
says "zramswap:2: if true; then: a command of the shell, which is not run: left out" "no command is, either"
says "zramswap:3: CORES: not a setting of zram-tools: left out" "an unknown setting is told of"
says "zramswap:4: ALGO: a shell has to expand it" "and backquotes"
says "zramswap:5: PERCENT = a: no number of percent: left out, the plan decides" "and what is no number"
says "zramswap:6: PRIORITY = 99999: left out, the plan decides: priority = 99999: it is a number from 0 to 32767" \
	"and what is too large"
says "zram-tools sets up no swap when this machine starts" "a unit that is not enabled is told of"
mkdir -p "$root/etc/systemd/system/multi-user.target.wants" "$root/usr/lib/systemd/system"
touch "$root/usr/lib/systemd/system/zramswap.service"
ln -s /usr/lib/systemd/system/zramswap.service "$root/etc/systemd/system/multi-user.target.wants"
expect 0 "enabled" "$ramswap" import --root "$root"
says "turn it off: systemctl disable zramswap.service" "it says how to turn it off"
ln -s /dev/null "$root/etc/systemd/system/zramswap.service"
expect 0 "masked" "$ramswap" import --root "$root"
says "zram-tools sets up no swap when this machine starts" "it says that nothing is to be turned off"
rm "$root/etc/systemd/system/zramswap.service" "$root/etc/default/zramswap"
expect 0 "enabled, without a configuration" "$ramswap" import --root "$root"
says "size = 256" "it has zram-tools' defaults"

# --- both
printf '[zram0]\n' >"$root/etc/systemd/zram-generator.conf"
touch "$root/etc/default/zramswap"
expect 0 "both" "$ramswap" import --root "$root"
says "size = min(ram / 2, 4096)" "zram-generator's counts"
says "/etc/default/zramswap: left out: zram-generator has a configuration, too" "it says so"
says "zram-generator sets up no swap when this machine starts" "the generator is not installed"
mkdir -p "$root/usr/lib/systemd/system-generators" "$root/etc/systemd/system-generators"
touch "$root/usr/lib/systemd/system-generators/zram-generator"
expect 0 "both, installed" "$ramswap" import --root "$root"
says "ln -s /dev/null /etc/systemd/system-generators/zram-generator" "it says how to turn the generator off"
ln -s /dev/null "$root/etc/systemd/system-generators/zram-generator"
expect 0 "that way" "$ramswap" import --root "$root"
says "zram-generator sets up no swap when this machine starts" "it is off"

# --- machines that are none
machine bare
rmdir "$root/etc/systemd" "$root/etc/default"
expect 1 "none of them" "$ramswap" import --root "$root"
mkdir -p "$root/etc/systemd"
printf '[zram0]\n' >"$root/etc/systemd/zram-generator.conf"
chmod o+w "$root/etc/systemd/zram-generator.conf"
expect 3 "a file that everybody may write" "$ramswap" import --root "$root"
says "everybody may write it" "it says so"
chmod o-w "$root/etc/systemd/zram-generator.conf"
for memory in '' 'MemFree: 5 kB' 'MemTotal: x kB' 'MemTotal: 99999999999999999999 kB' 'MemTotal: 5 MB'; do
	echo "$memory" >"$root/proc/meminfo"
	expect 3 "meminfo: \"$memory\"" "$ramswap" import --root "$root"
	says "ramswap: /proc/meminfo: " "it says so"
done
rm "$root/proc/meminfo"
expect 3 "no meminfo" "$ramswap" import --root "$root"
expect 3 "no such root" "$ramswap" import --root "$work/nowhere"
says "nowhere: No such file or directory" "it says so"

# --- usage, and the file
expect 2 "an argument" "$ramswap" import zram0
expect 2 "--force alone" "$ramswap" import --force
generator '[zram0]\nzram-size = ram / 3'
"$ramswap" import --root "$root" >printed 2>/dev/null
expect 0 "--write" "$ramswap" import --root "$root" --write
cmp printed "$root/etc/ramswap.conf" >.output 2>&1
ok "the file has what is printed otherwise" $?
[[ $(stat -c %a "$root/etc/ramswap.conf") == 644 ]]
ok "all may read it" $?
echo '# mine' >"$root/etc/ramswap.conf"
expect 4 "--write again" "$ramswap" import --root "$root" --write
says "/etc/ramswap.conf: it is there, and was left as it is: --force replaces it" "it says so"
[[ $(cat "$root/etc/ramswap.conf") == '# mine' ]]
ok "the file is as it was" $?
expect 0 "--write --force" "$ramswap" import --root "$root" --write --force
cmp printed "$root/etc/ramswap.conf" >.output 2>&1
ok "the file was replaced" $?
rm "$root/etc/ramswap.conf" && ln -s /dev/null "$root/etc/ramswap.conf"
expect 4 "a masked file, --write --force" "$ramswap" import --root "$root" --write --force
[[ -L $root/etc/ramswap.conf ]]
ok "the link is as it was" $?
rm "$root/etc/ramswap.conf"
mv "$root/etc" "$root/etc-away" && mkdir "$root/etc" && mkdir "$root/etc/ramswap.conf" && cp -r "$root/etc-away/systemd" "$root/etc"
expect 4 "a folder of that name" "$ramswap" import --root "$root" --write --force
rm -rf "${root:?}/etc" && ln -s nowhere "$root/etc"
printf '[zram0]\n' >"$root/zram-generator.conf"
mkdir -p "$root/run/systemd" && mv "$root/zram-generator.conf" "$root/run/systemd"
expect 3 "no folder for it" "$ramswap" import --root "$root" --write
says "/etc/ramswap.conf: No such file or directory" "it says so"

echo "1..$count"
