# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC1091
# guest: --disk 256 --timeout 900 --add tests/ramswap/hog
#
# ramswap maintain on a real disk: idle pages go there within the budget, the kernel's counters agree, and every byte of
# a program is right afterwards.
. /run/lib.sh

# member NAME: of the JSON object in $output.
member() {
	echo "$output" | sed -n "s/.*\"$1\":\"\{0,1\}\([^,\"}]*\).*/\1/p"
}

# column N FILE: of an attribute of the device.
column() {
	awk "{ print \$$1 }" "/sys/block/$device/$2"
}

# blocks that were written to the disk since the device was made
writes() {
	column 3 bd_stat
}

# bytes that the budget has
budget() {
	awk 'NR > 1 { sum += $2 } END { print sum + 0 }' /var/lib/ramswap/budget
}

# configure DAILY
configure() {
	cat >/etc/ramswap.conf <<-END
		[zram]
		use = yes
		size = 256
		algorithm = lz4
		writeback = /dev/vda
		idle-after = 2s
		writeback-daily = $1
	END
}

# start SIZE RANDOM: the program, and out with what it has.
start() {
	rm -f /tmp/hog
	sh -c "echo \$\$ >/sys/fs/cgroup/busy/cgroup.procs; exec hog --size $1 --random $2 --hold 10000" >>/tmp/hog &
	while ! grep -qs fill= /tmp/hog; do sleep 0.2; done
	# Writing blocks until it is done; it fails where not all could be had.
	echo "$1M" >/sys/fs/cgroup/busy/memory.reclaim 2>/dev/null
	sleep 3
}

# check NAME: each byte of the program.
check() {
	kill -USR1 "$(pidof hog)"
	while ! grep -q checked= /tmp/hog; do sleep 0.2; done
	output=$(cat /tmp/hog)
	says "wrong=0" "$1"
	: >/tmp/hog
}

stop() {
	kill -9 "$(pidof hog)"
	while pidof hog >/dev/null; do sleep 0.1; done
}

echo +memory >/sys/fs/cgroup/cgroup.subtree_control
mkdir /sys/fs/cgroup/busy
modprobe virtio_pci 2>/dev/null # built in, but for 6.1
modprobe virtio_blk
while [ ! -b /dev/vda ]; do sleep 0.1; done

expect 0 "nothing is ours" ramswap maintain
says "no zram device of ramswap's" "it says so"
is "and makes nothing" [ ! -e /run/ramswap ]

configure 24M
expect 0 "up" ramswap up
device=$(awk -F/ '/zram/ { print $3; exit }' /proc/swaps | cut -d ' ' -f 1)
is "zram is a swap: $device" [ -n "$device" ]
is "the disk is its backing device" [ "$(cat "/sys/block/$device/backing_dev")" = /dev/vda ]
# Who else opens it for himself is refused: the kernel holds it for zram.
other=$(cat /sys/class/zram-control/hot_add)
is "the disk is claimed" sh -c "! echo /dev/vda >/sys/block/zram$other/backing_dev 2>/dev/null"
echo "$other" >/sys/class/zram-control/hot_remove

expect 0 "nothing is stored" ramswap maintain --json
is "nothing is written" [ "$(member written)" = 0 ]

# --- 60 MB that do not compress are idle; 24 may be written
start 60 100
stored=$(column 1 mm_stat)
is "the pages are stored: $stored" [ "$stored" -gt 50000000 ]
expect 0 "a dry run" ramswap maintain --dry-run
says "idle pages would be written back" "it says what it would do"
is "and does not do it" [ "$(writes)" = 0 ]
is "nor books it" [ "$(budget)" = 0 ]
before=$(column 3 mm_stat)
expect 0 "within the budget" ramswap maintain --json
is "it ended with the budget: $output" [ "$(member end)" = budget ]
is "all of it was used" [ "$(member written)" = $((24 << 20)) ]
is "the kernel wrote as much: $(writes)" [ "$(writes)" = $((24 << 20 >> 12)) ]
is "the budget has it" [ "$(budget)" = $((24 << 20)) ]
after=$(column 3 mm_stat)
is "as much memory is free: $before, $after" [ "$(member freed)" = $((before - after)) ]
is "nearly a page for each" [ $((before - after)) -gt $((23 << 20)) ]
is "the kernel's limit is off again" [ "$(cat "/sys/block/$device/writeback_limit_enable")" = 0 ]

expect 0 "status" ramswap status -b -n -r -o NAME,BACK,BACK-WRITTEN
says "/dev/$device $((24 << 20)) $((24 << 20))" "status has the same figures"
expect 0 "the budget is spent" ramswap maintain
says "all of the 24.0M for 24 hours were written" "it says so"
is "nothing more was written" [ "$(writes)" = $((24 << 20 >> 12)) ]

# --- the rest
configure 200M
expect 0 "all that is idle" ramswap maintain --json
is "it came to its end: $output" [ "$(member end)" = all ]
is "both have the same: $(writes), $(budget)" [ $(($(writes) << 12)) = "$(budget)" ]
is "nothing is compressed in memory any more" [ "$(column 2 mm_stat)" -lt $((1 << 20)) ]
check "every byte is right"
is "it was read from the disk: $(column 2 bd_stat)" [ $(($(column 2 bd_stat) << 12)) -gt $((50 << 20)) ]

# --- it came back at once: nothing more is written
echo 60M >/sys/fs/cgroup/busy/memory.reclaim 2>/dev/null
sleep 3
written=$(writes)
expect 0 "much came back" ramswap maintain --json
says '"code":"paused"' "it pauses"
is "nothing was written" [ "$(writes)" = "$written" ]
expect 0 "nothing came back since" ramswap maintain --json
says '"code":"resumed"' "it goes on"
is "something was written" [ "$(writes)" -gt "$written" ]
check "every byte is right again"

# --- a kill at any moment: what may have been written is in the budget
stop
configure 500M
for round in 1 2 3; do
	start 60 80
	ramswap maintain >/dev/null 2>&1 &
	sleep "0.$((round * 2))"
	kill -9 "$(pidof ramswap)" 2>/dev/null
	# The kernel ends what it began.
	while pidof ramswap >/dev/null; do sleep 0.1; done
	# What was written before, by the check above, is in the budget of this day, too.
	is "killed: $(writes) blocks, $(budget) bytes" [ $(($(writes) << 12)) -le "$(budget)" ]
	check "every byte is right"
	expect 0 "the next one goes on" ramswap maintain
	stop
done

# --- the budget outlives the device
kept=$(budget)
expect 0 "down" ramswap down
is "the budget stays" [ "$(budget)" = "$kept" ]
expect 0 "up again" ramswap up
device=$(awk -F/ '/zram/ { print $3; exit }' /proc/swaps | cut -d ' ' -f 1)
configure 30M
start 60 100
expect 0 "another device, the same budget" ramswap maintain
says "all of the 30.0M for 24 hours were written" "it is spent"
is "nothing was written" [ "$(writes)" = 0 ]
echo nonsense >/var/lib/ramswap/budget
expect 3 "a budget that is none" ramswap maintain
says "it is no record of ramswap's" "it says so"
is "nothing was written then" [ "$(writes)" = 0 ]
stop
expect 0 "down again" ramswap down
