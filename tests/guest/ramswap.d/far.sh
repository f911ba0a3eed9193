# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC1091,SC2154 # /run/lib.sh is made by ramswap-init
# kernels: newest
# guest: --memory 384 --far 256 --hmat --add tests/ramswap/hog
#
# ramswap test with a far node; and that the kernel moves pages there when it may, and they are the right ones. Only
# since 6.11 the node is a lower tier here: before, demotion does nothing.
. /run/lib.sh

# vmstat NAME
vmstat() {
	sed -n "s/^$1 //p" /proc/vmstat
}

tiers=$(cat /sys/devices/virtual/memory_tiering/memory_tier*/nodelist | wc -l)
case $(uname -r) in
6.1.*) is "before 6.11 both nodes are in one tier" [ "$tiers" -eq 1 ] ;;
*) is "the far node is a tier of its own" [ "$tiers" -eq 2 ] ;;
esac

# --- near and far, and zram
moved=$(vmstat pgmigrate_success)
expect 0 "the nodes are measured" ramswap test -s 256K -o SOURCE,METHOD,PAGES,LOAD,NOTE
says "node 0 " "the near one has a row"
says "node 1 " "the far one has a row"
says "from node 1, " "they are compared"
moved=$(($(vmstat pgmigrate_success) - moved))
is "the kernel moved pages there and back: $moved" [ "$moved" -ge 1024 ]
expect 0 "one node, with its own" ramswap test -s 256K --node 1 --json
says '"source":"node 0"' "the processor's own is there for comparison"
says '"move_out_ns":null' "no page was moved to where it is"
far=$(echo "$output" | sed -n 's/.*"node 1".*"move_out_ns":\([0-9]*\),.*/\1/p')
is "the far one says what moving takes: $far" [ "$far" -gt 0 ]
expect 0 "the near one alone" ramswap test -s 256K --node 0 --json
case $output in
*'"node 1"'*) echo "not ok --node 0 measures node 1, too" ;;
*) echo "ok no other node" ;;
esac
expect 3 "a node that is not there" ramswap test --node 7
says "there is no node 7" "it says so"

# --- demotion: what is reclaimed of a program in the near node. hog checks each byte when it gets SIGUSR1.
# pages NODE: of anonymous memory that the program has there.
pages() {
	sed -n "s/^anon .*N$1=\([0-9]*\).*/\1/p" /sys/fs/cgroup/hog/memory.numa_stat | awk '{ print int($1 / 4096) }'
}
# demoted: all that the kernel counts under different names.
demoted() {
	awk '/^pgdemote_/ { pages += $2 } END { print pages }' /proc/vmstat
}
# checks N: hog was told to check N times, and found no wrong byte.
checks() {
	kill -USR1 "$hog"
	while [ "$(grep -c ^checked= /tmp/hog)" -lt "$1" ]; do sleep 0.2; done
	output=$(cat /tmp/hog)
	is "all bytes are right" [ "$(grep -c 'wrong=0' /tmp/hog)" -eq $(($1 + 1)) ]
}
zram=zram$(cat /sys/class/zram-control/hot_add)
echo 256M >"/sys/block/$zram/disksize"
mkswap "/dev/$zram" >/dev/null
swapon "/dev/$zram"
mkdir /sys/fs/cgroup/hog
echo +memory >/sys/fs/cgroup/cgroup.subtree_control
sh -c 'echo $$ >/sys/fs/cgroup/hog/cgroup.procs; exec hog --size 100 --random 20 --hold 1000' >/tmp/hog &
hog=$!
while [ ! -s /tmp/hog ]; do sleep 0.2; done
is "the program is in the near node: $(pages 0), $(pages 1)" [ "$(pages 0)" -gt $((10 * $(pages 1))) ]
out=$(vmstat pswpout)
echo 20M >/sys/fs/cgroup/hog/memory.reclaim
out=$(($(vmstat pswpout) - out))
is "without demotion pages go to swap: $out" [ "$out" -gt 2000 ]
is "and none to the far node" [ "$(demoted)" -eq 0 ]
checks 1
echo 1 >/sys/kernel/mm/numa/demotion_enabled
out=$(vmstat pswpout)
echo 20M >/sys/fs/cgroup/hog/memory.reclaim 2>/dev/null
out=$(($(vmstat pswpout) - out))
if [ "$tiers" -eq 2 ]; then
	is "with demotion they go to the far node: $(demoted)" [ "$(demoted)" -gt 2000 ]
	is "where the program has them now: $(pages 1)" [ "$(pages 1)" -gt 2000 ]
else
	is "in one tier there is nowhere to go" [ "$(demoted)" -eq 0 ]
	is "so they go to swap: $out" [ "$out" -gt 2000 ]
fi
checks 2
kill "$hog"
