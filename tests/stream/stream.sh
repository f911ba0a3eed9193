#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# lib/stream with a real nats-server, which is killed, refuses, is full, and is away. In the Test Anything Protocol.
#
#   stream.sh STREAM-PUT NETCON-PUT NETCON
# shellcheck disable=SC2119 # nats_start and nats_stop without arguments
set -uo pipefail

usage="usage: stream.sh STREAM-PUT NETCON-PUT NETCON"
put=$(realpath "${1:?$usage}")
netcon_put=$(realpath "${2:?$usage}")
netcon=$(realpath "${3:?$usage}")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"
# shellcheck source=tests/lib/nats.sh
. "$(dirname "$(realpath "$0")")/../lib/nats.sh"

nats_or_skip "lib/stream publishes into JetStream"

publisher=
clean_up() {
	nats_stop
	[[ ! $publisher ]] || kill -9 "$publisher" 2>/dev/null
	wait 2>/dev/null
}

# A server that has nothing, and no spool.
fresh() {
	nats_stop
	rm -rf store spool taken server.log
	nats_start "$@"
}

# The identities in the stream, in their order in it.
identities() { "$put" --url "$nats_url" --read | cut -d' ' -f1; }

# publish OPTION...: in the background, as $publisher; what it says goes to put.log. It is emptied here: a program in
# the background empties it later, and what the one before said would be read until then.
publish() {
	: >put.log
	"$put" --url "$nats_url" --spool spool "$@" >>put.log 2>&1 &
	publisher=$!
}

lines() { { wc -l <"$1" || echo 0; } 2>/dev/null; }
has_lines() { [[ $(lines "$1") -ge $2 ]]; }

# exactly_once NAME FROM TO: the stream has these identities, each once, and no others.
exactly_once() {
	identities >stored
	diff <(seq -f 'id-%.0f' "$2" "$3" | sort) <(sort stored) >.output
	ok "$1" $?
}

# counted NAME=VALUE NAME: a line of counts of the last command has it.
counted() { matches "(^| )$1( |\$)" "$2"; }

segments() { find spool -name '*.segment' | wc -l; }

# --- all is well

fresh
expect 0 "messages are published" "$put" --url "$nats_url" --spool spool --count 1000 --linger 1000
counted "put=1000" "all are put"
exactly_once "each message is stored once" 1 1000
"$put" --url "$nats_url" --read >stored
cmp -s <(cut -d' ' -f1,2 stored) <(seq 1000 | awk '{ print "id-" $1, "test." $1 % 10 }')
ok "they are stored in their order, with their subjects" $?
[[ $(segments) -eq 0 ]]
ok "nothing is left in the spool" $?

# What an answer takes on a busy machine is not known: once in ten times it must be quick.
quiet=1
for ((i = 0; i < 10 && quiet; i++)); do
	before=$(stat -c %y spool)
	"$put" --url "$nats_url" --spool spool --from $((1001 + i * 100)) --count 100 --rate 500 >.output 2>&1
	[[ $(stat -c %y spool) != "$before" ]] || quiet=
done
[[ ! $quiet ]]
ok "while the server answers in time no segment is written" $?

fresh
expect 0 "eight threads put at once" "$put" --url "$nats_url" --spool spool --count 8000 --threads 8
exactly_once "what eight threads put is stored once" 1 8000

expect 0 "the same messages are put again" "$put" --url "$nats_url" --spool spool --count 8000 --linger 10000
counted "duplicates=8000" "the server says that it has them"
exactly_once "what is put twice is stored once" 1 8000

# --- the server is away

fresh
nats_stop
expect 0 "messages are taken while no server is there" "$put" --url "$nats_url" --spool spool --count 2000 --size 1000
says "no server answers" "that no server is there is said"
counted "put=2000" "all are taken"
[[ $(segments) -gt 0 ]]
ok "they are in the spool" $?
nats_start
expect 0 "the next process" "$put" --url "$nats_url" --spool spool --count 0 --close 60
counted "recovered=2000" "it finds them"
exactly_once "it publishes what the one before could not" 1 2000
[[ $(segments) -eq 0 ]]
ok "the spool is empty then" $?

fresh
publish --count 20000 --rate 4000 --size 200 --close 120 --linger 8000 --log taken
for i in 5000 12000; do
	until_true 120 has_lines taken "$i"
	nats_stop KILL
	until_true 120 has_lines taken "$((i + 3000))"
	nats_start
done
wait "$publisher"
code=$?
publisher=
cp put.log .output
ok "a process publishes while the server is killed and started twice" "$code"
matches 'reconnects=[1-9]' "it has connected again"
says "connected" "it says that it has"
exactly_once "all 20000 messages are stored once" 1 20000
[[ $(segments) -eq 0 ]]
ok "no segment is left" $?

# --- the process is killed

# killed_at LINES: kills the publisher when it has put so many messages. $sure: the last that it had put 3 seconds
# before. A second is promised, where the disk keeps up.
killed_at() {
	until_true 120 has_lines taken "$1"
	kill -9 "$publisher"
	wait "$publisher" 2>/dev/null
	publisher=
	sure=$(awk '{ number[NR] = $1; time[NR] = $2 }
		END { for (i = NR; i && time[i] > time[NR] - 3000; i--); print i ? number[i] : 0 }' taken)
}

# stored_at_least NAME LAST: each of the stream once, and all up to LAST.
stored_at_least() {
	identities | sort -t- -k2n >stored
	{ uniq -d stored; comm -23 <(seq -f 'id-%.0f' 1 "$2" | sort) <(sort stored); } >.output
	[[ $2 -gt 0 && ! -s .output ]]
	ok "$1" $?
}

fresh
nats_stop
publish --count 100000 --rate 500 --log taken
killed_at 3000
nats_start
expect 0 "a process after one that was killed" "$put" --url "$nats_url" --spool spool --count 0 --close 60
stored_at_least "the server was away, and the process was killed: what it had put seconds before is stored once" "$sure"

fresh
publish --count 100000 --rate 1000 --log taken
until_true 120 has_lines taken 2000
nats_stop KILL
killed_at 6000
nats_start
last=$(tail -n 1 taken | cut -d' ' -f1)
expect 0 "a process after both were killed" "$put" --url "$nats_url" --spool spool --from $((last + 1)) --count 1000 --close 60
stored_at_least "both were killed: what was put seconds before is stored once" "$sure"
[[ $(tail -n 1 stored) == "id-$((last + 1000))" ]]
ok "new messages come behind them" $?

fresh
nats_stop
publish --count 500 --flush --linger 100000
until_true 60 grep -q '^put=' put.log
kill -9 "$publisher"
wait "$publisher" 2>/dev/null
publisher=
nats_start
expect 0 "a process after one that flushed" "$put" --url "$nats_url" --spool spool --count 0 --close 60
exactly_once "what is flushed is there after the process is killed" 1 500

# --- limits

fresh
nats_stop
expect 0 "more is put than the spool may take" "$put" --url "$nats_url" --spool spool --limit 200000 --count 10000 --go-on
taken=$(sed -n 's/^put=\([0-9]*\) .*/\1/p' .output)
counted "refused=$((10000 - taken))" "what is refused is counted"
[[ $taken -gt 500 && $taken -lt 2000 && $(cat spool/*.segment | wc -c) -le 200000 ]]
ok "the spool keeps to its limit" $?
expect 5 "a refusal is an error of stream_put" "$put" --url "$nats_url" --spool spool --limit 200000 --count 10000
says "No space left on device" "the error says so"
nats_start
expect 0 "the server is back" "$put" --url "$nats_url" --spool spool --limit 200000 --count 0 --close 60
identities >stored
[[ $(head -n "$taken" stored | sort -u) == "$(seq -f 'id-%.0f' 1 "$taken" | sort)" ]]
ok "the oldest are kept" $?

fresh
nats_stop
expect 3 "the disk takes no more" "$put" --url "$nats_url" --spool spool --count 3000 --file-size 100000 --linger 2000
says "the spool cannot be written: File too large" "that is said"
says "close: File too large" "and returned by the last function"
nats_start
expect 0 "there is room again" "$put" --url "$nats_url" --spool spool --count 0 --close 60
counted "damaged=0" "no half is left"
stored_at_least "what was written before is stored" 500

fresh
"$put" --url "$nats_url" --make 100
publish --count 300 --linger 15000 --close 60
until_true 60 grep -q "not stored" put.log
identities >stored
"$put" --url "$nats_url" --make 1000000
wait "$publisher"
code=$?
publisher=
cp put.log .output
ok "a stream is full for a time" "$code"
says "the message is not stored: maximum messages exceeded" "what the server says is said"
says "JetStream stores messages again" "that it is over is said"
[[ $(lines stored) -eq 100 ]]
ok "it had what it takes" $?
exactly_once "the others are stored when there is room" 1 300

"$put" --url "$nats_url" --make 300
expect 0 "a process ends while the stream is full" "$put" --url "$nats_url" --spool spool --from 301 --count 50 --linger 1000
counted "waiting=50" "its messages wait"
"$put" --url "$nats_url" --make 1000000
expect 0 "the next one" "$put" --url "$nats_url" --spool spool --count 0 --close 60
exactly_once "publishes them" 1 350

fresh
expect 0 "a message is larger than the server takes" "$put" --url "$nats_url" --spool spool --count 1 --size 2000000 --linger 2000
counted "rejected=1" "it is counted"
says "more than the server takes" "it is said"
expect 0 "and others" "$put" --url "$nats_url" --spool spool --from 2 --count 10
exactly_once "do not wait for it" 2 11

# --- what is wrong

expect 3 "a folder that is not there" "$put" --url "$nats_url" --spool no/such
says "No such file or directory" "is said"
publish --count 0 --flush --linger 100000
until_true 60 grep -q '^put=' put.log
expect 3 "two processes want the same spool" "$put" --url "$nats_url" --spool spool
says "another process has this spool open" "the second one is told"
kill "$publisher"
wait "$publisher" 2>/dev/null
publisher=

expect 0 "a stream that is not to be made" "$put" --url "$nats_url" --spool spool --name OTHER --prefix other --must-exist \
	--linger 2000 --close 1
says "there is no stream OTHER" "is missed"
expect 0 "no stream takes the subject" "$put" --url "$nats_url" --spool spool2 --name "" --prefix elsewhere --linger 2000 --close 1
says "no stream takes the subject" "that is said"
counted "waiting=1" "the message waits"

nats_stop
rm -rf spool spool2
nats-server -a 127.0.0.1 -p "$nats_port" >>server.log 2>&1 &
nats_server=$!
until_true 60 nats_listens
expect 0 "a server without JetStream" "$put" --url "$nats_url" --spool spool --linger 6000 --close 1
says "JetStream is not enabled" "is told from others"

fresh --user somebody --pass secret
expect 0 "no credentials" "$put" --url "$nats_url" --spool spool --count 10 --linger 2000 --close 1
says "the server refuses the credentials" "that they are refused is said"
counted "waiting=10" "the messages wait"
expect 0 "wrong credentials" "$put" --url "nats://somebody:wrong@127.0.0.1:$nats_port" --spool spool --from 11 --count 10 \
	--linger 2000 --close 1
says "the server refuses the credentials" "that they are wrong is said"
grep -v '^exit code' .output >said && ! grep -F wrong said
ok "and not what they are" $?
nats_url=nats://somebody:secret@127.0.0.1:$nats_port
expect 0 "right credentials" "$put" --url "$nats_url" --spool spool --from 21 --count 10 --close 60
exactly_once "the messages that waited are stored" 1 30
nats_url=nats://127.0.0.1:$nats_port
expect 3 "credentials that are not there" "$put" --url "$nats_url" --spool spool --credentials no.creds
says "no.creds: No such file or directory" "the file is named"

cat >server.conf <<END
accounts: { A: { jetstream: enabled, users: [
	{ user: all, password: x },
	{ user: few, password: x, permissions: { publish: [ "\$JS.API.>" ], subscribe: [ ">" ] } } ] } }
END
fresh -c server.conf
expect 0 "a subject that the user may not publish" "$put" --url "nats://few:x@127.0.0.1:$nats_port" --spool spool --linger 5000 --close 1
says "Permissions Violation" "what the server says is said"
nats_url=nats://all:x@127.0.0.1:$nats_port
expect 0 "another user" "$put" --url "$nats_url" --spool spool --count 0 --close 60
exactly_once "may" 1 1
nats_url=nats://127.0.0.1:$nats_port

# --- TLS

# certificate NAME HOST: a CA, and a key with a certificate of it.
certificate() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=CA of $1" \
		-keyout "$1-ca.key" -out "$1-ca.pem" 2>/dev/null &&
		openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$2" \
			-keyout "$1.key" -out "$1.csr" 2>/dev/null &&
		openssl x509 -req -in "$1.csr" -CA "$1-ca.pem" -CAkey "$1-ca.key" -CAcreateserial -days 2 \
			-extfile <(echo "subjectAltName=DNS:$2") -out "$1.pem" 2>/dev/null
}

# A certificate is for a name.
if getent ahosts localhost >/dev/null; then
	certificate right localhost && certificate wrong elsewhere.example
	ok "certificates are made" $?
	fresh --tls --tlscert right.pem --tlskey right.key
	expect 0 "a server that wants TLS, of a CA that the system does not know" "$put" --url "nats://localhost:$nats_port" \
		--spool spool --linger 1000 --close 1
	says "TLS: " "is not trusted"
	expect 0 "another CA" "$put" --url "nats://localhost:$nats_port" --spool spool --ca wrong-ca.pem --from 2 --linger 1000 --close 1
	says "TLS: " "is said"
	counted "waiting=2" "nothing is sent"
	expect 0 "its CA" "$put" --url "nats://localhost:$nats_port" --spool spool --ca right-ca.pem --from 3 --linger 1000 --close 60
	counted "waiting=0" "with its CA all is sent"
	nats_stop
	nats_start --tls --tlscert wrong.pem --tlskey wrong.key
	expect 0 "the name of another host" "$put" --url "nats://localhost:$nats_port" --spool spool --ca wrong-ca.pem --from 4 \
		--linger 1000 --close 1
	counted "waiting=1" "nothing is sent to it"
else
	skip "TLS" "localhost has no address here"
fi
expect 3 "a CA that is not there" "$put" --url "$nats_url" --spool spool --ca no.pem
says "no.pem: No such file or directory" "is named"
expect 3 "a CA that is none" "$put" --url "$nats_url" --spool spool --ca server.conf
says "server.conf: " "is named too"

# --- a damaged spool

fresh
nats_stop
expect 0 "messages" "$put" --url "$nats_url" --spool spool --count 100
for i in spool/*.segment; do
	head -c 1000 /dev/urandom >>"$i"
done
nats_start
expect 0 "the spool has a torn end" "$put" --url "$nats_url" --spool spool --count 0 --close 60
says "the spool has 1000 damaged bytes" "it is said"
counted "damaged=1000" "and counted"
exactly_once "the messages before it are stored" 1 100

# --- netcon's output

fresh
boot=01234567-89ab-cdef-0123-456789abcdef
expect 0 "netcon's output" "$netcon_put" "$nats_url" spool "$boot" '6,339,5140900,-;a "quoted" line
 DRIVER=x' 'basic text'
expect 0 "the same again" "$netcon_put" "$nats_url" spool "$boot" '6,339,5140900,-;a "quoted" line' 'basic text' 'another'
expect 0 "a boot that is not known" "$netcon_put" "$nats_url" spool - '6,339,5140900,-;first boot' '6,339,5140901,-;second boot' \
	'6,339,5140900,-;first boot'
"$put" --url "$nats_url" --name NETCON --read --show >.output
cp .output stored
matches "^192\.0\.2\.1-6665-$boot-339 netcon\.192-0-2-1 \{.*\"sequence\":339,.*\"text\":\"a .*quoted.* line\"" \
	"a message is stored as JSON, under its address and its identity"
[[ $(grep -c quoted stored) -eq 1 ]]
ok "it is stored once" $?
[[ $(grep -c '^192\.0\.2\.1-6665-1700000000123456789-[0-9a-f]* ' stored) -eq 2 ]]
ok "basic messages are told apart by their text" $?
matches "^192\.0\.2\.1-6665---339-5140900 .*first boot" "without a boot id"
matches "^192\.0\.2\.1-6665---339-5140901 .*second boot" "the kernel's time tells boots apart"
[[ $(grep -c '^event-lost-192\.0\.2\.1-6665-.* netcon\.events {.*"event":"lost"' stored) -eq 1 && $(lines stored) -eq 6 ]]
ok "events have a subject of their own, and there is nothing else" $?

# --- a client that may publish below its own name, and hear its own answers

cat >server.conf <<END
authorization: { users: [
	{ user: all, password: all }
	{ user: few, password: few, permissions: { publish: "test.>", subscribe: "_INBOX_few.>" } }
] }
END
plain=$nats_url
nats_url=nats://all:all@127.0.0.1:$nats_port
fresh -c server.conf
"$put" --url "$nats_url" --make 1000 >.output 2>&1
few=nats://few:few@127.0.0.1:$nats_port
expect 0 "a client without a right to look at streams" "$put" --url "$few" --spool spool --name "" --inbox _INBOX_few \
	--count 100 --close 60
exactly_once "what it publishes is stored" 1 100
expect 0 "the same with the usual inbox" "$put" --url "$few" --spool spool --name "" --from 101 --count 1 --linger 1000 --close 1
says "Permissions Violation for Subscription" "that it may not hear answers is said"
expect 3 "an inbox prefix with a wildcard" "$put" --url "$few" --spool other --name "" --inbox '_INBOX.*'
nats_url=$plain
nats_stop
nats_start
rm -rf spool

# --- netcon recv, which does not wait for the server

nats_stop
rm -rf store spool
"$netcon" recv -l 127.0.0.1:$((nats_port + 1)) --quiet --stream "$nats_url" --stream-name NETCON --stream-spool spool --count 30 \
	>recv.log 2>&1 &
publisher=$!
# What comes before the socket is there is lost.
receives() { ss -Hlun "sport = :$((nats_port + 1))" | grep -q .; }
until_true 60 receives
exec 9>"/dev/udp/127.0.0.1/$((nats_port + 1))"
for ((i = 1; i <= 30; i++)); do
	printf '6,%d,%d,-;message %d' "$i" $((i * 10)) "$i" >&9
	[[ $i -ne 20 ]] || nats_start
done
exec 9>&-
wait "$publisher"
code=$?
publisher=
cp recv.log .output
ok "netcon recv receives while the server is away" "$code"
expect 0 "what it left is published" "$netcon" recv -l 127.0.0.1:$((nats_port + 1)) --quiet --stream "$nats_url" --stream-name NETCON \
	--stream-spool spool --for 3s
"$put" --url "$nats_url" --name NETCON --read --show | grep '"text":"message' >stored
[[ $(lines stored) -eq 30 && $(cut -d' ' -f1 stored | sort -u | wc -l) -eq 30 ]]
ok "each message is in the stream once" $?
expect 2 "--stream without --stream-spool" "$netcon" recv --stream "$nats_url"
says "--stream-spool is missing" "says what is missing"

echo "1..$count"
