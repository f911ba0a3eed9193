#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What kevents prints on a terminal: in tmux at several sizes, compared with kept screens; a terminal
# that is resized. In the Test Anything Protocol.
#
#   kevents-screen.sh KEVENTS MAKE_RECORDING SCREENS
#
# With KEEP=1 the screens are written, not compared.
# shellcheck disable=SC2016 # the inner shell's
set -uo pipefail

usage='usage: kevents-screen.sh KEVENTS MAKE_RECORDING SCREENS'
kevents=$(realpath "${1:?$usage}")
make_recording=$(realpath "${2:?$usage}")
screens=$(realpath -m "${3:?$usage}")
here=$(dirname "$(realpath "$0")")
# shellcheck source=tests/lib/tap.sh
. "$here/../lib/tap.sh"
# shellcheck source=tests/cli/terminal.sh
. "$here/terminal.sh"
# shellcheck source=tests/kevents/rights.sh
. "$here/../kevents/rights.sh"

# kept WIDTHxHEIGHT NAME COMMAND...: it ends well, and its screen is the kept one.
kept() {
	local size=$1 name=$2

	shift 2
	open_terminal "${size%x*}" "${size#*x}" sh -c '"$@" 2>err' sh "$@"
	ends 0 "$name-$size: exit code 0"
	looks "$name-$size"
	fits "${size%x*}" "$name-$size: no line is wrapped"
}

interrupt() { kill -INT "$(terminal list-panes -F '#{pane_pid}' | xargs pgrep -P)"; }

"$make_recording" build >twelve-seconds
export TZ=UTC
some=(-p "1,4158,4900" -E)
for size in 20x48 30x48 40x48 80x36 120x36 200x36; do
	kept "$size" table "$kevents" replay "${some[@]}" twelve-seconds
done
kept 80x36 extra "$kevents" replay -x "${some[@]}" twelve-seconds
kept 40x36 extra "$kevents" replay -x "${some[@]}" twelve-seconds
for size in 20x12 30x12 40x9 40x12 60x16 80x12 80x24 120x24 200x50; do
	kept "$size" rates "$kevents" replay --rates twelve-seconds
	grep -qE '^14:38:' .output
	ok "rates-$size: its head is there" $?
done
for size in 60x20 80x20 120x20; do
	kept "$size" tree "$kevents" replay --tree twelve-seconds
done
for size in 40x60 80x30 200x20; do
	kept "$size" statistics "$kevents" replay -E -q twelve-seconds
done

## as long as it is: into a file, and with --wide

"$kevents" replay "${some[@]}" twelve-seconds >file 2>/dev/null
cp file .output
matches '/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2 at [0-9a-f]+ \+1c000 offset 26000 \(cc1\)$' "into a file: whole"

ends 0 "--wide: exit code 0"
open_terminal 60 36 sh -c '"$@" 2>err' sh "$kevents" replay --wide "${some[@]}" twelve-seconds
ends 0 "--wide: exit code 0"
terminal capture-pane -pJ -S -100 >.output
matches 'x86_64-linux-gnu/ld-linux-x86-64.so.2 at [0-9a-f]+ \+1c000 offset 26000 \(cc1\)' "--wide: whole"

## a resize

if may_watch; then
	open_terminal 80 24 "$kevents" --rates 3
	shows '^image loads/s' "rates: a screen"
	terminal resize-window -x 50 -y 12
	sleep 0.3
	show
	matches '^images ' "rates: drawn again at once, narrower"
	fits 50 "rates: no line is wrapped"
	matches '^[0-9:]{8}  every 3 s' "rates: its head is there"
	terminal resize-window -x 120 -y 24
	sleep 0.3
	show
	matches '^image loads/s' "rates: drawn again at once, wider"
	interrupt
	ends 0 "rates: ends"

	long=/usr/lib/a-directory-with-a-long-name/another-one/true
	cp /bin/true true
	open_terminal 80 24 "$kevents" -e exec --name true -l
	shows '^Time .* Duration Process$' "table: its head"
	sleep 1
	bash -c 'exec -a "$1" ./true of-the-first' bash "$long"
	shows '/usr/.*…/true of-th.*$' "table: the path is cut in the middle"
	terminal resize-window -x 40 -y 24
	sleep 0.2
	bash -c 'exec -a "$1" ./true 2' bash "$long"
	shows '^Event       PID Info     Process$' "table: resized, it has another head"
	shows '^exec +[0-9]+ +…/true 2$|^exec +[0-9]+ +/.*…/true 2' "table: what comes next fits"
	terminal resize-window -x 120 -y 24
	sleep 0.2
	bash -c 'exec -a "$1" ./true of-the-third' bash "$long"
	shows "$long of-the-third\$" "table: wide enough, it is whole"
	interrupt
	ends 0 "table: ends"
else
	skip "a resize" "the right to watch the kernel is missing"
fi

echo "1..$count"
