# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# The part of bench/ramswap.sh that runs in a guest: prints a line "result ROUND METHOD KEY=VALUE..." for each
# measurement, and "time ROUND COMMAND MILLISECONDS" for each command. bench/ramswap.sh sets what is needed in a line
# before these.
: "${rounds:?}" "${methods:?}" "${size:?}" "${percent:?}" "${reads:?}" "${repeats:?}"

# util-linux's, not busybox's, whose swapon has no priorities.
alias mkswap=/usr/bin/mkswap swapon=/usr/bin/swapon swapoff=/usr/bin/swapoff zramctl=/usr/bin/zramctl

# As the udev of a whole system does.
for module in virtio_blk zram nfit nd_e820 nd_pmem dax_pmem device_dax; do
	modprobe $module 2>/dev/null
done

# Half of the memory, at most 4 GiB, in MiB.
half() { awk '/^MemTotal/ { half = int($2 / 2048); print half < 4096 ? half : 4096 }' /proc/meminfo; }

# What zram-generator 1.2 makes of a configuration with "[zram0]" and nothing else: that size, no limit, a swap unit with
# Priority=100 and Options=discard. The algorithm is the kernel's choice: lz4 on 6.12 and newer, lzo-rle on 6.1; the
# others are what "compression-algorithm=" makes of it.
zram_on() {
	echo "$1" >/sys/block/zram0/comp_algorithm || return 1
	echo "$(half)M" >/sys/block/zram0/disksize
	mkswap -L zram0 /dev/zram0 >/dev/null
	swapon -p 100 -d /dev/zram0
}

set_up() {
	rm -f /etc/ramswap.conf
	case $1 in
	disk) ;;
	zram-*) zram_on "${1#zram-}" ;;
	pmem) mkswap /dev/pmem0 >/dev/null && swapon -p 100 /dev/pmem0 ;;
	brd)
		modprobe brd rd_nr=1 rd_size=$(($(half) * 1024)) &&
			mkswap /dev/ram0 >/dev/null && swapon -p 100 /dev/ram0
		;;
	ramswap) ramswap up >/tmp/up 2>&1 ;;
	ramswap-demotion)
		printf '[policy]\ndemotion = yes\n' >/etc/ramswap.conf
		ramswap up >/tmp/up 2>&1
		;;
	esac
}

take_down() {
	case $1 in
	ramswap*) ramswap down --force >>/tmp/up 2>&1 || cat /tmp/up ;;
	esac
	sed -n 's,^\(/dev/[zpr][^ ]*\).*,\1,p' /proc/swaps | while read -r device; do
		swapoff "$device"
	done
	# Without its header it is nobody's.
	[ ! -b /dev/pmem0 ] || dd if=/dev/zero of=/dev/pmem0 bs=4096 count=1 conv=notrunc 2>/dev/null
	[ ! -b /dev/ram0 ] || rmmod brd
	echo 1 >/sys/block/zram0/reset
	# What is on the disk comes back, too: everyone begins with nothing swapped out.
	swapoff /dev/vda
	swapon /dev/vda
}

# can METHOD: this kernel has it.
can() {
	case $1 in
	zram-*) grep -q -w "${1#zram-}" /sys/block/zram0/comp_algorithm ;;
	pmem) [ -b /dev/pmem0 ] ;;
	*) true ;;
	esac
}

# Hundredths of a second that the processors were at work, for all processes and for the kernel.
processor() { awk '/^cpu / { print $2 + $3 + $4 + $7 + $8 }' /proc/stat; }
hundredths() { sed 's/\([0-9]*\)\.\([0-9]*\) .*/\1\2/' /proc/uptime; }
pages() { sed -n "s/^$1 //p" /proc/vmstat; }

# Two compilers at a time, while another holds the memory.
compile() {
	local object pid pids=

	for object in 1 2; do
		cc1 -quiet -fpreprocessed -O2 -std=gnu17 /usr/bin/source.i -o "/tmp/$object.s" 2>>/tmp/compile-said &
		pids="$pids $!"
	done
	for pid in $pids; do
		wait "$pid" || return 1
	done
}

# measure ROUND METHOD: what is set up.
measure() {
	local used in out first start job hog tries=900

	rm -f /tmp/hog
	used=$(processor)
	in=$(pages pswpin)
	out=$(pages pswpout)
	hog --size "$size" --random "$percent" --reads "$reads" --hold 1000 >/tmp/hog 2>&1 &
	hog=$!
	until [ -s /tmp/hog ] || [ $tries -eq 0 ] || ! kill -0 $hog 2>/dev/null; do
		sleep 0.2
		tries=$((tries - 1))
	done
	first=$(($(processor) - used))
	in=$(($(pages pswpin) - in))
	out=$(($(pages pswpout) - out))
	start=$(hundredths)
	if grep -q ' wrong=0$' /tmp/hog 2>/dev/null && compile; then
		job=$(($(hundredths) - start))
		echo "result $1 $2 $(head -n 1 /tmp/hog) cpu=$first in=$in out=$out job=$job total=$(($(processor) - used))"
	else
		echo "result $1 $2 failed: $(cat /tmp/hog /tmp/compile-said 2>/dev/null)"
		dmesg | grep -E 'Out of memory|oom' | tail -n 3
	fi
	kill -KILL $hog 2>/dev/null
	wait $hog 2>/dev/null
}

# --- commands

by_hand() {
	local device

	device=$(zramctl --find --size "$(half)M") && mkswap "$device" >/dev/null && swapon -p 100 "$device"
}
# --reset also removes it.
by_hand_down() {
	swapoff /dev/zram0
	zramctl --reset /dev/zram0
	cat /sys/class/zram-control/hot_add >/dev/null
}
plan_and_up() { ramswap plan >/dev/null && ramswap up >/dev/null 2>&1; }
down() { ramswap down >/dev/null 2>&1; }
plan() { ramswap plan >/dev/null; }
show() { ramswap status >/dev/null; }
peers_show() { zramctl --output-all >/dev/null && swapon --show >/dev/null; }

# timed ROUND NAME COUNT BEFORE COMMAND AFTER: milliseconds, of the command alone.
timed() {
	local sum=0 start left=$3

	while [ "$left" -gt 0 ]; do
		$4
		start=$(clock)
		$5 || echo "not ok $2"
		sum=$((sum + $(clock) - start))
		$6
		left=$((left - 1))
	done
	echo "time $1 $2 $((sum / $3 / 1000))"
}
# Microseconds, from the only clock with them that a shell can read.
clock() { awk '/^now at/ { printf "%.0f", $3 / 1000 }' /proc/timer_list; }

commands() {
	timed "$1" nothing "$repeats" true true true
	timed "$1" plan "$repeats" true plan true
	timed "$1" up "$repeats" true 'ramswap up' down >/tmp/up.log 2>&1 && grep '^time\|^not' /tmp/up.log
	timed "$1" plan-and-up "$repeats" true plan_and_up down
	timed "$1" by-hand "$repeats" true by_hand by_hand_down
	by_hand
	timed "$1" status-of-zram "$repeats" true show true
	timed "$1" peers-of-zram "$repeats" true peers_show true
	by_hand_down
}

mkswap /dev/vda >/dev/null
swapon /dev/vda
echo "machine $(uname -r) $(sed -n 's/^MemTotal: *//p' /proc/meminfo)"
for round in $(seq "$rounds"); do
	[ "$repeats" -eq 0 ] || commands "$round"
	for method in $methods; do
		can "$method" || continue
		if set_up "$method"; then
			[ "$round" -gt 1 ] || sed -n "s,^/dev,swap $method &,p" /proc/swaps
			measure "$round" "$method"
		else
			echo "result $round $method failed: it could not be set up: $(cat /tmp/up)"
		fi
		take_down "$method"
	done
done
