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
manual=$(dirname "$(realpath "$0")")/../../slabtop/man/slabtop.1.in
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"
# shellcheck source=tests/cli/terminal.sh
. "$(dirname "$(realpath "$0")")/terminal.sh"
screens=$fixtures/screens

mkdir -p sys/:0000064 sys/dentry
echo 0 >sys/:0000064/reclaim_account
echo 1 >sys/dentry/reclaim_account
ln -s :0000064 sys/anon_vma_chain
ln -s :0000064 sys/key_jar
ln -s :0000064 sys/a_cache_with_an_uncommonly_long_name
from=(--file "$fixtures/machine.slabinfo" --sysfs sys)

# A kept screen is slabtop's own; what can be told without it is:
# lists NAME...: whose caches are on the screen, top down, are the first of those on standard input.
lists() {
	show
	awk '/^ *[0-9]+ +[0-9]+ +[0-9]+% / { print $8 }' .output >listed
	head -n "$(grep -c . listed)" | diff - listed >.difference && [[ -s listed ]]
	local result=$?
	mv .difference .output
	ok "$1" $result
}
# by FORMULA OPTION...: the caches' names by what awk(1) makes of a line of the file, as sort(1) has them.
by() {
	awk "NR > 2 { print $1, \$1 }" "$fixtures/machine.slabinfo" | LC_ALL=C sort "${@:2}" | awk '{ print $2 }'
}

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
lists "c: the largest first" < <(by '$6 * $15' -rn)
press n
looks by-name
lists "n: by their names" < <(by 0)
press h
looks help
show
sed -nE '/^\.Sh SORT CRITERIA/,/^\.Sh COLUMNS/s,^\.It Ic ([a-zA-Z0/])( .*)?$,\1,p' "$manual" >keys
while read -r key; do
	grep -qE "(^| )$key " .output || echo "$key is missing"
done <keys >missing
mv missing .output
[[ -s keys && ! -s .output ]]
ok "help has each key that the manual has" $?
press x
looks by-name
press /
press -l inode
looks search
lists "/: from the first that has it" < <(by 0 | sed -n '/inode/,$p')
press Tab
shows '^ Search: inode_' "Tab goes to the next"
press Escape
sleep 0.2
press f
press -l '^kmalloc-(1|2'
shows 'Unmatched' "a filter that is no expression yet"
press -l ')'
looks filter
lists "f: those that match, all of them" < <(by 0 | grep -E '^kmalloc-(1|2)')
[[ $(wc -l <listed) -eq $(by 0 | grep -cE '^kmalloc-(1|2)') ]]
ok "f: none is missing" $?
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
# 22 seconds after the first snapshot, at 100 objects of 1,024 bytes a second.
shows "^ +9999 +$((1000 + 22 * 100)) +32% .* \\+100\\.0K +\\+2\\.1M .* leaking\$" "replay: what has grown"
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
