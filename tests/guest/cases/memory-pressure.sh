# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# Programs are started, and new files judged, while memory is so short that the kernel kills for it:
# some get no answer, none a wrong one. Afterwards everything is as before.
# seconds: 600
# attack: 22 23
grep -qw memory /sys/fs/cgroup/cgroup.controllers 2>/dev/null || mount -t cgroup2 cgroup2 /sys/fs/cgroup
echo +memory >/sys/fs/cgroup/cgroup.subtree_control
mkdir -p /sys/fs/cgroup/short
echo 24M >/sys/fs/cgroup/short/memory.max
# What the kernel says when it kills must not be taken for a complaint of the engine's.
dmesg -c >/dev/ttyS0
engine_start enforcing
in_short() {
	sh -c 'echo $$ >/sys/fs/cgroup/short/cgroup.procs; exec "$@"' sh "$@"
}
(while [ ! -e /tmp/enough ]; do in_short hog >/dev/null 2>&1 || true; done) &
hogs=$!
for kind in exec inodes exec inodes; do
	output=$(in_short soak $kind 1000 8 "$signed/nothing" "$unsigned/nothing" /dev/shm 2>&1) || true
	case $output in
	*"first wrong answer"*) fail "a wrong answer: $output" ;;
	esac
	rm -f /dev/shm/soak.*
done
touch /tmp/enough
wait $hogs
grep '^oom_kill ' /sys/fs/cgroup/short/memory.events
[ "$(sed -n 's/^oom_kill //p' /sys/fs/cgroup/short/memory.events)" -gt 0 ] || fail "memory was never short"
dmesg -c >/tmp/messages
echo "of messages: $(wc -c </tmp/messages) bytes"
if grep -E 'BUG:|Oops|WARNING:|RCU.*stall|hung task' /tmp/messages >/tmp/complaints; then
	output=$(cat /tmp/complaints)
	fail "the kernel complained"
fi
traces=$(grep -c 'Call Trace' /tmp/messages) || true
kills=$(grep -c 'invoked oom-killer' /tmp/messages) || true
[ "$traces" -le "$kills" ] || {
	output=$(head -n 3 /tmp/messages && grep -B 12 'Call Trace' /tmp/messages | head -n 100)
	fail "the kernel complained of more than want of memory: $traces traces, $kills kills"
}
rmdir /sys/fs/cgroup/short
soaks exec 200 4
everyone runs hello "$signed/hello"
everyone refused INTRUDER "$unsigned/intruder"
