# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# The part of bench/ramswap.sh that runs in a guest: prints a line "result ROUND METHOD KEY=VALUE..." for each
# measurement. bench/ramswap.sh sets what is needed in the lines before these.
: "${rounds:?}" "${methods:?}" "${size:?}" "${percent:?}" "${reads:?}" "${hold:?}"

# util-linux's, not busybox's, whose swapon has no priorities.
alias mkswap=/usr/bin/mkswap swapon=/usr/bin/swapon swapoff=/usr/bin/swapoff zramctl=/usr/bin/zramctl

# As the udev of a whole system does.
for module in virtio_blk zram nfit nd_e820 nd_pmem dax_pmem device_dax; do
	modprobe $module 2>/dev/null
done

# What zram-generator 1.2 makes of a configuration with "[zram0]" and nothing else: min(ram / 2, 4096) MiB, a label, and
# a swap unit with Priority=100 and Options=discard. It leaves the algorithm to the kernel, which takes the first of ours.
zram_on() {
	local ram

	ram=$(awk '/^MemTotal/ { half = int($2 / 2048); print half < 4096 ? half : 4096 }' /proc/meminfo)
	[ -b /dev/zram0 ] || cat /sys/class/zram-control/hot_add >/dev/null
	echo "$1" >/sys/block/zram0/comp_algorithm || return 1
	echo "${ram}M" >/sys/block/zram0/disksize
	mkswap -L zram0 /dev/zram0 >/dev/null
	swapon -p 100 -d /dev/zram0
}

set_up() {
	case $1 in
	disk) ;;
	zram-*) zram_on "${1#zram-}" ;;
	pmem) mkswap /dev/pmem0 >/dev/null && swapon -p 100 /dev/pmem0 ;;
	brd)
		modprobe brd rd_nr=1 rd_size=$(($(sed -n 's/^MemTotal: *\([0-9]*\) .*/\1/p' /proc/meminfo) / 2))
		mkswap /dev/ram0 >/dev/null && swapon -p 100 /dev/ram0
		;;
	demotion) echo 1 >/sys/kernel/mm/numa/demotion_enabled ;;
	ramswap) ramswap up >/tmp/up 2>&1 ;;
	ramswap-demotion)
		printf '[policy]\ndemotion = yes\n' >/etc/ramswap.conf
		ramswap up >/tmp/up 2>&1
		;;
	esac
}

take_down() {
	case $1 in
	ramswap*) ramswap down --force >>/tmp/up 2>&1 ;;
	demotion) echo 0 >/sys/kernel/mm/numa/demotion_enabled ;;
	esac
	rm -f /etc/ramswap.conf
	# What is left of it, and of ours, if it failed.
	sed -n 's,^\(/dev/[zpr][^ ]*\).*,\1,p' /proc/swaps | while read -r device; do
		swapoff "$device"
	done
	[ ! -b /dev/pmem0 ] || dd if=/dev/zero of=/dev/pmem0 bs=4096 count=1 conv=notrunc 2>/dev/null
	[ ! -b /dev/ram0 ] || rmmod brd
	[ ! -b /dev/zram0 ] || echo 1 >/sys/block/zram0/reset
	# The disk's pages, too.
	swapoff /dev/vda
	swapon /dev/vda
}

# Hundredths of a second that the processors were at work, of all processes and of the kernel.
processor() { awk '/^cpu / { print $2 + $3 + $4 + $7 + $8 }' /proc/stat; }
hundredths() { sed 's/\([0-9]*\)\.\([0-9]*\) .*/\1\2/' /proc/uptime; }
pages() { sed -n "s/^$1 //p" /proc/vmstat; }

# compile: two compilers at a time, with the memory held by another. Hundredths of a second.
compile() {
	local start pids=

	start=$(hundredths)
	for object in 1 2; do
		cc1 -quiet -fpreprocessed -O2 -std=gnu17 /usr/bin/source.i -o "/tmp/$object.s" 2>>/tmp/compile-said &
		pids="$pids $!"
	done
	for pid in $pids; do
		wait "$pid" || echo failed >/tmp/compile-failed
	done
	echo $(($(hundredths) - start))
}

# One measurement of what is set up.
measure() {
	local label=$1 used in out first job wait_for hog

	rm -f /tmp/compile-failed /tmp/hog
	used=$(processor)
	in=$(pages pswpin)
	out=$(pages pswpout)
	hog --size "$size" --random "$percent" --reads "$reads" --hold 1000 >/tmp/hog 2>&1 &
	hog=$!
	wait_for=600
	until [ -s /tmp/hog ] || [ $wait_for -eq 0 ] || ! [ -d /proc/$hog ]; do
		sleep 0.2
		wait_for=$((wait_for - 1))
	done
	first=$(($(processor) - used))
	in=$(($(pages pswpin) - in))
	out=$(($(pages pswpout) - out))
	if [ -s /tmp/hog ]; then
		job=$(compile)
		[ ! -e /tmp/compile-failed ] || { job=failed; cat /tmp/compile-said; free; dmesg | tail -n 30; }
		echo "result $label $(head -n 1 /tmp/hog) cpu=$first in=$in out=$out job=$job total=$(($(processor) - used))"
	else
		echo "result $label failed"
		dmesg | tail -n 60 | sed 's/^/dmesg /'
		cat /tmp/hog
	fi
	kill -KILL $hog 2>/dev/null
	wait $hog 2>/dev/null
	echo "rc $? $wait_for"
}

/usr/bin/mkswap /dev/vda >/dev/null
swapon /dev/vda
echo "machine $(uname -r) $(sed -n 's/^MemTotal: *//p' /proc/meminfo)"
for round in $(seq "$rounds"); do
	for method in $methods; do
		if set_up "$method"; then
			[ "$round" != 1 ] || sed "s/^/swaps $method /" /proc/swaps
			measure "$round $method"
		else
			echo "result $round $method failed"
		fi
		take_down "$method"
	done
done
