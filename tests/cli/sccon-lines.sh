#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# sccon: lines that go away, are slow, or are fast; servers that are killed; TLS; a real terminal; systemd. In the Test
# Anything Protocol.
#
#   sccon-lines.sh SCCON TOOLS     TOOLS: the folder of machine.py and client.py
set -uo pipefail

usage='usage: sccon-lines.sh SCCON TOOLS'
sccon=$(realpath "${1:?$usage}")
tools=$(realpath "${2:?$usage}")
here=$(dirname "$(realpath "$0")")
# shellcheck source=tests/lib/tap.sh
. "$here/../lib/tap.sh"
# shellcheck source=tests/cli/terminal.sh
. "$here/terminal.sh"
# shellcheck source=tests/cli/sccon-processes.sh
. "$here/sccon-processes.sh"

# processor_time PID: in hundredths of a second.
processor_time() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }

# is_size BYTES FILE
is_size() { [[ $(stat -c %s "$2") -eq $1 ]]; }

head -c 10000000 /dev/urandom >data

# watched_by NAME N: until so many watch at the server.
watched_by() {
	until_true is_status "$1" "['clients'].__str__().count(\"'watches': True\")" "$2"
}

## 10 MB in each direction, over each kind of line

for kind in pty unix; do
	machine sink-$kind sink-$kind-line sink-$kind
	serve up-$kind "unix:./sink-$kind-line" 2>/dev/null
	if [[ $kind == pty ]]; then
		kill "$server_pid"
		wait "$server_pid"
		serve up-$kind ./sink-$kind-line
	fi
	: >up-$kind.err
	begin "$sccon" attach ./up-$kind <data >/dev/null 2>up-$kind.err
	until_true is_size 10000000 sink-$kind
	cmp data sink-$kind >.output 2>&1
	ok "10 MB to the machine, $kind" $?
	is_status up-$kind "['counters']['to_machine']" 10000000
	ok "and they are counted" $?

	machine $kind line-$kind data
	serve down-$kind --buffer 16M ./line-$kind
	watch watch-$kind ./down-$kind
	attach write-$kind -l log-$kind ./down-$kind
	begin python3 "$tools/client.py" down-$kind sleepy wake-$kind >sleepy-$kind
	watched_by down-$kind 3
	echo send >&"$input"
	for out in watch-$kind.out write-$kind.out log-$kind; do
		until_true is_size 10000000 "$out"
		cmp data "$out" >.output 2>&1
		ok "10 MB from the machine, $kind: $out" $?
	done
	touch wake-$kind
	comes '^10000000 0$' sleepy-$kind "who slept has them, too"
done

## a watcher that does not read

machine unix line-slow data
serve slow ./line-slow --buffer 256K
attach slow-writer ./slow
begin python3 "$tools/client.py" slow sleepy wake-slow >sleepy-slow
watched_by slow 2
echo send >&"$input"
until_true is_status slow "['counters']['from_machine']" 10000000
ok "it does not stop the line" $?
is_status slow "['counters']['missed'] > 9000000" True
ok "what it missed is counted" $?
echo still-here >&"$input"
comes '<still-here>' slow-writer.out "others go on"
touch wake-slow
until_true test -s sleepy-slow
read -r came missing <sleepy-slow
echo "$came came, $missing missing" >.output
[[ $((came + missing)) -ge 10000000 && $missing -gt 9000000 ]]
ok "it is told how many bytes it missed" $?

## a slow line

machine pty line-deaf
serve deaf ./line-deaf
attach deaf-writer ./deaf
echo deaf >&"$input"
until_true is_status deaf "['counters']['to_machine']" 5
(for i in $(seq 60000); do echo "line $i"; done) >lines
begin cat lines >&"$input"
until_true is_status deaf "['counters']['waiting_to_machine'] > 40000" True
ok "what is written waits for the line" $?
is_status deaf "['counters']['waiting_to_machine'] <= 65536" True
ok "and not more than may be" $?
touch line-deaf.hear
comes '<line 60000>' deaf-writer.out "all of it arrives"
tr -d '\r' <deaf-writer.out | grep -a '^<line' | cmp - <(sed 's/.*/<&>/' lines) >.output 2>&1
ok "in order" $?
is_status deaf "['counters']['discarded']" 0
ok "nothing was thrown away" $?

echo deaf >&"$input"
until_true is_status deaf "['counters']['waiting_to_machine']" 0
begin python3 "$tools/client.py" deaf abandon
until_true not_there "$pid"
ticks=$(processor_time "$server_pid")
sleep 1
[[ $(($(processor_time "$server_pid") - ticks)) -lt 20 ]]
ok "a writer that has hung up while the line takes nothing costs no processor time" $?
attach successor ./deaf
comes 'you write' successor.err "who hung up while the line takes nothing does not keep others from writing"
touch line-deaf.hear
comes '.' successor.err "and the line goes on"

## serial settings

machine pty line-serial
serve serial --speed 2400 --stopbits 2 --flow rtscts ./line-serial
stty -a -F line-serial >.output
says 'speed 2400 baud' "a serial line has its speed"
matches '(^| )cs8 .* cstopb .* crtscts' "and its stop bits and flow control"
kill "$server_pid"
until_true not_there "$server_pid"
serve serial --flow xonxoff ./line-serial
stty -a -F line-serial >.output
matches '(^| )ixon ixoff' "flow control by characters"
kill "$server_pid"
until_true not_there "$server_pid"
# A pseudo-terminal has eight bits and no parity.
serve serial --databits 7 --parity even ./line-serial
comes 'the line is away: .*this device does not take 7 data bits' serial.log "what the device does not take is said"
kill "$server_pid"
until_true not_there "$server_pid"

## lines that go away

for kind in pty unix; do
	machine $kind line-away-$kind
	serve away-$kind ./line-away-$kind
	attach away-$kind-writer ./away-$kind
	echo away >&"$input"
	comes 'the line is away' away-$kind-writer.err "$kind: who is attached is told that the line went away"
	expect 1 "$kind: status knows" "$sccon" status ./away-$kind
	says "away" "and says so"
	echo typed-meanwhile >&"$input"
	comes 'did not go to the machine' away-$kind-writer.err "$kind: what is typed meanwhile is not kept, and this is said"
	touch line-away-$kind.back
	until_true is_status away-$kind "['line']['came']" 2
	ok "$kind: it is opened again" $?
	echo is-back >&"$input"
	comes '<is-back>' away-$kind-writer.out "$kind: and works"
	comes_not 'typed-meanwhile' away-$kind-writer.out "$kind: what was typed meanwhile is not sent"
done
kill "$server_pid"
serve late unix:./line-later
comes 'the line is away' late.log "a line that is not there yet"
machine unix line-later
comes 'the line is there' late.log "is opened when it comes"
machine tcp tcp-port
serve tcp "127.0.0.1:$(cat tcp-port)"
attach tcp-writer ./tcp
echo by-tcp >&"$input"
comes '<by-tcp>' tcp-writer.out "a line by TCP"

## a server that is killed

machine pty line-kill
serve kill ./line-kill
attach short ./kill
short=$pid
attach long --reconnect ./kill
long_input=$input
kill -9 "$server_pid"
ends_with 3 "$short" "attach ends when the server is killed"
comes 'connecting again' long.err "with --reconnect it tries again"
: >long.err
serve kill --mode 660 --group daemon ./line-kill
[[ $(stat -c '%a %G' kill) == '660 daemon' ]]
ok "another server takes the socket's place, with mode and group" $?
comes 'you write' long.err "and is found"
echo again >&"$long_input"
comes '<again>' long.out "and works"

## TLS

certificate() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=$1" -keyout "$1.key" \
		-out "$1.pem" "${@:2}" 2>/dev/null
}

# signed NAME CA [EXTENSION]: NAME.pem with its key in it.
signed() {
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$1" -keyout "$1.key" -out "$1.csr" 2>/dev/null
	openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -CAcreateserial -days 2 -out "$1.pem" \
		-extfile <(echo "${3-}") 2>/dev/null
	cat "$1.key" >>"$1.pem"
}

certificate ca
certificate other-ca
signed server ca subjectAltName=IP:127.0.0.1,DNS:localhost
signed ann ca
signed eve other-ca
port=
for try in $(seq 20000 20050); do
	! (exec 9<>"/dev/tcp/127.0.0.1/$try") 2>/dev/null || continue
	port=$try
	break
done
machine unix line-tls data
serve tls --buffer 16M -t "0.0.0.0:$port" --cert server.pem --client-ca ca.pem ./line-tls
comes 'the line is there' tls.log "beyond the loopback with TLS"
attach ann --ca ca.pem --cert ann.pem "tls:127.0.0.1:$port"
comes 'you write' ann.err "the right certificates"
echo secret >&"$input"
comes '<secret>' ann.out "and the console works"
expect 0 "status with TLS" "$sccon" status --ca ca.pem --cert ann.pem "tls:127.0.0.1:$port"
says "certificate of ann" "it names who attached by the certificate"
expect 0 "by name" "$sccon" status --ca ca.pem --cert ann.pem "tls:localhost:$port"
expect 3 "a server of another CA" "$sccon" status --ca other-ca.pem --cert ann.pem "tls:127.0.0.1:$port"
says "certificate" "it says that the certificate is wrong"
expect 3 "a server whose CA the system does not know" "$sccon" status --cert ann.pem "tls:127.0.0.1:$port"
expect 3 "a server with another name" "$sccon" status --ca ca.pem --cert ann.pem "tls:127.0.0.2:$port"
says "mismatch" "it says so"
expect 3 "no certificate" "$sccon" status --ca ca.pem "tls:127.0.0.1:$port"
expect 3 "a certificate of another CA" "$sccon" status --ca ca.pem --cert eve.pem "tls:127.0.0.1:$port"
expect 3 "no TLS" timeout 20 "$sccon" status "127.0.0.1:$port"
expect 3 "a certificate that is none" "$sccon" status --ca data "tls:127.0.0.1:$port"
expect 3 "a key of another certificate" "$sccon" serve -t 7 --cert ann.pem --key eve.key ./line-tls
echo still >&"$input"
comes '<still>' ann.out "the console works after all that"
before=$(stat -c %s ann.out)
echo send >&"$input"
until_true is_size $((before + 10000000)) ann.out
tail -c +$((before + 1)) ann.out | cmp - data >.output 2>&1
ok "10 MB from the machine" $?
kill "$server_pid"
until_true not_there "$server_pid"
machine sink-unix line-tls-sink tls-sink
serve tls -t "127.0.0.1:$port" --cert server.pem ./line-tls-sink
begin "$sccon" attach --ca ca.pem "tls:127.0.0.1:$port" <data >/dev/null 2>tls-up.err
until_true is_size 10000000 tls-sink
cmp data tls-sink >.output 2>&1
ok "10 MB to the machine, from a client without a certificate, where none is asked for" $?

## a real terminal

machine pty line-terminal
serve terminal-server ./line-terminal
cat >shell <<END
stty -a >before
$sccon attach "\$@"
echo \$? >attach-code
stty -a >after
END
open_terminal 80 20 sh shell ./terminal-server
shows 'you write' "attach in a terminal"
press hello Enter
shows '<hello>' "what is typed goes to the machine"
press size Enter
shows '<20 x 80>' "which has the size of the terminal"
terminal resize-window -x 60 -y 15 >/dev/null
until_true is_status terminal-server "['clients'][0]['columns']" 60
press size Enter
shows '<15 x 60>' "and its new size"
press '~' '?'
shows 'sends a break' "~? helps"
press '~' b
shows 'sent a break|no break' "~b sends a break"
press '~' '~' x Enter
shows '<~x>' "~~ is ~"
press '~' r
shows 'you watch' "~r lets others write"
press 'lost' Enter
shows 'goes nowhere' "what is typed then is not sent"
press '~' w
shows 'you write.*|.*you write' "~w asks again"
press '~' .
until_true test -s attach-code
until_true test -s after
[[ $(cat attach-code) == 0 ]]
ok "~. ends" $?
diff <(tail -n +2 before) <(tail -n +2 after) >.output
ok "the terminal is as it was" $?

rm -f attach-code after
open_terminal 80 20 sh shell -e ^A ./terminal-server
shows 'you write' "another escape character"
press C-a '?'
shows '\^A\. ends' "helps"
# Another script may have one of its own at this moment.
kill "$(pgrep -f "^$sccon attach -e .* ./terminal-server\$")"
until_true test -s after
[[ $(cat attach-code) == 143 ]]
ok "killed by a signal" $?
diff before after >.output
ok "the terminal is as it was" $?

open_terminal 80 20 bash --norc --noprofile -i
press "$sccon attach -f ./terminal-server" Enter
shows 'you write' "from a shell"
press '~' C-z
shows 'Stopped' "~^Z suspends"
press 'echo in-the-""42' Enter
shows '^in-the-42' "the shell has its terminal"
press fg Enter
press resumed Enter
shows '<resumed>' "and attach goes on"
press '~' .

rm -f attach-code after
open_terminal 80 20 sh shell -f ./terminal-server
shows 'you write' "once more"
kill -9 "$server_pid"
until_true test -s after
[[ $(cat attach-code) == 3 ]]
ok "the server was killed" $?
diff before after >.output
ok "the terminal is as it was" $?

# What listens in its place says nothing: the attempt to connect lasts, and what is typed has its effect meanwhile.
serve silent-server ./line-terminal
cat >silent.py <<'END'
import os, socket
listener = socket.socket(socket.AF_UNIX)
listener.bind('silent-server.new')
listener.listen()
os.rename('silent-server.new', 'silent-server')
while True:
    connection = listener.accept()[0]
    open('silent-came', 'w').close()
    while connection.recv(65536):
        pass
    open('silent-gone', 'w').close()
END
rm -f attach-code after
open_terminal 80 20 sh shell --reconnect ./silent-server
shows 'you write' "with --reconnect"
kill -9 "$server_pid"
begin python3 silent.py
until_true test -e silent-came
press '~' '?'
shows 'sends a break' "~? helps while it connects"
test ! -e silent-gone
ok "and the attempt goes on" $?
press '~' .
until_true test -s attach-code
until_true test -s after
[[ $(cat attach-code) == 0 ]]
ok "~. ends" $?
diff <(tail -n +2 before) <(tail -n +2 after) >.output
ok "the terminal is as it was" $?

## systemd

if command -v systemd-socket-activate >/dev/null; then
	machine unix line-activated
	begin systemd-socket-activate -l "$work/activated" "$sccon" serve -v "$work/line-activated" 2>activated.log
	until_true test -S activated
	expect 0 "a socket of systemd's" "$sccon" status ./activated
else
	skip "a socket of systemd's" "no systemd-socket-activate"
fi
python3 - "$sccon" "$work" >.output 2>&1 <<'END'
import os, signal, socket, subprocess, sys
notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
notify.bind(sys.argv[2] + '/notify')
notify.settimeout(20)
server = subprocess.Popen([sys.argv[1], 'serve', '-s', 'notified', 'unix:./nowhere'],
                          env={**os.environ, 'NOTIFY_SOCKET': sys.argv[2] + '/notify'})
assert b'READY=1' in notify.recv(1000)
server.send_signal(signal.SIGHUP)
server.send_signal(signal.SIGTERM)
assert b'STOPPING=1' in notify.recv(1000)
assert server.wait(20) == 0
END
ok "it tells systemd when it is ready and when it ends; SIGHUP does not end it" $?

## the kernel module

mkdir -p root/sys/module/sccon/parameters root/sys/kernel/debug/sccon empty
echo sal >root/sys/module/sccon/parameters/transport
echo 120 >root/sys/module/sccon/parameters/max_call
printf 'transport sal\nsent 42\nlost_log 0\nnew_number 7\n\nx\n' >root/sys/kernel/debug/sccon/statistics
expect 1 "status: no module" "$sccon" status --root empty
says "is not loaded" "it says so"
expect 0 "status of a module" "$sccon" status --root root
matches 'sent +42  bytes that the firmware took' "figures are explained"
matches 'new_number +7$' "also ones that are not known"
expect 0 "status of a module, JSON" "$sccon" status --json --root root
says '"max_call":120' "it has parameters"
says '"sent":42' "and statistics"
rm root/sys/kernel/debug/sccon/statistics
expect 3 "status without debugfs" "$sccon" status --root root
says "is debugfs mounted?" "it says what may be missing"

echo "1..$count"
