#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# slabtop's screen, in a real terminal: tmux at several sizes, compared with kept screens; keys, a
# terminal that closes, a recording. In the Test Anything Protocol.
#
#   slabtop-screen.sh SLABTOP FIXTURES
#
# With KEEP=1 the screens are written, not compared.
# shellcheck disable=SC2016 # the inner shell's
set -uo pipefail

slabtop=$(realpath "${1:?usage: slabtop-screen.sh SLABTOP FIXTURES}")
fixtures=$(realpath "${2:?usage: slabtop-screen.sh SLABTOP FIXTURES}")
# shellcheck source=tests/cli/tap.sh
. "$(dirname "$(realpath "$0")")/tap.sh"
if ! command -v tmux >/dev/null; then
	echo "1..0 # SKIP no tmux"
	exit 0
fi
clean_up() { terminal kill-server 2>/dev/null; }
unset TMUX
export TMUX_TMPDIR=$work SHELL=/bin/sh

# A server that was told to end takes a while; the next one has another name.
server=0
terminal() { tmux -L "slabtop-$server" -f /dev/null "$@"; }

# open_terminal WIDTH HEIGHT COMMAND...: what the command ends with goes to the file code.
open_terminal() {
	local width=$1 height=$2

	shift 2
	terminal kill-server 2>/dev/null
	server=$((server + 1))
	rm -f code
	terminal new-session -d -x "$width" -y "$height" "$(printf '%q ' "$@"); echo \$? >$work/code; exec sleep 1000"
	terminal set -g status off >/dev/null
}

show() { terminal capture-pane -p >.output; }
press() { terminal send-keys "$@"; }

# shows EXPRESSION NAME: within some seconds a line of the screen is like that.
shows() {
	local tries

	for tries in $(seq 100); do
		show
		! grep -qE -- "$1" .output || break
		sleep 0.05
	done
	grep -qE -- "$1" .output
	ok "$2" $?
}

# looks NAME: as the kept screen, within some seconds.
looks() {
	local tries kept=$fixtures/screens/$1

	if [[ -n ${KEEP-} ]]; then
		sleep 1
		mkdir -p "$fixtures/screens"
		terminal capture-pane -p >"$kept"
	fi
	for tries in $(seq 100); do
		show
		! cmp -s .output "$kept" || break
		sleep 0.05
	done
	diff "$kept" .output >.difference
	local result=$?
	cp .difference .output
	ok "screen $1" $result
}

ends() {
	local tries

	for tries in $(seq 100); do
		[[ ! -s code ]] || break
		sleep 0.05
	done
	echo "exit code: $(cat code 2>&1)" >.output
	[[ $(cat code 2>/dev/null) == "$1" ]]
	ok "$2" $?
}

mkdir -p sys/:0000064 sys/dentry
echo 0 >sys/:0000064/reclaim_account
echo 1 >sys/dentry/reclaim_account
ln -s :0000064 sys/anon_vma_chain
ln -s :0000064 sys/key_jar
ln -s :0000064 sys/a_cache_with_an_uncommonly_long_name
from=(--file "$fixtures/machine.slabinfo" --sysfs sys)

# The growth columns say nothing as long as there is one snapshot.
for size in 80x24 132x30 100x20 60x16 40x12 40x8 200x50; do
	open_terminal "${size%x*}" "${size#*x}" "$slabtop" -d 1h "${from[@]}"
	looks "$size"
done

open_terminal 80 24 "$slabtop" -d 1h "${from[@]}"
shows ' dentry' "it starts"
press A
looks aliases
press A
press c
looks by-size
press n
looks by-name
press h
looks help
press x
looks by-name
press /
press -l inode
looks search
press Tab
shows '^ Search: inode_' "Tab goes to the next"
press Escape
sleep 0.2
press f
press -l '^kmalloc-(1|2'
shows 'Unmatched' "a filter that is no expression yet"
press -l ')'
looks filter
press Enter
shows '\[filter \^kmalloc-\(1\|2\)\]' "the filter stays, and is said"
press w
shows '\[reclaimable\]' "w: reclaimable"
press w
shows '\[unreclaimable\]' "w: unreclaimable"
press w
press z
shows '\[paused' "z: paused"
press z
press d
press -l 0.1x
press Enter
shows 'not a delay: 0.1x' "d: not a delay"
terminal resize-window -x 40 -y 12
shows '^ Objects: ' "a smaller window"
terminal resize-window -x 90 -y 9
press h
shows 'g growth.* replay: ' "help in two columns"
press h
terminal resize-window -x 120 -y 30
shows 'GROWTH/s   GROWN' "a wider window"
press q
ends 0 "q: exit code 0"

## what grows

growing() {
	sed "s/^anon_vma_chain .*/anon_vma_chain $1 20000 128 32 1 : tunables 0 0 0 : slabdata 625 625 0/" \
		"$fixtures/machine.slabinfo" >next
	if [[ -e now ]]; then
		dd if=next of=now conv=notrunc status=none
	else
		cp next now
	fi
}
growing 11000
open_terminal 120 20 "$slabtop" -d 0.1 -g -s t -f "^key_jar$" --file now --sysfs sys
shows ' anon_vma_chain' "a file that changes"
for objects in 12000 13000 14000 15000; do
	sleep 0.3
	growing $objects
done
shows '\+500\.0K .*▁.*█ anon_vma_chain \+2$' "growth, a sparkline, and how many other names there are"
press 0
shows ' 0 +anon_vma_chain' "0: growth counts from now"
terminal kill-server
LC_ALL=C open_terminal 120 20 env LC_ALL=C "$slabtop" -d 0.1 -g -s t -f "^key_jar$" --file now --sysfs sys
shows ' anon_vma_chain' "not UTF-8"
growing 16000
shows '_.*\^ anon_vma_chain' "not UTF-8: a sparkline"

## colour, where it means something: what has grown and cannot be taken back is red

coloured() { terminal capture-pane -p -e | grep 'anon_vma_chain' | grep -q $'\e\\[[0-9;]*31m'; }
grows_in() {
	growing 11000
	open_terminal 120 20 "$@" "$slabtop" -d 0.1 -g -f '^key_jar$' --file now --sysfs sys
	shows ' anon_vma_chain' "$*: it starts"
	growing 15000
	shows '\+500\.0K' "$*: it has grown"
	coloured
}
grows_in env -u NO_COLOR
ok "growth that stays is red" $?
! grows_in env NO_COLOR=1
ok "NO_COLOR: it is not" $?

## a recording

perl -e 'print "slabtop recording 1\npage-size 4096\nkernel x\n"; for my $i (0 .. 49) {
	print "frame $i ", (1700000000 + $i) * 1e9, " ", $i * 1e9, $i ? "\n" : " key\n";
	print "cache 0 1024 4 1 u leaking\ncache 1 192 21 1 r dentry\n1 5 21 1 1\n" unless $i;
	print "0 ", 1000 + 100 * $i, " 9999 2500 2500\nend $i ", $i ? 1 : 4, "\n"; }' >rec
open_terminal 110 14 "$slabtop" replay rec -g -d 0.001
press z
shows '1/50 2023-11-14T22:13:20Z' "replay: where it is"
press '>'
press '>'
shows '3/50 2023-11-14T22:13:22Z, 2 s in' "replay: two on"
press ']'
press ']'
shows '^ 23/50' "replay: twenty on"
looks replay
press '<'
shows '^ 22/50' "replay: one back"
press '}'
shows '50/50 .*: the end' "replay: the end"
shows '\+100\.0K +\+4\.8M' "replay: growth since the start"
press q
ends 0 "replay: q"

## ends

open_terminal 80 24 "$slabtop" -d 1h "${from[@]}"
shows dentry "it runs"
kill -TERM "$(terminal list-panes -F '#{pane_pid}' | xargs pgrep -P)"
ends 0 "SIGTERM: exit code 0"
show
matches_not dentry "SIGTERM: the screen is given back"
open_terminal 80 24 sh -c 'TERM=nonsense "$1" --file "$2"' sh "$slabtop" "$fixtures/machine.slabinfo"
ends 3 "an unknown terminal: exit code 3"
show
matches 'TERM=nonsense: no such terminal' "an unknown terminal: says so"
open_terminal 80 24 sh -c '"$1" -d 0.1 --file "$2" </dev/null' sh "$slabtop" "$fixtures/machine.slabinfo"
sleep 0.5
[[ ! -s code ]]
ok "without an input it goes on" $?
# The terminal goes, and what ran on it, quietly.
open_terminal 80 24 sh -c 'trap "" HUP; "$1" -d 1h --file "$2" 2>err; echo $? >ended' sh "$slabtop" \
	"$fixtures/machine.slabinfo"
shows dentry "it runs on a terminal that will close"
terminal kill-server
for tries in $(seq 100); do
	[[ ! -s ended ]] || break
	sleep 0.05
done
[[ $(cat ended 2>&1) == 0 && ! -s err ]]
ok "a closed terminal: it ends quietly${tries:+}" $?

echo "1..$count"
