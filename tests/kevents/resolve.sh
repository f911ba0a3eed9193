#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# kevents resolve, on what runs and on recordings. In the Test Anything Protocol.
#
#   resolve.sh KEVENTS
set -uo pipefail

kevents=$(realpath "${1:?usage: resolve.sh KEVENTS}")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"
# shellcheck source=tests/kevents/rights.sh
. "$(dirname "$(realpath "$0")")/rights.sh"

jobs=()
clean_up() {
	[[ ${#jobs[@]} -eq 0 ]] || kill "${jobs[@]}" 2>/dev/null
	rm -f "/tmp/perf-${spin_pid:-none}.map"
}

cat >spin.c <<'E2'
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
__attribute__((noinline)) void spin_here(void)
{
	for (;;)
		pause();
}
int main(void)
{
	void *code = mmap((void *)0x200000000000, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	printf("%d %p\n", getpid(), (void *)spin_here);
	fflush(stdout);
	if (getenv("END"))
		return code == MAP_FAILED;
	spin_here();
}
E2
cc -O1 -o spin spin.c

# start COMMAND...: a process that says where it is: $spin_pid and $spin_address.
start() {
	"$@" >where &
	jobs+=($!)
	until [[ -s where ]]; do
		sleep 0.05
	done
	read -r spin_pid spin_address <where
}

## options

expect 0 "--help" "$kevents" resolve --help
says "usage: kevents resolve" "--help: says how"
expect 0 "--version" "$kevents" resolve --version
for wrong in "1" "x 1" "1 y" "1 1 1 1" "1 1 -3" "1 1 3.x" "-1 1" "--nonsense 1 1" "--jit 1=x 1 1" \
	"--memory 0 1 1" "--memory x 1 1" "--recording - --jit x 1 1"; do
	# shellcheck disable=SC2086 # words
	expect 2 "wrong: $wrong" "$kevents" resolve $wrong
done

## what runs

start ./spin
expect 0 "a function of a program" "$kevents" resolve "$spin_pid" "$spin_address"
matches "^$spin_pid $spin_address [0-9.]+  spin_here\+0x0  $work/spin\+0x[0-9a-f]+\$" \
	"a function of a program: its name, its file"
expect 0 "--json" "$kevents" resolve --json "$spin_pid" "$spin_address"
grep -q '"kind":"image".*"certainty":"certain".*"symbol":"spin_here"' .output
ok "--json: what it says" $?
expect 1 "nothing there" "$kevents" resolve "$spin_pid" 1
says "nothing executable is known at 0x1" "nothing there: in words"
expect 0 "memory of no file" "$kevents" resolve "$spin_pid" 200000000010
says "//anon+0x10" "memory of no file: says so"
says "(no symbol: memory that no file and no compiler tells of)" "memory of no file: in words"
expect 1 "no process" "$kevents" resolve 999999999 1
says "process 999999999: there is none" "no process: in words"
printf '%s %s\n\n%s 1\n' "$spin_pid" "$spin_address" "$spin_pid" >questions
"$kevents" resolve <questions >.output 2>&1
ok "questions on stdin: one has no answer" $(($? != 1))
says "spin_here+0x0" "questions on stdin: the first"
says "nothing executable" "questions on stdin: the second"
echo "1 2 3 4" | "$kevents" resolve >.output 2>&1
says "line 1: not PID ADDRESS [TIME]" "questions on stdin: a bad line"

## perf maps

map=/tmp/perf-$spin_pid.map
printf '200000000000 20 one\n0x200000000020 0x20 two words\n' >"$map"
expect 0 "a perf map" "$kevents" resolve "$spin_pid" 200000000004
says "one+0x4  [jit]  (possible" "a perf map: not certain: it may have told of others before"
expect 0 "a perf map with 0x" "$kevents" resolve "$spin_pid" 200000000024
says "two words+0x4" "a perf map with 0x"
printf '200000000000 40 three\n' >>"$map"
expect 0 "a perf map that tells of two at one place" "$kevents" resolve "$spin_pid" 200000000024
matches 'three\+0x24  \[jit\]$' "a perf map that tells of two at one place: the later one, for certain"
printf '200000000000 40 \x1b[2Jclear\n' >>"$map"
expect 0 "a hostile name" "$kevents" resolve "$spin_pid" 200000000004
says '\x1b[2Jclear+0x4' "a hostile name: escaped"
printf 'nonsense\n\n\0\0\0\n200000000000' >>"$map"
expect 0 "a damaged map" "$kevents" resolve "$spin_pid" 200000000004
says 'clear+0x4' "a damaged map: what is good of it"
touch -d '1 hour ago' "$map"
expect 0 "a map from before the process" "$kevents" resolve "$spin_pid" 200000000004
says "//anon+0x4" "a map from before the process: not taken"
mv "$map" other && ln -s "$PWD/other" "$map" && touch other
expect 0 "a link" "$kevents" resolve "$spin_pid" 200000000004
says "//anon+0x4" "a link: not taken"
rm "$map"
mkfifo "$map"
expect 0 "a pipe" timeout 5 "$kevents" resolve "$spin_pid" 200000000004
rm "$map"
if [[ $(id -u) -eq 0 ]]; then
	cp other "$map" && chown 65534 "$map"
	expect 0 "a stranger's map" "$kevents" resolve "$spin_pid" 200000000004
	says "//anon+0x4" "a stranger's map: not taken"
	rm "$map"
	chmod 755 . && expect 1 "no right" setpriv --reuid 65534 --clear-groups "$kevents" resolve "$spin_pid" 1
	says "Permission denied: its user or root may look at its memory" "no right: in words"
fi

## in a container: another process id, another /tmp

if [[ $(id -u) -eq 0 ]] && unshare --fork --pid --mount-proc --mount true 2>/dev/null; then
	cat >inside.sh <<-'E2'
		mount -t tmpfs none /tmp
		printf '200000000000 20 inside\n' >/tmp/perf-$$.map
		printf '200000000000 20 outer\n' >/tmp/perf-$1.map
		exec "$2"
	E2
	mkdir -p /run/kevents-test && cp spin /run/kevents-test/spin
	cp inside.sh /run/kevents-test/
	unshare --fork --pid --mount-proc --mount sh /run/kevents-test/inside.sh 77 \
		/run/kevents-test/spin >where2 &
	jobs+=($!)
	until [[ -s where2 ]]; do
		sleep 0.05
	done
	outer=$(pgrep -P "${jobs[-1]}")
	expect 0 "in a container" "$kevents" resolve "$outer" 200000000004
	says "inside+0x4" "in a container: its own map, by its own number"
	expect 0 "in a container: symbols" "$kevents" resolve "$outer" "$(cut -d ' ' -f 2 where2)"
	says "spin_here+0x0" "in a container: symbols"
	kill -KILL "$outer" # nothing less ends the first process of a namespace
	rm -r /run/kevents-test
else
	skip "in a container" "needs root and namespaces"
fi

## recordings

if may_watch; then
	"$kevents" record recording -- env END=1 ./spin >where3 2>.output
	ok "a recording is made" $?
	read -r pid address <where3
	ended=$(python3 -c 'import time; print("%.9f" % time.clock_gettime(time.CLOCK_MONOTONIC))')
	"$kevents" replay --json -E recording >events
	loaded=$(grep '"event":"load"' events | grep "\"pid\":$pid," | grep "$work/spin\"" | tail -n 1 |
		sed 's/.*"monotonic":\([0-9]*\).*/\1/')
	expect 0 "a recording" "$kevents" resolve -r recording "$pid" "$address" \
		"$((loaded / 1000000000)).$(printf %09d $((loaded % 1000000000 + 1000)))"
	says "spin_here+0x0" "a recording: a process that has ended"
	expect 1 "a recording: afterwards" "$kevents" resolve -r recording "$pid" "$address" "$ended"
	says "no such process at that time" "a recording: afterwards: in words"
	printf '200000000000 20 told\n' >told.map
	anon=$(grep '"event":"anon"' events | grep "\"pid\":$pid," | tail -n 1 |
		sed 's/.*"monotonic":\([0-9]*\).*/\1/')
	expect 0 "--jit" "$kevents" resolve -r recording --jit "$pid=told.map" "$pid" 200000000008 \
		"$((anon / 1000000000)).$(printf %09d $((anon % 1000000000 + 1000)))"
	says "told+0x8" "--jit: what the file says"
	expect 1 "--jit: no such process" "$kevents" resolve -r recording --jit 999999999=told.map "$pid" "$address"
	says "999999999: no such process in the records" "--jit: no such process: in words"
	expect 1 "--jit: no such file" "$kevents" resolve -r recording --jit "$pid=nowhere" "$pid" "$address"
	says "nowhere: No such file" "--jit: no such file: in words"
	head -c -20 recording >short
	expect 1 "a recording that is cut off" "$kevents" resolve -r short 1 1
	says "short: " "a recording that is cut off: in words"
	expect 1 "no recording" "$kevents" resolve -r told.map 1 1
else
	skip "recordings" "the right to watch the kernel is missing"
fi
expect 1 "a recording that is not there" "$kevents" resolve -r nowhere 1 1

echo "1..$count"
