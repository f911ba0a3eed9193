#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# ramswap up and down where they change nothing: usage errors, rehearsals on recorded machines, no rights, a lock that
# another has, a state that is none. tests/guest/ramswap.d has the rest. In the Test Anything Protocol.
#
#   ramswap-up.sh RAMSWAP MACHINES
# shellcheck disable=SC2317 # "own" calls the functions
set -uo pipefail

ramswap=$(realpath "${1:?usage: ramswap-up.sh RAMSWAP MACHINES}")
roots=$(realpath "${2:?usage: ramswap-up.sh RAMSWAP MACHINES}")/roots
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"

# --- usage
expect 2 "up with an argument" "$ramswap" up zram0
expect 2 "up of another machine" "$ramswap" up --root "$roots/reserved-7.2"
says "only with --dry-run" "it says when that can be"
expect 2 "down of another machine" "$ramswap" down --root "$roots/reserved-7.2"
for timeout in 0 -1 x '' 1y; do
	expect 2 "no time: \"$timeout\"" "$ramswap" down --timeout "$timeout"
done
expect 3 "another machine that is not there" "$ramswap" up --dry-run --root "$work/none"
says "none: No such file or directory" "it says so"
expect 0 "help of up" "$ramswap" up --help
expect 0 "help of down" "$ramswap" down --help

# --- rehearsals of up
before=$(cd "$roots" && find . -type f -exec sha256sum {} + | sort | sha256sum)
expect 0 "a machine with reserved memory" "$ramswap" up --dry-run --root "$roots/reserved-7.2"
matches '^write a swap header for 300\.0M to /dev/pmem0$' "it takes that"
matches '^swap on /dev/pmem0 with priority [0-9]+$' "as swap"
grep -n 'pmem0\|make the device' .output | head -n 2 | grep -q pmem0
ok "before zram" $?
expect 4 "a machine of zram-generator" "$ramswap" up --dry-run --root "$roots/zram-generator"
says "zram-generator" "it says why"
expect 4 "a device of ours has another priority" "$ramswap" up --dry-run --root "$roots/reserved-up"
says "pmem0: it is in use at priority -1, and should be at" "it says so"
expect 0 "a machine that is to stay as it is" "$ramswap" up --dry-run --root "$roots/turned-off"
says "nothing is to be done" "it says so, too"
expect 0 "the same for the journal" "$ramswap" up --dry-run --boot --root "$roots/turned-off"
matches '^<6>nothing is to be done$' "with a level"
expect 4 "a refusal for the journal" "$ramswap" up --dry-run --boot --root "$roots/zram-generator"
matches '^<3>This machine has zram-generator' "with another one"
printf '[zram]\nsize = (1 +\n' >bad.conf
expect 3 "a size that is none" "$ramswap" up --dry-run --config bad.conf --root "$roots/plain-7.2"
says "size" "it says which setting"
printf '[zram]\nuse = perhaps\n' >bad.conf
expect 3 "a setting that is none" "$ramswap" up --dry-run --config bad.conf --root "$roots/plain-7.2"
says "bad.conf:2" "it says where"
[[ $(cd "$roots" && find . -type f -exec sha256sum {} + | sort | sha256sum) == "$before" ]]
ok "nothing was changed in all that" $?

# --- rehearsals of down
# machine AVAILABLE USED: KiB; a machine that has both, and 1 GiB; ours is zram0, and a disk has 100 MiB more.
machine() {
	rm -rf machine
	mkdir -p machine/{proc,sys,dev,run/ramswap,sys/fs/cgroup}
	printf 'MemTotal: 1048576 kB\nMemFree: 1024 kB\nMemAvailable: %s kB\nSwapTotal: 1 kB\nSwapFree: 1 kB\n' "$1" \
		>machine/proc/meminfo
	printf '%s\n' "Filename Type Size Used Priority" "/dev/zram0 partition 524284 $2 100" \
		"/dev/sda2 partition 204800 102400 5" >machine/proc/swaps
	for device in zram0 sda2; do
		mkdir -p "machine/sys/block/$device"
		echo "254:${#device}" >"machine/sys/block/$device/dev"
	done
	printf 'zram 0\ntuned proc/sys/vm/page-cluster 0 3\nswap /dev/zram0 11111111-2222-4333-8444-555555555555\n' \
		>machine/run/ramswap/state
}

machine 65536 204800
expect 4 "what is swapped has no room" "$ramswap" down --dry-run --root machine
matches '^in use: 200\.0M$' "it says how much is in use"
matches '^needed, with 5 % more and what must stay free: 226\.0M$' "and needed"
matches '^memory that is available: 64\.0M$' "and free in memory"
matches '^free in other swap devices: 100\.0M$' "and on the disk"
says "200 MiB are in use: with 5 % more and 16 MiB that must stay free they need 226 MiB, and there are 64 MiB of" \
	"it says so in a sentence"
expect 0 "by force" "$ramswap" down --dry-run --force --root machine
machine 131073 204800
expect 0 "it has room" "$ramswap" down --dry-run --root machine
sed -n 1,3p .output >steps
printf '%s\n' "swap off /dev/zram0" "write 3 to /proc/sys/vm/page-cluster again" "remove zram0" | diff - steps >.output
ok "the steps go backwards" $?
expect 0 "of one device" "$ramswap" down --dry-run --root machine /dev/zram0
says "page-cluster" "with the last one the tunings go"
expect 4 "of one that is swap, and not ours" "$ramswap" down --dry-run --root machine /dev/sda2
says "/dev/sda2 is swap, and ramswap up has not made it" "it says so"
expect 4 "of one that is nothing" "$ramswap" down --dry-run --root machine zram1
says "zram1 is nothing that ramswap up has made" "it says that"
mkdir -p machine/sys/fs/cgroup/{a,b}
for group in a b; do
	echo 104857600 >"machine/sys/fs/cgroup/$group/memory.max"
	echo 104857600 >"machine/sys/fs/cgroup/$group/memory.current"
	echo anon 0 >"machine/sys/fs/cgroup/$group/memory.stat"
done
echo 104857600 >machine/sys/fs/cgroup/a/memory.swap.current
echo 125829120 >machine/sys/fs/cgroup/b/memory.swap.current
expect 4 "a control group has no room" "$ramswap" down --dry-run --force --root machine
says "the control group /b has 120 MiB in swap and room for 100 MiB" "it says which"
echo nonsense >machine/run/ramswap/state
expect 3 "a state that is none" "$ramswap" down --dry-run --root machine
says "/run/ramswap/state: it is none of ramswap's" "it says so"
rm machine/run/ramswap/state
expect 0 "no state" "$ramswap" down --dry-run --root machine
says "nothing is to be taken back" "there is nothing to do"

# --- this machine, without rights
if [[ $(id -u) -ne 0 ]]; then
	expect 3 "up without rights" "$ramswap" up
	expect 3 "down without rights" "$ramswap" down
elif setpriv --reuid 65534 --clear-groups "$ramswap" --version >/dev/null 2>&1; then
	expect 3 "up without rights" setpriv --reuid 65534 --clear-groups "$ramswap" up
	says "only root can do it" "it says who can"
	expect 3 "down without rights" setpriv --reuid 65534 --clear-groups "$ramswap" down
	says "only root can do it" "it says so of down, too"
else
	skip "without rights" "nobody can run ramswap there"
fi

# --- this machine, with a /run of its own and a /sys that cannot be written to: nothing can be changed
# own COMMAND...
own() {
	unshare --mount bash -c 'mount -t tmpfs tmpfs /run && mkdir /run/ramswap && mount --bind /sys /sys &&
		mount -o remount,bind,ro /sys && "$@"' own "$@"
}

# Another process has the lock, and has said which it is.
# shellcheck disable=SC2016 # the inner shell's
locked='exec 9>/run/ramswap/lock && flock 9 && echo 4711 >&9 && shift 0 && "$@" 9>&-'
if ! own true 2>/dev/null; then
	skip "with a lock that another has" "no namespace of mounts here"
else
	for command in up down; do
		expect 3 "$command with a lock that another has" own bash -c "$locked" locked "$ramswap" "$command"
		says "process 4711 of ramswap is at work on this machine" "it names that"
		expect 3 "$command with a state that is none" own bash -c \
			'echo nonsense >/run/ramswap/state && "$@"' nonsense "$ramswap" "$command"
		says "it is none of ramswap's" "$command says so"
		expect 3 "$command with a /run that cannot be written to" own bash -c \
			'mount -o remount,ro /run && "$@"' closed "$ramswap" "$command"
		says "Read-only file system" "$command says that"
	done
	expect 0 "down with nothing to take back" own "$ramswap" down
	# shellcheck disable=SC2016
	own bash -c '"$@"; [[ ! -e /run/ramswap/state ]]' closed "$ramswap" up >.output 2>&1
	ok "up with a /sys that cannot be written to makes nothing" $?
	says_not "is swap" "and does not say that it has"
fi

echo "1..$count"
