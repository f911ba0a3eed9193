# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC1091
# kernels: newest
# guest: --reserved 60 --disk 64 --timeout 900 --add tests/ramswap/hog --add tests/ramswap/lint-metrics
# guest: --add /sbin/zramctl --add /sbin/swapon
#
# What ramswap status says of real swaps, against the kernel's own files, zramctl(8) and swapon(8).
. /run/lib.sh

# column N FILE: of an attribute of zram.
column() {
	awk "{ print \$$1 }" "/sys/block/$zram/$2"
}

# figure NAME COLUMN: of the device of that name, in bytes.
figure() {
	ramswap status -b -n -r -o "NAME,$2" | awk -v name="/dev/$1" '$1 == name { print $2 }'
}

# used NAME: what /proc/swaps says, in bytes.
used() {
	awk -v name="/dev/$1" '$1 == name { print $4 * 1024 }' /proc/swaps
}

# meminfo NAME
meminfo() {
	awk -v name="$1:" '$1 == name { print $2 * 1024 }' /proc/meminfo
}

# member NAME: of the JSON object in $output, the last of that name.
member() {
	echo "$output" | sed -n "s/.*\"$1\":\"\{0,1\}\([^,\"}]*\).*/\1/p"
}

echo +memory >/sys/fs/cgroup/cgroup.subtree_control
mkdir /sys/fs/cgroup/busy
modprobe nd_pmem
modprobe nd_e820
while [ ! -b /dev/pmem0 ]; do sleep 0.1; done
modprobe virtio_pci 2>/dev/null # built in, but for 6.1
modprobe virtio_blk
while [ ! -b /dev/vda ]; do sleep 0.1; done
mkswap /dev/vda >/dev/null
swapon /dev/vda

expect 0 "a disk alone" ramswap status -n -r -o NAME,KIND,OURS
says "/dev/vda disk no" "it is not ours"
cat >/etc/ramswap.conf <<-END
	[zram]
	use = yes
	size = 200
	limit = 100
END
expect 0 "up" ramswap up
zram=$(awk '/zram/ { sub("/dev/", "", $1); print $1 }' /proc/swaps)
expect 0 "three" ramswap status -n -r -o NAME,KIND,OURS
is "ours first, the fastest first" [ "$output" = "/dev/pmem0 pmem yes
/dev/$zram zram yes
/dev/vda disk no" ]

# --- a program, whose pages go to both of ours
sh -c 'echo $$ >/sys/fs/cgroup/busy/cgroup.procs; exec hog --size 140 --random 40 --hold 10000' >>/tmp/hog &
while ! grep -qs fill= /tmp/hog; do sleep 0.2; done
echo 140M >/sys/fs/cgroup/busy/memory.reclaim 2>/dev/null
sleep 2
for name in pmem0 "$zram" vda; do
	is "USED of $name" [ "$(figure "$name" USED)" = "$(used "$name")" ]
done
is "there is something: $(used pmem0), $(used "$zram")" [ "$(used pmem0)" -gt 50000000 -a "$(used "$zram")" -gt 20000000 ]
is "STORED" [ "$(figure "$zram" STORED)" = "$(column 1 mm_stat)" ]
is "COMPR" [ "$(figure "$zram" COMPR)" = "$(column 2 mm_stat)" ]
is "RAM" [ "$(figure "$zram" RAM)" = "$(column 3 mm_stat)" ]
is "PEAK" [ "$(figure "$zram" PEAK)" = "$(column 5 mm_stat)" ]
is "LIMIT" [ "$(figure "$zram" LIMIT)" = $((100 << 20)) ]
is "SAVED" [ "$(figure "$zram" SAVED)" = $(($(column 1 mm_stat) - $(column 3 mm_stat))) ]
is "SAVED of pmem" [ "$(figure pmem0 SAVED)" = "$(used pmem0)" ]
for pair in DISKSIZE:SIZE DATA:STORED COMPR:COMPR TOTAL:RAM MEM-USED:PEAK MEM-LIMIT:LIMIT; do
	theirs=$(zramctl --bytes --noheadings --raw --output "${pair%:*}" "/dev/$zram")
	is "zramctl's ${pair%:*} is ${pair#*:}" [ "$(figure "$zram" "${pair#*:}")" = "$theirs" ]
done
for name in pmem0 "$zram" vda; do
	theirs=$(/usr/bin/swapon --bytes --noheadings --raw --show=NAME,USED,PRIO | grep "^/dev/$name ")
	is "swapon says the same of $name" [ "$(ramswap status -b -n -r -o NAME,USED,PRIO | grep "^/dev/$name ")" = "$theirs" ]
done

# --- sums, and words for them
expect 0 "as JSON" ramswap status --json --explain --groups
is "gained" [ "$(member gained)" = $(($(used pmem0) + $(used "$zram") + $(used vda) - $(column 3 mm_stat) - $(meminfo SwapCached))) ]
says '"path":"/busy"' "the program's control group"
own=$(echo "$output" | sed -n 's/.*"path":"\/busy","own":\([0-9]*\).*/\1/p')
is "has what the kernel says" [ "$own" = "$(cat /sys/fs/cgroup/busy/memory.swap.current)" ]
expect 0 "explained" ramswap status --explain
says "/proc/swaps calls" "why the two differ"
says "in memory that the kernel does not use otherwise: all of that is gained" "what reserved memory gives"

# --- metrics
output=$(ramswap status --prometheus --groups --latency | lint-metrics)
is "metrics are good" [ "${output#* }" = samples ]
output=$(ramswap status --prometheus)
says "ramswap_device_used_bytes{device=\"/dev/$zram\",kind=\"zram\",ours=\"true\"} $(used "$zram")" "with the same figures"

# --- pages that come back
expect 0 "latency" ramswap status --latency
says "A page from /dev/" "it was measured"
pages=$(sed -n 's/^pswpin //p' /proc/vmstat)
kill -USR1 "$(pidof hog)"
expect 0 "watch" ramswap watch -d 1 --for 4
pages=$(($(sed -n 's/^pswpin //p' /proc/vmstat) - pages))
is "it saw some of $pages pages" sh -c "echo '$output' | awk 'NR > 1 && \$2 != 0 { found = 1 } END { exit !found }'"
while ! grep -q checked= /tmp/hog; do sleep 0.2; done
output=$(cat /tmp/hog)
says "wrong=0" "every byte is right"
ramswap advise --record 2 --keep /tmp/trace >/tmp/said
output=$(cat /tmp/said)
says "Swap in memory holds" "advice knows of it"
ramswap advise --trace /tmp/trace >/tmp/again
is "and says the same of the trace" cmp -s /tmp/said /tmp/again
kill -9 "$(pidof hog)"
expect 0 "down" ramswap down
expect 0 "the disk alone again" ramswap status -n -r -o NAME
is "nothing else" [ "$output" = /dev/vda ]
