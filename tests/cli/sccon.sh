#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# sccon serve, attach and status with real processes: watchers and a writer, lines that go away, clients and servers that
# misbehave, TLS, a real terminal. In the Test Anything Protocol.
#
#   sccon.sh SCCON TOOLS     TOOLS: the folder of machine.py and client.py
set -uo pipefail

usage='usage: sccon.sh SCCON TOOLS'
sccon=$(realpath "${1:?$usage}")
tools=$(realpath "${2:?$usage}")
here=$(dirname "$(realpath "$0")")
# shellcheck source=tests/lib/tap.sh
. "$here/../lib/tap.sh"
# shellcheck source=tests/cli/terminal.sh
. "$here/terminal.sh"

# shellcheck source=tests/cli/sccon-processes.sh
. "$here/sccon-processes.sh"

## usage

expect 2 "serve: no line" "$sccon" serve -s x
expect 2 "serve: two lines" "$sccon" serve -s x a b
expect 2 "serve: a mode that is none" "$sccon" serve --mode 888 -s x /dev/null
expect 2 "serve: a mode that is too long" "$sccon" serve --mode 7777 -s x /dev/null
expect 2 "serve: a key without a certificate" "$sccon" serve --key x -s x /dev/null
expect 3 "serve: nowhere to listen" "$sccon" serve /dev/null
says "--socket or --tcp is missing" "it says what is missing"
touch file
expect 3 "serve: a file is no line" "$sccon" serve -s x ./file
says "neither a device nor a socket" "it says so"
expect 3 "serve: a speed that is none" "$sccon" serve -s x --speed 12345 /dev/ttyS9
says "no usual speed" "it says so"
expect 2 "serve: data bits that no line has" "$sccon" serve -s x --databits 9 /dev/ttyS9
expect 2 "serve: a parity that is none" "$sccon" serve -s x --parity maybe /dev/ttyS9
expect 2 "serve: stop bits that no line has" "$sccon" serve -s x --stopbits 3 /dev/ttyS9
expect 2 "serve: a flow control that is none" "$sccon" serve -s x --flow dtr /dev/ttyS9
expect 3 "serve: parity for a socket" "$sccon" serve -s x --parity even tcp:127.0.0.1:1
says "no serial device" "it says so"
expect 3 "serve: a word is no line" "$sccon" serve -s x word
expect 3 "serve: a file is where the socket should be" "$sccon" serve -s file tcp:127.0.0.1:1
says "there is something that is no socket" "it says so"
test -f file
ok "and the file is still there" $?
expect 3 "serve: TCP beyond the loopback without TLS" "$sccon" serve -t 0.0.0.0:7 tcp:127.0.0.1:1
says "only with TLS" "it says so"
expect 3 "serve: a group that is none" "$sccon" serve -s x --group no-such-group tcp:127.0.0.1:1
test ! -e x
ok "and no socket is left" $?
expect 2 "attach: no target" "$sccon" attach
expect 2 "attach: --read-only and --force" "$sccon" attach -r -f x
expect 2 "attach: an escape that is none" "$sccon" attach -e ab x
expect 2 "attach: a port that is none" "$sccon" attach host:0
expect 2 "attach: --ca without TLS" "$sccon" attach --ca x host:7
expect 3 "attach: nobody listens" "$sccon" attach ./nowhere
expect 3 "attach: a name of /run/sccon" "$sccon" attach no-such-console
says "/run/sccon/no-such-console" "it says where it looked"
expect 2 "status: --root and a target" "$sccon" status --root / ./x
expect 3 "status: nobody listens" "$sccon" status ./nowhere

## a writer and watchers

machine pty tty
serve one --name console --clients 8 "$work/tty"
[[ $(stat -c %a one) == 600 ]]
ok "the socket is its owner's" $?
expect 3 "a second server at the same socket" "$sccon" serve -s one tcp:127.0.0.1:1
says "another program listens there" "it says so"
expect 3 "a second server at the same line" timeout -s KILL 60 "$sccon" serve -s one "$work/tty"
attach writer ./one
writer=$pid writer_input=$input
comes 'you write' writer.err "who attaches first writes"
watch watcher ./one
attach second ./one
second_input=$input
comes 'writes: you watch' second.err "who comes later watches"
echo hello >&"$writer_input"
for name in writer watcher second; do
	comes '^<hello>' $name.out "$name sees the answer"
done
is_status one "['clients'][0]['writes']" True
ok "status says who writes" $?
expect 0 "status for people" "$sccon" status ./one
matches '^writer    .*uid' "it names the writer"
matches '^line .*: there' "and says that the line is there"
echo not-mine >&"$second_input"

attach third -f ./one
third=$pid third_input=$input
comes 'you write' third.err "--force takes over"
comes 'has taken over' writer.err "and who wrote is told"
echo from-third >&"$third_input"
comes '^<from-third>' watcher.out "who took over writes"
comes_not 'not-mine' watcher.out "who watches does not"
echo too-late >&"$writer_input"
kill "$third"
ends_with 143 "$third" "attach ends by the signal"
comes 'does not write any more: nobody does' watcher.err "who watches learns that nobody writes"
comes_not 'too-late' watcher.out "what was typed afterwards is not sent"
attach fourth ./one
comes 'you write' fourth.err "who asks then writes"
exec {third_input}>&-

begin python3 "$tools/client.py" one name 1b5d303b6576696c07
comes '[?].0;evil[?] .uid' watcher.err "names of clients are escaped"
grep -qa $'\033' watcher.err
ok "and none speaks to the terminal" $((!$?))
comes '[?].0;evil[?] .uid' one.log "in the server's messages, too"
grep -qa $'\033' one.log
ok "and there none does, either" $((!$?))

## strangers

for seed in 1 2 3; do
	python3 "$tools/client.py" one garbage $seed >.output 2>&1
	ok "garbage $seed" $?
done
expect 0 "an HTTP client" python3 "$tools/client.py" one send 474554202f20485454502f312e310d0a0d0a
says "use sccon attach" "it is told what this is"
expect 0 "another version" python3 "$tools/client.py" one send 534343434f4e20390a
expect 0 "version 9" python3 "$tools/client.py" one send 5343434f4e20390a
says "speaks version 1" "it is told which one this is"
expect 0 "a frame before hello" python3 "$tools/client.py" one send 5343434f4e20310a02000000
says "says hello first" "it is told so"
expect 0 "status after all that" "$sccon" status ./one
grep -q 'does not speak the protocol' one.log
ok "the server says that strangers came" $?
comes_not 'does not speak the protocol' watcher.err "and does not trouble who watches with them"
begin python3 "$tools/client.py" one silent >silent.out
begin python3 "$tools/client.py" one flood >flood.out
comes 'takes no more' flood.out "who asks for ever and reads nothing is not read from"
expect 0 "and others are served" "$sccon" status ./one
comes '^(9|10|11|12)$' silent.out "who says nothing is sent away"
for number in $(seq 12); do
	begin "$sccon" attach -r ./one </dev/null >/dev/null 2>"more-$number"
done
until_true grep -q 'as many clients as may be' more-*
ok "there is an end to clients" $?
kill "${pids[@]: -12}" 2>/dev/null
echo again >&"$input"
comes '^<again>' watcher.out "the console works as before"
kill "$server_pid"
ends_with 0 "$server_pid" "the server ends as asked"
ends_with 1 "$writer" "attach ends, and says that the server did"
comes 'the server ends' writer.err "it says why"
test ! -e one
ok "the socket is gone" $?

## a server that is not to be trusted

# hostile NAME HEX [COUNT]: behind a greeting.
hostile() {
	begin python3 "$tools/server.py" "$1" "5343434f4e20310a$2" "${@:3}"
	until_true test -S "$1"
}

hostile words 0c0000051b5b324a780d0000041b5d3078
expect 1 "notices with control sequences" "$sccon" attach ./words
says 'x1b[2Jx' "they are escaped"
says 'x1b]0x' "also the last one"
hostile refuses 060000041b5b324a0d000000
expect 1 "the name of who writes" "$sccon" attach ./refuses
says 'x1b[2J writes' "is escaped, too"
hostile no-frame ff000000
expect 3 "what is no frame" "$sccon" attach ./no-frame
hostile no-json 0b0000035b317d0b000000
expect 3 "a status that is no JSON" "$sccon" status ./no-json
hostile array 0b0000025b5d0b000000
expect 3 "a status that is no object" "$sccon" status ./array
text=$(printf '%s' '{"line":7,"clients":[1],"name":"\u001b"}' | xxd -p -c 256)
hostile other "0b00$(printf %04x $((${#text} / 2)))${text}0b000000"
expect 1 "a status of another kind" "$sccon" status ./other
hostile endless "0b000400$(printf '78%.0s' {1..1024})" 1028
expect 3 "a status without an end" "$sccon" status ./endless
says 'too large' "it says so"
begin python3 "$tools/server.py" version 5343434f4e20370a
until_true test -S version
expect 3 "a server of another version" "$sccon" status ./version
says 'another version' "it says so"
begin python3 "$tools/server.py" ssh 5353482d322e302d780d0a
until_true test -S ssh
expect 3 "a server of something else" "$sccon" attach ./ssh
says 'no server of sccon' "it says so"

echo "1..$count"
