# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# kevents tells of a module that is loaded and removed, and of BPF programs.
[ ! -e /sys/module/loop ] || rmmod loop
kevents -e kload,kunload --json >/tmp/stream 2>/tmp/notes &
watcher=$!

# module_is_seen: one more is loaded and removed, in case the watch had not begun before.
module_is_seen() {
	insmod /lib/modules/loop.ko
	rmmod loop
	grep -q '"kload".*"insmod"' /tmp/stream && grep -q '"kunload".*"rmmod"' /tmp/stream
}
wait_until module_is_seen
kevents -e cgroup -- true >/dev/null 2>&1
wait_until grep -q '"kunload".*_on_cgroup_mkdir"' /tmp/stream
kill -INT "$watcher"
wait "$watcher" || fail "kevents ended with $?: $(cat /tmp/notes)"
[ ! -s /tmp/notes ] || fail "something is missing here: $(cat /tmp/notes)"
for expected in '"event":"kload".*"comm":"insmod".*"kind":"module","name":"loop","address":"0xf' \
	'"event":"kunload".*"comm":"rmmod".*"kind":"module","name":"loop","address":"0xf' \
	'"event":"kload".*"kind":"bpf","name":"bpf_prog_[0-9a-f]*_on_cgroup_mkdir"' \
	'"event":"kunload".*"kind":"bpf","name":"bpf_prog_[0-9a-f]*_on_cgroup_mkdir"'; do
	if ! grep -q -E -- "$expected" /tmp/stream; then
		output=$(cat /tmp/stream)
		fail "not in the stream: $expected"
	fi
done
