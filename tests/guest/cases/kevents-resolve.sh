# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# kernels: newest
# kevents resolve says what stood where the specimen mapped a file, and took it away again, on a stock
# kernel; and kevents report makes a page of it.
mkdir -p /sys/fs/cgroup
grep -q ' /sys/fs/cgroup ' /proc/mounts || mount -t cgroup2 none /sys/fs/cgroup
kevents record /tmp/recording -- specimen /usr/bin/digsig >/tmp/said 2>/tmp/notes || [ $? -eq 7 ] ||
	fail "kevents record ended with $?: $(cat /tmp/notes)"
read -r pid tid child address </tmp/said
kevents replay -E --json /tmp/recording >/tmp/stream

# when EXPRESSION: in ns, the first record of that process that matches.
when() {
	local found

	found=$(grep "\"pid\":$pid," /tmp/stream | grep -m 1 -- "$1" | sed 's/.*"monotonic":\([0-9]*\).*/\1/')
	[ -n "$found" ] || fail "not in the recording: $1"
	echo "$found"
}

# asked ADDRESS NS: the answer.
asked() {
	kevents resolve -r /tmp/recording "$pid" "$1" \
		"$(($2 / 1000000000)).$(printf %09d $(($2 % 1000000000)))" 2>&1
}

loaded=$(when '"event":"load".*"path":"/usr/bin/digsig"')
unloaded=$(when '"event":"unload".*"path":"/usr/bin/digsig"')
output=$(asked "$address" "$loaded")
case $output in
*"/usr/bin/digsig+0x"*) ;;
*) fail "when it was mapped: $output" ;;
esac
output=$(asked "$address" "$((unloaded - 1))")
case $output in
*"/usr/bin/digsig+0x"*) ;;
*) fail "until it was unmapped: $output" ;;
esac
for time in $((loaded - 1)) $unloaded; do
	output=$(asked "$address" "$time") && fail "before, or after: $output"
	case $output in
	*"nothing executable is known at"*) ;;
	*) fail "before, or after: $output" ;;
	esac
done
exited=$(when '"event":"exit".*"status":7')
output=$(asked "$address" "$exited") && fail "after its end: $output"
case $output in
*"no such process at that time"*) ;;
*) fail "after its end: $output" ;;
esac

# What runs, without watching anything: the program of this shell, and the kernel's own code.
line=$(grep -m 1 ' r-xp .*/' /proc/$$/maps)
output=$(kevents resolve $$ "${line%%-*}") || fail "of what runs: $output"
case $output in
*"${line##* }+0x"*) ;;
*) fail "of what runs: $output" ;;
esac
echo 0 >/proc/sys/kernel/kptr_restrict
output=$(kevents resolve $$ "$(sed -n 's/ [Tt] schedule$//p' /proc/kallsyms | head -n 1)") ||
	fail "of the kernel: $output"
case $output in
*"schedule+0x0  [kernel]"*) ;;
*) fail "of the kernel: $output" ;;
esac

kevents report /tmp/recording -o /tmp/page.html || fail "no page"
grep -q '"strings":\[' /tmp/page.html || fail "the page lacks its data"
rm -f /tmp/recording /tmp/page.html
