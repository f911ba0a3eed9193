#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# sccon serve --log, sccon log, sccon chat, and what who attaches sees first, with real processes: rotation under load, a kill, a
# full disk, hostile bytes, a full-screen program. In the Test Anything Protocol.
#
#   sccon-log.sh SCCON TOOLS     TOOLS: the folder of bridge.py and screen.py
set -uo pipefail

usage='usage: sccon-log.sh SCCON TOOLS'
sccon=$(realpath "${1:?$usage}")
tools=$(realpath "${2:?$usage}")
here=$(dirname "$(realpath "$0")")
# shellcheck source=tests/lib/tap.sh
. "$here/../lib/tap.sh"
# shellcheck source=tests/cli/terminal.sh
. "$here/terminal.sh"

pids=()
clean_up() {
	terminal kill-server 2>/dev/null
	[[ ${#pids[@]} -eq 0 ]] || kill -9 "${pids[@]}" 2>/dev/null
	! mountpoint -q "$work/small" || umount "$work/small"
}

# until_true COMMAND...: it is true within a while.
until_true() {
	for _ in $(seq 300); do
		! "$@" >/dev/null 2>&1 || return 0
		sleep 0.05
	done
	return 1
}

# begin COMMAND...: in the background, with this standard input; $pid.
begin() {
	"$@" <&0 &
	pid=$!
	pids+=("$pid")
}

# machine NAME [COMMAND...]: listens at NAME.line; without a command it sends what is written to descriptor $typed.
machine() {
	local name=$1

	shift
	if [[ $# -eq 0 ]]; then
		mkfifo "$name.typed"
		exec {typed}<>"$name.typed"
		begin python3 "$tools/bridge.py" "$name.line" "$name.received" <"$name.typed"
	else
		begin python3 "$tools/bridge.py" "$name.line" "$name.received" "$@" </dev/null
	fi
	until_true test -S "$name.line"
}

# serve NAME OPTION...: at the socket NAME; $server_pid.
serve() {
	local name=$1

	shift
	: >"$name.err"
	begin "$sccon" serve -v -s "$name" "$@" "unix:$name.line" 2>"$name.err"
	server_pid=$pid
	until_true grep -q 'the line is' "$name.err"
}

# has_logged FILE LOG: the log has these bytes, and no others.
has_logged() {
	"$sccon" log --raw "$2" 2>.output | cmp - "$1" >>.output 2>&1
}

stop() {
	kill "$1"
	until_true not_there "$1"
}

not_there() { ! kill -0 "$1" 2>/dev/null; }

# --- rotation under load: every byte of a console that sends anything

head -c 3000000 /dev/urandom >random
seq 200000 | sed 's/$/\r/' >numbers
cat random numbers random >load.bytes
machine load
mkdir logs
serve load --log logs/load --rotate 128K --keep 2000
begin "$sccon" log -f --raw logs/load >followed
cat load.bytes >&"$typed"
until_true has_logged load.bytes logs/load
has_logged load.bytes logs/load
ok 'rotated files have every byte of 7 MB' $?
ls logs >.output
[[ $(wc -l <.output) -gt 100 ]]
ok 'there are many of them' $?
found=$(find logs -size +128k)
found_nothing 'none of them is too large'
until_true cmp load.bytes followed
cmp load.bytes followed >.output 2>&1
ok 'who follows over rotations gets every byte' $?
"$sccon" status --json unix:load >.output 2>&1
says '"records_dropped":0' 'status tells of the log'

# --- a server that is killed

head -c 20000000 /dev/zero | tr '\0' 'x' | fold -w 99 >flood
cat flood >&"$typed" &
flood=$!
until_true test -e logs/load.200
kill -9 "$server_pid"
until_true not_there "$server_pid"
kill "$flood"
wait "$flood" 2>/dev/null
expect 0 'the log of a server that was killed is whole' "$sccon" log logs/load
"$sccon" log --raw logs/load >raw
cat load.bytes flood >sent
cmp -n "$(stat -c %s raw)" sent raw >.output 2>&1
ok 'and has every byte up to there' $?
[[ $(stat -c %s raw) -gt 8000000 ]]
ok 'which are some' $?
exec {typed}>&-

# --- hostile bytes, and the forms of the log

machine hostile
serve hostile --log hostile.log --log-input
printf 'safe \\ text\r\n\033]0;title\007\033[31mred\033[0m\000\177\302\233\342\200\256\377\nlogin: ' >bytes
cat bytes >&"$typed"
until_true has_logged bytes hostile.log
"$sccon" log hostile.log >.output
! LC_ALL=C grep -qP '[\x00-\x09\x0b-\x1f\x7f]' .output
ok 'what is shown has no control character' $?
matches '^[-0-9]{10}T[:0-9]{8}\.[0-9]{3}Z \| safe \\\\ text$' 'a line has its time'
says '/ \x1b]0;title\x07\x1b[31mred\x1b[0m\x00\x7f\xc2\x9b\xe2\x80\xae\xff' 'the rest is escaped'
matches '\+ login: $' 'a prompt is there before its line ends'
matches '# the log begins' 'the log says when it begins'
"$sccon" log --plain hostile.log >.output
says '/ red\xc2\x9b' '--plain leaves sequences out'
"$sccon" log --json hostile.log | python3 -c '
import json, sys
for line in sys.stdin:
    record = json.loads(line)
    if record["kind"] in ("line", "part"):
        data = bytes.fromhex(record["text_hex"]) if "text_hex" in record else record["text"].encode()
        sys.stdout.buffer.write(data + record["end"].encode())' >.output
cmp .output bytes
ok '--json has every byte' $?
printf 'send "root\\r"\n' >script
expect 0 'a script types' "$sccon" chat unix:hostile script
until_true grep -q root hostile.received
until_true grep -q '< root' hostile.log
"$sccon" log hostile.log >.output
matches '< root\\x0d$' 'what was sent is in the log'
matches '# .*writes' 'who writes is in the log'
expect 0 'a time long ago' "$sccon" log --since 1h hostile.log
says 'login: ' 'since then there is all'
expect 0 'a time to come' "$sccon" log --since 2099-01-01T00:00:00Z hostile.log
says_not 'login: ' 'since then there is nothing'
expect 0 'a time that has passed' "$sccon" log --until 2001-01-01T00:00:00.000Z hostile.log
says_not 'login: ' 'until then there was nothing'
expect 2 'what is no time' "$sccon" log --since yesterday hostile.log
expect 2 'two forms at once' "$sccon" log --raw --json hostile.log
expect 3 'a log that is not there' "$sccon" log nowhere
printf 'rubbish\033[31m\n' >rubbish
expect 1 'what is no log' "$sccon" log rubbish
says_not $'\033' 'is not shown'
expect 3 'a log that another server writes' "$sccon" serve -s other --log hostile.log unix:hostile.line
says 'another process logs there' 'is refused in words'
expect 2 'a rotation of no log' "$sccon" serve -s other --rotate 1M unix:hostile.line

# --- logrotate's way

mv hostile.log hostile.old
kill -HUP "$server_pid"
until_true test -e hostile.log
printf 'afterwards\n' >&"$typed"
until_true grep -q afterwards hostile.log
grep -q afterwards hostile.log
ok 'SIGHUP opens the log anew' $?
! grep -q afterwards hostile.old
ok 'and nothing more goes to the old one' $?
stop "$server_pid"
tail -n 1 hostile.log >.output
says '# the log ends' 'the log says when it ends'
exec {typed}>&-

# --- a full disk

mkdir small
if [[ $(id -u) -eq 0 ]] && mount -t tmpfs -o size=1600k tmpfs small 2>/dev/null; then
	machine full
	serve full --log small/log
	dd if=/dev/zero of=small/filler bs=1k count=1590 2>/dev/null
	seq 20000 >bytes
	cat bytes >&"$typed"
	until_true grep -q 'waits in memory' full.err
	cp full.err .output
	says 'No space left on device: the log waits in memory' 'a full disk is told'
	rm small/filler
	until_true grep -q 'written again' full.err
	grep -c 'No space left' full.err >.output
	[[ $(cat .output) == 1 ]]
	ok 'once' $?
	printf 'and on\n' >&"$typed"
	until_true grep -q 'and on' small/log
	"$sccon" log --raw small/log >raw
	"$sccon" log small/log | sed -n 's/.*# \([0-9]*\) records\{0,1\} .*missing here.*/\1/p' >missing
	lost=$(awk '{ sum += $1 } END { print sum + 0 }' missing)
	echo "$(wc -l <raw) lines, $lost missing" >.output
	[[ $(($(wc -l <raw) + lost)) -eq 20001 ]]
	ok 'every line is there, or is counted where it is missing' $?
	stop "$server_pid"
	exec {typed}>&-
	umount small
else
	for name in 'a full disk is told' 'once' 'every line is there, or is counted where it is missing'; do
		skip "$name" 'tmpfs cannot be mounted'
	done
fi

# --- what who attaches later sees: the same as who was there from the beginning

same_screen() {
	terminal capture-pane -pe >.output
	cmp -s .output "$1"
}

# is_still: nothing has changed on the screen for a moment.
is_still() {
	terminal capture-pane -pe >.before
	sleep 0.3
	same_screen .before
}

# look NAME OPTION...: attaches in a terminal. What the command says itself is no part of the screen.
look() {
	# shellcheck disable=SC2016
	open_terminal 80 24 sh -c 'exec "$@" 2>/dev/null' sh "$sccon" attach -e none "${@:2}" "unix:$1"
}

where_is_cursor() { terminal display-message -p '#{cursor_x},#{cursor_y} #{cursor_flag} #{alternate_on}'; }

# compare_screens NAME SOCKET
compare_screens() {
	until_true is_still
	terminal capture-pane -pe >first
	where_is_cursor >first-cursor
	look "$2" -r
	until_true same_screen first
	diff first .output >.difference
	local result=$?
	where_is_cursor >second-cursor
	cp .difference .output
	ok "$1" $result
	diff first-cursor second-cursor >.output
	ok "$1: the cursor, and which screen it is" $?
}

machine screen python3 "$tools/screen.py"
serve screen
look screen
shows 'colour 7' 'a full-screen program'
press 'hello' Enter
shows 'line 1: hello' 'it is typed to'
press 'some more'
shows 'some more' 'a line that is not at its end'
compare_screens 'who attaches later sees the same screen' screen
stop "$server_pid"

if command -v vim >/dev/null; then
	seq 1 400 | sed 's/.*/int line_&(const char *text); \/* & *\//' >text.c
	machine vim vim -u NONE -N -n --cmd 'syntax on' --cmd 'set number hlsearch' text.c
	serve vim
	look vim
	shows 'int line_1\(' 'vim'
	press '50G' '/line_6' Enter 'ofoo bar' Escape
	shows 'foo bar' 'vim is typed to'
	no_insert() { ! terminal capture-pane -p | grep -q INSERT; }
	until_true no_insert
	compare_screens 'who attaches to vim later sees the same screen' vim
	stop "$server_pid"
else
	skip 'vim' 'there is none'
fi

# look_small WIDTH HEIGHT: at the console modes, in a terminal of that size.
look_small() {
	# shellcheck disable=SC2016
	open_terminal "$1" "$2" sh -c '"$@" 2>/dev/null; echo ended' sh "$sccon" attach -r unix:modes
}

# has_modes WANTED NAME: of the terminal.
has_modes() {
	local format='#{scroll_region_upper}-#{scroll_region_lower} #{cursor_x},#{cursor_y} insert #{insert_flag} origin #{origin_flag} wrap'

	format="$format #{wrap_flag} alternate #{alternate_on} keys #{keypad_cursor_flag}#{keypad_flag} mouse #{mouse_button_flag}#{mouse_sgr_flag}"
	for _ in $(seq 100); do
		terminal display-message -p "$format" >.output
		[[ $(cat .output) != "$1" ]] || break
		sleep 0.05
	done
	[[ $(cat .output) == "$1" ]]
	ok "$2" $?
}

machine modes
serve modes --log modes.log
(
	for row in $(seq -w 24); do
		printf '\033[%d;1H%s' "$((10#$row))" "row-$row-"
		printf 'x%.0s' {1..72}
		printf 'e'
	done
	# A region, rows counted from it, insertion, no wrapping; the keys of an application, a mouse.
	printf '\033[18;23r\033[?6h\033[4h\033[?7l\033[?1;1002;1006h\033=\033[3;70H'
) >modes.bytes
cat modes.bytes >&"$typed"
until_true has_logged modes.bytes modes.log
look_small 40 10
shows '^row-20-x{32,33}$' 'a smaller terminal has the row with the cursor'
terminal capture-pane -p >.output
[[ $(sed 's/x.*//' .output | xargs) == "$(seq -f 'row-%g-' -s ' ' 11 20)" ]]
ok 'and those above it, each cut to its width' $?
has_modes '7-9 39,9 insert 1 origin 1 wrap 0 alternate 0 keys 11 mouse 11' 'regions and modes are those of the console'
printf '\033[1;1Hfirst\033[3;1Hthird' >&"$typed"
shows '^thirdrow-20-' 'what comes next is drawn where it belongs: inserted'
terminal capture-pane -p >.output
matches '^firstrow-18-' 'and in rows of the region'
press '~' .
shows 'ended' 'the end'
terminal display-message -p '#{scroll_region_upper}-#{scroll_region_lower} insert #{insert_flag} wrap #{wrap_flag} keys #{keypad_cursor_flag}#{keypad_flag} mouse #{mouse_button_flag}#{mouse_sgr_flag}' >.output
[[ $(cat .output) == '0-9 insert 0 wrap 1 keys 00 mouse 00' ]]
ok 'the terminal has its modes back' $?
look_small 100 30
shows '^row-17-x{72}e$' 'a larger terminal has all of each row'
stop "$server_pid"
exec {typed}>&-

# --- scripts

cat >getty <<'END'
name=
while [ -z "$name" ]; do
	printf 'Debian\n\nlogin: '
	read -r name
done
printf 'Password: '
read -r password
if [ "$password" = secret ]; then
	printf 'Welcome, %s\n\033[1m#\033[0m ' "$name"
else
	printf 'Login incorrect\nBUG: wrong\n'
fi
read -r rest
stty size
exec cat
END
machine login sh ./getty
serve login --log login.log
cat >script <<'END'
# logs in
timeout 20s
on /BUG:|Oops/ fail "the kernel is broken"
on "incorrect" fail
send "\r" # the prompt was there before
expect "login: "
send "root\r"
expect "Password: "
send "secret\r"
expect /Welcome, [a-z]+/
print "logged in"
END
expect 0 'a script logs in' "$sccon" chat unix:login script
says 'logged in' 'and says so'
stop "$server_pid"
machine wrong sh ./getty
serve wrong
sed 's/secret/guess/' script >other
expect 14 'a script fails at what must not come: the exit code has its line' "$sccon" chat unix:wrong other
says 'other:4: "incorrect" came' 'it says where'
says 'Login incorrect' 'and what the machine sent last'
printf 'timeout 100ms\n\nexpect "never \\x1b[1m"\n' >other
expect 13 'a script waits for so long' "$sccon" chat unix:wrong other
says 'other:3: "never \x1b[1m" has not come within 0.1 s' 'it says for what, made harmless'
printf '\nsned "x"\n' >other
expect 2 'what is no script' "$sccon" chat unix:wrong other
says 'other:2: sned: no such statement; did you mean send?' 'is refused with its line'
expect 2 'the same without a console' "$sccon" chat -n unix:nowhere other
expect 0 'a good one' "$sccon" chat -n unix:nowhere script
expect 3 'a console that is not there' "$sccon" chat unix:nowhere script
begin "$sccon" attach -e none unix:wrong </dev/null >/dev/null 2>attach.err
until_true grep -q 'you write' attach.err
printf 'send "x"\n' >other
expect 3 'somebody else writes' "$sccon" chat unix:wrong other
says '--force takes over' 'the script says how to take over'
expect 0 'taken over' "$sccon" chat --force unix:wrong other
until_true grep -q x wrong.received
printf 'expect "nothing"\n' >other
"$sccon" chat --force unix:wrong other >.output 2>&1 &
chat=$!
has_writer() { "$sccon" status unix:wrong | grep -q chat; }
until_true has_writer
stop "$server_pid"
wait "$chat"
[[ $? -eq 11 ]]
ok 'a console that ends fails what is waited for' $?
says 'has not come before the console ended' 'in words'

echo "1..$count"
