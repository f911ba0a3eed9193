# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC1091,SC2154 # /run/lib.sh is made by ramswap-init
# kernels: newest
# guest: --reserved 64 --disk 64 --add /usr/sbin/zramctl
#
# ramswap test with zram, with reserved memory, and with swap: the kernel's own numbers say whether its are right.
. /run/lib.sh

# Blocks of this guest that are zram; the module makes the first by itself.
zrams() {
	find /sys/block -name 'zram*' | wc -l
}

# vmstat NAME
vmstat() {
	sed -n "s/^$1 //p" /proc/vmstat
}

# member NAME: of the JSON object on standard input.
member() {
	sed -n "s/.*\"$1\":\"\{0,1\}\([^,\"}]*\).*/\1/p"
}

modprobe nd_pmem
modprobe nd_e820
before=$(zrams)
is "zram is not loaded" [ ! -e /sys/module/zram ]

# --- pages of running programs: one has known pages, the others are busybox
awk 'BEGIN { for (i = 0; i < 200000; i++) row[i] = "a row of text, number " i; print "ready"; system("sleep 1000") }' \
	>/tmp/ready &
while [ ! -s /tmp/ready ]; do sleep 0.1; done
expect 0 "a sample of running programs" ramswap test -s 256K
says "zram lz4 " "lz4 is measured"
says "zram zstd " "zstd is measured"
says "makes most room" "it says which is smallest"
expect 0 "as JSON" ramswap test -s 4M --json
pages=$(echo "$output" | member pages | head -n 1)
is "the sample is full: $pages pages" [ "$pages" -eq 1024 ]
for ratio in $(echo "$output" | member ratio); do
	is "text compresses: $ratio" [ "${ratio%.*}" -ge 2 ]
done
is "no device is left" [ "$(zrams)" -eq "$before" ]
is "no line of the state is left" [ ! -s /run/ramswap/state ]

# --- a corpus, and zramctl with the same pages
for round in 1 2 3 4; do
	head -c 600000 /bin/busybox
	head -c 200000 /dev/urandom
	echo $round
done | head -c 3000000 >/tmp/corpus
size=$((3000000 / 4096 * 4096))
expect 0 "a corpus" ramswap test -s 8M --corpus /tmp/corpus --json
echo "$output" | grep '"zram"' >/tmp/ours
is "a half page at its end is left out" [ "$(member pages </tmp/ours | head -n 1)" -eq $((size / 4096)) ]
for algorithm in $(member algorithm </tmp/ours); do
	device=$(zramctl --find --size 8M --algorithm "$algorithm")
	dd if=/tmp/corpus of="$device" bs=4096 count=$((size / 4096)) conv=fsync 2>/dev/null
	said=$(zramctl --bytes --noheadings --raw --output DATA,COMPR "$device")
	theirs=$(echo "$said" | awk '{ printf "%.4f", $1 / $2 }')
	ours=$(grep "\"$algorithm\"" /tmp/ours | member ratio)
	output="ramswap: $ours, zramctl: $said: $theirs"
	is "zramctl has the same ratio of $algorithm: $ours" [ "$ours" = "$theirs" ]
	zramctl --reset "$device"
done
before=$(zrams)
expect 3 "a corpus that is not there" ramswap test --corpus /tmp/nobody
says "/tmp/nobody: No such file" "it says so"
expect 3 "a corpus that is too short" ramswap test --corpus /tmp/ready
says "less than a page" "it says so"
expect 3 "no corpus: a folder" ramswap test --corpus /tmp
is "no device is left by errors" [ "$(zrams)" -eq "$before" ]

# --- signals: what it made goes; kill -9: what it made goes the next time
# run_until_set_up: a long one in the background, $!, until its device has a size: $device.
run_until_set_up() {
	ramswap test -s 64M --corpus /tmp/large >/tmp/out 2>&1 &
	while :; do
		device=$(sed -n 's/^zram /zram/p' /run/ramswap/state 2>/dev/null)
		[ -z "$device" ] || [ "$(cat "/sys/block/$device/initstate")" != 1 ] || break
		kill -0 $! || return 1
	done
}
for round in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22; do cat /tmp/corpus; done >/tmp/large
for signal in TERM HUP; do
	run_until_set_up
	output=$(stat -c %a:%u "/dev/$device")
	is "only root can read the device" [ "$output" = 600:0 ]
	kill -$signal $!
	wait $! 2>/dev/null
	is "SIG$signal ends it" [ $? -gt 128 ]
	is "SIG$signal leaves no device" [ "$(zrams)" -eq "$before" ]
	is "SIG$signal leaves no line" [ ! -s /run/ramswap/state ]
done
# What a script starts in the background ignores SIGINT, so this is in the foreground.
{ while [ "$(zrams)" -eq "$before" ]; do :; done; kill -INT "$(pidof ramswap)"; } &
expect 130 "SIGINT ends it" ramswap test -s 64M --corpus /tmp/large
is "SIGINT leaves no device" [ "$(zrams)" -eq "$before" ]
run_until_set_up
kill -9 $!
wait $! 2>/dev/null
is "kill -9 leaves a device" [ "$(zrams)" -eq $((before + 1)) ]
output=$(cat /run/ramswap/state)
says "zram ${device#zram}" "the state has it"
expect 0 "the next measurement" ramswap test -s 1M --corpus /tmp/corpus
is "it removed what was left" [ "$(zrams)" -eq "$before" ]
is "and its line" [ ! -s /run/ramswap/state ]
run_until_set_up
kill -9 $!
wait $! 2>/dev/null
is "kill -9 leaves a device again" [ "$(zrams)" -eq $((before + 1)) ]
expect 0 "ramswap down" ramswap down
is "it removed what was left, too" [ "$(zrams)" -eq "$before" ]
is "and its line, too" [ ! -s /run/ramswap/state ]
rm /tmp/large

# --- reserved memory
dd if=/tmp/corpus of=/dev/pmem0 bs=1M count=16 2>/dev/null
dd if=/dev/zero of=/dev/pmem0 bs=4096 count=1 conv=notrunc 2>/dev/null
was=$(md5sum </dev/pmem0)
expect 0 "pmem0 is written and read" ramswap test -s 256K --corpus /tmp/corpus pmem0
says "pmem0" "it has a row"
is "the same bytes are in it" [ "$(md5sum </dev/pmem0)" = "$was" ]
mke2fs -F /dev/pmem0 >/dev/null 2>&1
was=$(md5sum </dev/pmem0)
expect 0 "pmem0 with a file system" ramswap test -s 256K --corpus /tmp/corpus /dev/pmem0
says "read alone: ext2 is on it" "it is not written to"
is "nothing was written" [ "$(md5sum </dev/pmem0)" = "$was" ]
expect 3 "a device that is not there" ramswap test -s 1M --corpus /tmp/corpus pmem7
says "pmem7: there is no such block device" "it says so"

# --- swap: the probe, and that a sample fetches no page
dd if=/dev/zero of=/dev/pmem0 bs=1M count=1 2>/dev/null
mkswap /dev/pmem0 >/dev/null
swapon /dev/pmem0
mkdir /sys/fs/cgroup/hog
echo +memory >/sys/fs/cgroup/cgroup.subtree_control
pidof awk >/sys/fs/cgroup/hog/cgroup.procs
sh -c 'echo $$ >/sys/fs/cgroup/hog/cgroup.procs; exec awk "BEGIN {
	for (i = 0; i < 200000; i++) row[i] = \"another row, number \" i; print \"ready\"; system(\"sleep 1000\") }"' \
	>/tmp/ready2 &
while [ ! -s /tmp/ready2 ]; do sleep 0.1; done
echo 12M >/sys/fs/cgroup/hog/memory.reclaim
swapped=$(awk '/^VmSwap/ { pages += $2 / 4 } END { print pages }' /proc/[0-9]*/status)
is "programs have pages in swap: $swapped" [ "$swapped" -gt 2000 ]
in=$(vmstat pswpin)
out=$(vmstat pswpout)
expect 0 "a probe of the swap" ramswap test -s 4M --json
in=$(($(vmstat pswpin) - in))
out=$(($(vmstat pswpout) - out))
echo "$output" | grep '"fault"' >/tmp/probe
output=$(cat /tmp/probe)
says '"source":"/dev/pmem0"' "it names the swap"
is "all of its pages went out: $(member pages </tmp/probe)" [ "$(member pages </tmp/probe)" -eq 1024 ]
is "the kernel counts them out: $out" [ "$out" -ge 1024 ]
is "and in: $in, and no other program's" [ "$in" -ge 1024 ]
is "a sample fetched no page" [ "$in" -lt 1200 ]
is "the time in is one: $(member in_ns </tmp/probe)" [ "$(member in_ns </tmp/probe)" -gt 100 ]
echo 0 >/sys/fs/cgroup/hog/memory.swap.max
expect 3 "a control group without swap" \
	sh -c 'echo $$ >/sys/fs/cgroup/hog/cgroup.procs; exec ramswap test -s 256K --corpus /tmp/corpus'
says "no page went out" "it says what is wrong"
if [ -e /sys/module/zswap/parameters/enabled ]; then
	echo Y >/sys/module/zswap/parameters/enabled
	expect 0 "a probe with zswap" ramswap test -s 256K --corpus /tmp/corpus
	says "zswap is in front of it" "it says so"
	echo N >/sys/module/zswap/parameters/enabled
fi
swapoff /dev/pmem0
expect 0 "without swap there is no row of it" ramswap test -s 256K --corpus /tmp/corpus -n -r -o METHOD
case $output in
*fault*) echo "not ok there is one: $output" ;;
*) echo "ok there is none" ;;
esac

# --- a disk writes behind: its pages are in the swap cache until they are written
# A module on 6.1, and else in the kernel.
modprobe virtio_pci 2>/dev/null
modprobe virtio_blk
sleep 1
mkswap /dev/vda >/dev/null
swapon /dev/vda
in=$(vmstat pswpin)
expect 0 "a probe of a disk" ramswap test -s 1M --corpus /tmp/corpus --json
in=$(($(vmstat pswpin) - in))
echo "$output" | grep '"fault"' >/tmp/probe
output=$(cat /tmp/probe)
says '"source":"/dev/vda"' "it names the disk"
is "each page was read from it: $(member pages </tmp/probe), $in" [ "$(member pages </tmp/probe)" -le "$in" ]
is "most are timed, the others came by readahead" [ "$(member pages </tmp/probe)" -ge 64 ]
expect 0 "the disk is swap, and only read" ramswap test -s 256K --corpus /tmp/corpus vda
says "read alone: it is swap already" "it says so"
swapoff /dev/vda
