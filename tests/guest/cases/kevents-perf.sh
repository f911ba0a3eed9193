# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# Where BPF is not used, perf events tell the same, but for what kevents says is missing. And without
# any rights: clear words.
kevents --source perf -E --json -- specimen /usr/bin/digsig >/tmp/stream 2>/tmp/notes || [ $? -eq 7 ] ||
	fail "kevents ended with $?: $(cat /tmp/notes)"
grep -q 'note: perf events are used' /tmp/notes || fail "that perf events are used is not said"
grep -q 'note: exit: status and signal are not told' /tmp/notes || fail "what is missing is not said"
read -r pid tid child address <<-END
	$(grep -v '^{' /tmp/stream)
END
for expected in "\"event\":\"exec\".*\"pid\":$pid,.*specimen" \
	"\"event\":\"fork\".*\"pid\":$pid,.*\"child_tid\":$tid,.*\"thread\":true" \
	"\"event\":\"comm\".*\"comm\":\"other-name\"" \
	"\"event\":\"load\".*\"path\":\"/usr/bin/digsig\",\"address\":\"0x$address\"" \
	'"event":"anon".*"size":12288' \
	"\"event\":\"exit\".*\"pid\":$pid,"; do
	if ! grep -q -E -- "$expected" /tmp/stream; then
		output=$(cat /tmp/stream)
		fail "not in the stream: $expected"
	fi
done
# A kernel without BTF.
mount -t tmpfs none /sys/kernel/btf
kevents -D 1 >/dev/null 2>/tmp/notes || fail "without BTF: exit $?"
umount /sys/kernel/btf
grep -q 'perf events are used: the kernel has no BTF' /tmp/notes || {
	output=$(cat /tmp/notes)
	fail "that there is no BTF is not said"
}
who=user
perform kevents -D 1
[ "$status" -eq 1 ] || fail "without rights: exit $status"
case $output in
*"run as root"*) ;;
*) fail "without rights: no clear words" ;;
esac
