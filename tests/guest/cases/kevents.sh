# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# kevents tells of everything that the specimen does, in that order, on a stock kernel.
mkdir -p /sys/fs/cgroup
grep -q ' /sys/fs/cgroup ' /proc/mounts || mount -t cgroup2 none /sys/fs/cgroup
stream=/tmp/stream

# watched EXPRESSION: the next line of the stream from where the last one was, that matches.
at=1
watched() {
	local found

	found=$(tail -n +"$at" "$stream" | grep -n -m 1 -E -- "$1") || {
		output=$(tail -n 40 "$stream")
		fail "not in the stream, or not in this order: $1"
	}
	at=$((at + ${found%%:*}))
}

kevents -E --json -- specimen /usr/bin/digsig /sys/fs/cgroup >"$stream.all" 2>/tmp/notes || [ $? -eq 7 ] ||
	fail "kevents ended with $?: $(cat /tmp/notes)"
grep -v '^{' "$stream.all" >/tmp/said || true
grep '^{' "$stream.all" >"$stream"
[ ! -s /tmp/notes ] || fail "something is missing here: $(cat /tmp/notes)"
read -r pid tid child address </tmp/said
watched "\"event\":\"exec\".*\"pid\":$pid,.*\"path\":\"[^\"]*specimen\",\"args\":\\[\"specimen\",\"/usr/bin/digsig\",\"/sys/fs/cgroup\"\\]"
watched "\"event\":\"load\".*\"pid\":$pid,.*\"path\":\"/usr/bin/specimen\""
watched "\"event\":\"fork\".*\"pid\":$pid,.*\"child_tid\":$tid,.*\"thread\":true"
watched "\"event\":\"comm\".*\"comm\":\"other-name\".*\"old\":\"specimen\""
watched "\"event\":\"load\".*\"path\":\"/usr/bin/digsig\",\"address\":\"0x$address\".*\"protection\":\"r-xp\""
watched "\"event\":\"unload\".*\"path\":\"/usr/bin/digsig\",\"address\":\"0x$address\""
watched '"event":"anon".*"path":"//anon".*"size":12288'
watched '"event":"cgroup".*"action":"made".*"path":"/kevents-specimen"'
watched "\"event\":\"cgroup\".*\"action\":\"entered\".*\"path\":\"/kevents-specimen\",\"entered_pid\":$pid"
watched '"event":"cgroup".*"action":"removed".*"path":"/kevents-specimen"'
watched "\"event\":\"fork\".*\"child_pid\":$child,.*\"thread\":false"
watched "\"event\":\"exit\".*\"pid\":$child,.*\"signal\":9,\"signal_name\":\"SIGKILL\""
watched "\"event\":\"exit\".*\"pid\":$pid,.*\"status\":7"
# A thread may be waited for before it has quite ended.
grep -q "\"event\":\"exit\".*\"tid\":$tid,.*\"thread\":true" "$stream" || fail "the thread's end is not told"
[ "$(grep -c '"event":"unload"' "$stream")" -eq 1 ] || fail "madvise is no unload"
! grep -q '"event":"lost"' "$stream" || fail "something was lost"
! grep -q '"late":true' "$stream" || fail "a record came late"

# In the order of time.
sed 's/.*"monotonic":\([0-9]*\).*/\1/' "$stream" >/tmp/times
sort -n -c /tmp/times || fail "the stream is not in the order of time"

# Images alone: none of them waits for an exec that nobody tells of.
kevents -e load --json -- specimen /usr/bin/digsig >"$stream" 2>/tmp/notes || [ $? -eq 7 ] ||
	fail "kevents -e load ended with $?: $(cat /tmp/notes)"
! grep -q '"late":true' "$stream" || fail "an image came late"
grep -q '"event":"load".*"path":"/usr/bin/specimen"' "$stream" || fail "no image of the program"
