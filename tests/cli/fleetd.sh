#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# digsig-fleetd with a real nats-server, which is killed, forges, is full and is away; and with a cluster of three. In the Test
# Anything Protocol.
#
#   fleetd.sh DIGSIG-FLEETD DIGSIG FLEET-PUT
set -uo pipefail

usage="usage: fleetd.sh DIGSIG-FLEETD DIGSIG FLEET-PUT"
fleetd=$(realpath "${1:?$usage}")
digsig=$(realpath "${2:?$usage}")
put=$(realpath "${3:?$usage}")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"
# shellcheck source=tests/lib/until.sh
. "$(dirname "$(realpath "$0")")/../lib/until.sh"
export PATH=$PATH:/usr/sbin
unset NOTIFY_SOCKET

if ! command -v nats-server >/dev/null; then
	skip "digsig-fleetd fetches states and publishes events" "there is no nats-server"
	echo "1..$count"
	exit
fi

declare -A server=() # NAME -> process
host=
writer=
clean_up() {
	local process

	for process in "${server[@]}" $host $writer; do
		kill -9 "$process" 2>/dev/null
	done
	wait 2>/dev/null
	# It may be a file system of its own.
	umount -l store-one 2>/dev/null
}

# Ports on which nothing listens: three for clients, three for routes.
port_is_free() { ! (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
ports_are_free() {
	local i

	for i in 0 1 2 3 4 5; do
		port_is_free $((port + i)) || return 1
	done
}
while port=$((20000 + RANDOM % 12000)) && ! ports_are_free; do :; done
admin=nats://admin:admin@127.0.0.1:$port

listens() { ! port_is_free "$1"; }

# The host may publish below its own name, get what its group has, and hear its own answers.
cat >users.conf <<'END'
authorization: { users: [
	{ user: admin, password: admin }
	{ user: host, password: host, permissions: {
		publish: [
			"digsig.event.web.h1.example", "digsig.host.web.h1.example"
			"$JS.API.DIRECT.GET.DIGSIG_STATE.digsig.state.group.web"
			"$JS.API.DIRECT.GET.DIGSIG_STATE.digsig.state.host.h1.example"
			"$JS.API.DIRECT.GET.DIGSIG_BLOBS.digsig.blob.>"
		]
		subscribe: [ "_INBOX_h1_example.>", "digsig.state.group.web", "digsig.state.host.h1.example" ]
	} }
] }
END
cat users.conf >one.conf

# start_server NAME PORT CONFIGURATION
start_server() {
	nats-server -js -n "$1" -sd "$work/store-$1" -a 127.0.0.1 -p "$2" -c "$3" >>"server-$1.log" 2>&1 &
	server[$1]=$!
	until_true 60 listens "$2"
}

# stop_server NAME [SIGNAL]
stop_server() {
	kill -"${2-KILL}" "${server[$1]}"
	wait "${server[$1]}" 2>/dev/null
	unset "server[$1]"
}

# configure URL [LINE...]: of [fleet].
configure() {
	cat >digsig.conf <<-END
		[daemon]
		log-file = $work/log
		log-size = 64K
		log-keep = 2
		[fleet]
		group = web
		host = h1.example
		trust = $work/trust
		server = $1
	END
	shift
	[[ $# -eq 0 ]] || printf '%s\n' "$@" >>digsig.conf
}

start_host() { # [FOLDER]
	: >fleetd.log
	"$fleetd" --config digsig.conf --folder "${1-$work/spool}" --report "$work/fleet.json" >>fleetd.log 2>&1 &
	host=$!
}

# stop_host [SIGNAL]
stop_host() {
	kill -"${1-TERM}" "$host"
	wait "$host" 2>/dev/null
	host=
}

host_says() { grep -qF -- "$1" fleetd.log; }

# host_tells NAME TEXT: it does so within a minute.
host_tells() {
	local code

	until_true 60 host_says "$2"
	code=$?
	cp fleetd.log .output
	ok "$1" $code
}

# ready SEQUENCE: this state is ready.
ready() { grep -qx "sequence $1" spool/ready/group.manifest 2>/dev/null; }

# complete: what is ready names nothing that is not there, with its digest.
complete() {
	local digest

	[[ -e spool/ready ]] || return 0
	grep -q '^-----END CMS-----$' spool/ready/group.manifest || return 1
	while read -r digest; do
		[[ $(sha256sum <"spool/ready/blob/$digest") == "$digest  -" ]] || return 1
	done < <(sed -n 's/^catalog \([0-9a-f]*\) .*/\1/p' spool/ready/*.manifest)
}

# publish SEQUENCE [SIZE]: a new catalog, and a state that names it.
publish() {
	head -c "${2-100000}" /dev/urandom >"catalog-$1"
	"$put" "$admin" blob "catalog-$1" && "$put" "$admin" state fleet.key fleet.crt group web "$1" "catalog-$1"
}

# write FROM TO [PAUSE]: entries of the log; with a pause in seconds after each.
write() {
	local i

	for ((i = $1; i <= $2; i++)); do
		printf '{"time":"2026-11-30T21:00:00.000000Z","note":"test","count":%d}\n' "$i" >>log
		[[ $# -lt 3 ]] || sleep "$3"
	done
}

# judged PATH: an entry about a file, of which the path is as JSON has it.
judged() {
	printf "{\"time\":\"2026-11-30T21:00:00.000000Z\",\"action\":\"denied\",\"hook\":\"exec\",\"verdict\":\"unsigned\",\"path\":\"%s\"}\n" "$1"
}
# has_package PATH PACKAGE: its entry is in the stream, with this package, or with none if it is "".
has_package() {
	"$put" "$admin" read DIGSIG_EVENTS 'digsig.event.>' >.output
	grep -qF "\"path\":\"$1\"${2:+,\"package\":\"$2\"}}}" .output
}

# The entries in the stream, in its order; and their identities.
entries() { "$put" "$admin" read DIGSIG_EVENTS 'digsig.event.>' | sed -n 's/.*"count":\([0-9]*\)}}$/\1/p'; }
has_entry() { entries | grep -qx "$1"; }
# has_events COUNT: without a consumer, of which each costs a cluster something.
has_events() { [[ $("$put" "$admin" info DIGSIG_EVENTS 2>/dev/null | cut -d' ' -f1) -ge $1 ]]; }

# each_once NAME TO [FROM]: the stream has the entries up to this one, each once.
each_once() {
	entries >stored
	diff <(seq "${3-1}" "$2" | sort) <(sort stored) >.output
	ok "$1" $?
}

# status EXPRESSION: the host's last status matches it.
status() {
	"$put" "$admin" read DIGSIG_HOSTS 'digsig.host.>' >status 2>&1
	grep -qE -- "$1" status
}

# has_status NAME EXPRESSION: within a minute.
has_status() {
	local code

	until_true 60 status "$2"
	code=$?
	cp status .output
	ok "$1" $code
}

fresh() {
	[[ ! $host ]] || stop_host
	[[ ! ${server[one]-} ]] || stop_server one
	rm -rf store-one spool log log.* stored
	: >log
	start_server one "$port" one.conf
	until_true 60 "$put" "$admin" streams >/dev/null 2>&1
}

"$digsig" key new fleet >.output 2>&1 && "$digsig" key new other >>.output 2>&1
ok "fleet keys are made" $?
mkdir trust && cp fleet.crt trust
configure "nats://host:host@127.0.0.1:$port"

# --- how it is called

expect 2 "an argument" "$fleetd" now
expect 0 "--help" "$fleetd" --help
printf '[daemon]\nlog-keep = 2\n' >none.conf
expect 0 "no group" "$fleetd" --config none.conf
says "this machine is in no fleet" "is said"
printf '[fleet]\ngroup = web\nhost = h1.example\n' >half.conf
expect 1 "no server" "$fleetd" --config half.conf
says "no server is set" "is said"
expect 1 "a folder that cannot be made" "$fleetd" --config digsig.conf --folder "$work/no/spool"
says "no/spool: No such file or directory" "is named"

# --- a state, and events, with the rights of a host

fresh
start_host
host_tells "that there is no state is said" "no state of the group web was published"
publish 1 1500000
begin=$(date +%s%N)
until_true 60 ready 1
ok "a state that is published comes into the folder" $?
# Once in ten times it must be quick: what an answer takes on a busy machine is not known.
quick=
for ((i = 2; i <= 11 && !${#quick}; i++)); do
	publish $i
	begin=$(date +%s%N)
	until_true 60 ready $i
	[[ $(($(date +%s%N) - begin)) -gt 2000000000 ]] || quick=1
done
[[ $quick ]]
ok "within two seconds" $?
complete
ok "it is complete" $?
[[ $(find spool/set -mindepth 1 -maxdepth 1 | wc -l) -le 2 ]]
ok "older ones are removed" $?
write 1 100
until_true 60 has_entry 100
each_once "entries of the log are in the stream once" 100
"$put" "$admin" read DIGSIG_EVENTS 'digsig.event.>' | head -n 1 >.output
boot=$(cat /proc/sys/kernel/random/boot_id)
says "digsig.event.web.h1.example {\"host\":\"h1.example\",\"group\":\"web\",\"boot\":\"$boot\",\"sequence\":1,\"entry\":{" "they are wrapped"
has_status "the status says what is there" "\"put\":100,\"acknowledged\":100,\"waiting\":0,.*\"digsigd\":null,\"spool\":\{\"group_sequence\":$((i - 1)),\"host_sequence\":0,\"problem\":null\}"
echo '{"stale":false,"engine":{"running":true,"mode":"monitor"}}' >fleet.json.new && mv fleet.json.new fleet.json
has_status "what digsigd says is sent on" '"digsigd":\{"stale":false,'
printf '{"half' >fleet.json.new && mv fleet.json.new fleet.json
has_status "half a report is none" '"digsigd":null'
"$put" "$admin" state fleet.key fleet.crt host h1.example 7 catalog-1 && "$put" "$admin" blob catalog-1
until_true 60 grep -qx "sequence 7" spool/ready/host.manifest
ok "a state of the host comes too" $?
complete
ok "with what it names" $?
! grep -h "Permissions Violation" fleetd.log server-one.log >.output
ok "nothing is asked that a host may not" $?
# Then the lists of this machine's dpkg are in memory, too.
true=$(realpath "$(command -v env)")
owner=$(grep -lxF -e "$true" -e "${true#/usr}" /var/lib/dpkg/info/*.list 2>/dev/null | sed -n '1s,.*/\(.*\)\.list,\1,p')
judged "$true" >>log
if [[ $owner ]]; then
	until_true 60 has_package "$true" "$owner"
	ok "the package of a file of this machine is named" $?
fi
rss=$(awk '/^VmRSS/ { print $2 }' "/proc/$host/status")
echo "resident: $rss KiB" >.output
# A sanitizer's memory is not the program's.
[[ $rss -lt 12288 ]] || grep -q libasan "/proc/$host/maps"
ok "it has less than 12 MiB of memory" $?

# --- what is refused

publish 20
until_true 60 ready 20
refused() { # NAME TEXT
	host_tells "$1" "$2"
	ready 20 && complete
	ok "what was there stays" $?
}
"$put" "$admin" state other.key other.crt group web 21 catalog-20
refused "a state of another key is refused" "the server's state of the group web is refused"
sed 's/^sequence 20$/sequence 99/' spool/ready/group.manifest >forged
"$put" "$admin" raw digsig.state.group.web forged
refused "a state that was changed is refused" "badsig: "
head -c 300 spool/ready/group.manifest >forged
"$put" "$admin" raw digsig.state.group.web forged
refused "a state that was cut short is refused" "malformed: "
head -c 300000 /dev/zero >forged
"$put" "$admin" raw digsig.state.group.web forged
refused "one that is too large is refused" "more than 262144 bytes"
"$put" "$admin" state fleet.key fleet.crt group db 30 catalog-20
"$put" "$admin" read DIGSIG_STATE digsig.state.group.db | sed '1s/^[^ ]* //' | sed '$d' >forged
"$put" "$admin" raw digsig.state.group.web forged
refused "the state of another group is refused" "it is for the group db"
"$put" "$admin" state fleet.key fleet.crt group web 19 catalog-20
refused "an older state is refused" "is less than 20, which is here"
has_status "the status says so" '"problem":"the server.s state of the group web is refused: its sequence 19'
"$put" "$admin" state fleet.key fleet.crt group web 20 catalog-1
refused "another one of the same sequence is refused" "another one of the same sequence 20"
head -c 100000 /dev/urandom >catalog-22
head -c 100000 /dev/urandom >swapped
"$put" "$admin" blob swapped catalog-22
"$put" "$admin" state fleet.key fleet.crt group web 22 catalog-22
refused "a blob that was swapped is refused" "what the server has is not what was signed"
head -c 100001 /dev/urandom >swapped
"$put" "$admin" blob swapped catalog-22
refused "one of another size is refused" "what the server has is not what was signed"
"$put" "$admin" blob catalog-22
until_true 120 ready 22 && complete
ok "the right one is taken, when it comes" $?
head -c 600000 /dev/urandom >catalog-23
"$put" "$admin" state fleet.key fleet.crt group web 23 catalog-23
host_tells "a blob that is not there yet is waited for" "part 0 is not on the server yet"
"$put" "$admin" blob catalog-23
until_true 120 ready 23 && complete
ok "until it is" $?
stop_host
mkdir -p full && mount -t tmpfs -o size=300k tmpfs full 2>/dev/null
if mountpoint -q full; then
	start_host "$work/full/spool"
	host_tells "a full disk is said" "No space left on device"
	[[ ! -e full/spool/ready ]]
	ok "nothing is half there" $?
	mount -o remount,size=10m full
	until_true 120 test -e full/spool/ready
	ok "it goes on when there is room" $?
	stop_host
	umount full
else
	skip "a full disk is said" "no file system can be mounted"
fi

# --- the server is away

fresh
start_host
publish 1
until_true 60 ready 1
write 1 50
until_true 60 has_entry 50
stop_server one
write 51 500
host_tells "that the server is away is said" "server"
start_server one "$port" one.conf
until_true 60 "$put" "$admin" streams
publish 2
until_true 120 ready 2
ok "a state that was published after the server was away comes" $?
until_true 120 has_entry 500
each_once "entries that were written while it was away are in the stream once" 500
stop_server one
kill -TERM "$host"
begin=$SECONDS
wait "$host"
code=$?
host=
[[ $code -eq 0 && $((SECONDS - begin)) -le 10 ]]
ok "it ends without the server" $?
rm -rf store-one
start_server one "$port" one.conf
until_true 60 "$put" "$admin" streams
publish 1
start_host
host_tells "a server that was restored from an old backup is seen" "was the server restored from an old backup?"
ready 2
ok "what is here stays" $?

# --- of which package a file is

mkdir -p dpkg/info
printf '/.\n/opt\n/opt/tool\n/opt/a \\b\n' >dpkg/info/tools.list
printf '/opt/diverted\n' >dpkg/info/other:amd64.list
printf '/opt/diverted\n/opt/diverted.real\nsomebody\n' >dpkg/diversions
fresh
export DPKG_ADMINDIR=$work/dpkg
start_host
{
	judged /opt/tool
	judged '/opt/a \\\\b'
	judged /opt/diverted.real
	judged /opt
	judged tool
	judged '/opt/tool\\x'
	judged '/opt/tool\\x00'
	judged /opt/tool | sed 's/}$/,"package":"own"}/'
	judged /opt/tool | sed 's/{/{"note":"repeated","count":3,/; s/}$/ }/'
} >>log
until_true 60 has_events 9
has_package /opt/tool tools
ok "an entry says of which package its file is" $?
has_package '/opt/a \\\\b' tools
ok "also of a name that the log escapes" $?
has_package /opt/diverted.real other:amd64
ok "and of one that was diverted" $?
has_package /opt "" && has_package tool "" && has_package '/opt/tool\\x' "" && has_package '/opt/tool\\x00' ""
ok "a path of no package, or that is none, has none" $?
grep -qF '"path":"/opt/tool","package":"own"}}' .output && ! grep -qF '"own","package"' .output
ok "one that is there stays" $?
grep -F '"note":"repeated"' .output | grep -qF '"path":"/opt/tool" ,"package":"tools"}}'
ok "repeats have it" $?
stop_host
unset DPKG_ADMINDIR

# --- the log is rotated while nobody reads

rotate() { mv log.1 log.2 2>/dev/null; mv log log.1; : >log; }
fresh
start_host
write 1 10
until_true 60 has_entry 10
saved() { grep -qx "sequence $1" spool/position; }
until_true 60 saved 10
stop_host
write 11 20
rotate
write 21 30
rotate
write 31 40
start_host
until_true 60 has_entry 40
each_once "what was rotated and is still there is read" 40
until_true 60 saved 40
stop_host
for i in 41 51 61 71; do
	write $i $((i + 9))
	rotate
done
write 81 90
start_host
until_true 60 has_entry 90
entries | sort -n | tr '\n' ' ' >.output
[[ $(cat .output) == "$(seq -s ' ' 1 40) $(seq -s ' ' 61 90) " ]]
ok "what is left of a log that was rotated away is read" $?
has_status "that something is lost is counted" '"lost":1'
: >log
write 91 95
until_true 60 has_entry 95
ok "a log that was emptied is read from its begin" $?
echo '{"torn":' >>log
write 96 96
until_true 60 has_entry 96
has_status "a line that is no entry is counted, and what follows is read" '"lost":3'

# --- a spool that is full

fresh
configure "nats://host:host@127.0.0.1:$port" "spool-size = 64K"
stop_server one
start_host
write 1 2000
until_true 120 saved 2000
start_server one "$port" one.conf
until_true 60 "$put" "$admin" streams
write 2001 2010
until_true 120 has_entry 2010
has_status "what did not fit is counted" '"refused":[1-9]'
refused=$(sed -n 's/.*"refused":\([0-9]*\).*/\1/p' status)
[[ $((refused + $(entries | wc -l))) -eq 2010 ]]
ok "nothing else is missing" $?

# --- the disk of the server is full

configure "nats://host:host@127.0.0.1:$port"
fresh
stop_server one
rm -rf store-one
mkdir store-one
if mount -t tmpfs -o size=16m tmpfs store-one 2>/dev/null; then
	# Else the server refuses to make streams that may get larger than the disk, in words.
	{ cat users.conf && echo 'jetstream: { max_file_store: 100G }'; } >small.conf
	start_server one "$port" small.conf
	until_true 60 "$put" "$admin" streams
	start_host
	publish 1
	until_true 60 ready 1
	write 1 100
	until_true 60 has_entry 100
	head -c 16M /dev/zero >store-one/others 2>/dev/null
	write 101 3000
	for i in $(seq 10000); do
		printf '%064x  a-name-that-takes-room-%080d\n' "$i" "$i"
	done >digests
	"$digsig" catalog sign -q --key other.key -o large.catalog digests
	administer() { NATS_URL=$admin XDG_STATE_HOME=$work/admin "$digsig" fleet "$@" --fleet-trust trust; }
	expect 1 "the server's disk is full: publish fails" administer publish web --key fleet.key --catalog large.catalog
	says "does not answer" "in words"
	host_tells "the server's disk is full: it is said that nothing is acknowledged" "JetStream does not acknowledge"
	ready 1 && complete
	ok "the state that was there stays" $?
	[[ -d spool/events ]] && grep -qs '"count":3000' -r spool/events
	ok "entries wait in the spool" $?
	stop_server one
	rm store-one/others
	start_server one "$port" small.conf
	until_true 60 administer show --group web >/dev/null 2>&1
	expect 0 "there is room again: nothing was half published" administer show --group web
	matches '^  sequence +1$' "it is the state before"
	until_true 120 has_events 3000
	each_once "what was acknowledged, and what waited, is in the stream once" 3000
	expect 0 "publish works again" administer publish web --key fleet.key --catalog large.catalog
	until_true 120 ready 2 && complete
	ok "the state comes" $?
	has_status "nothing was refused, and nothing lost" '"put":3000,"acknowledged":3000,"waiting":0,"refused":0,"lost":0'
	stop_host
	stop_server one
	umount store-one
else
	skip "the server's disk is full" "no file system can be mounted"
fi

# --- the process is killed

configure "nats://host:host@127.0.0.1:$port"
fresh
(write 1 3000 0.003) &
writer=$!
wrong=0
for ((i = 1; i <= 20; i++)); do
	start_host
	publish $i $((RANDOM * 40)) >/dev/null
	sleep "0.$((RANDOM % 10))$((RANDOM % 10))"
	stop_host KILL
	complete || wrong=$((wrong + 1))
done
[[ $wrong -eq 0 ]]
ok "killed 20 times: what is ready is complete" $?
start_host
wait "$writer"
writer=
until_true 120 ready 20
ok "the last state comes" $?
until_true 120 has_events 3000
each_once "no entry is missing, and none is there twice" 3000
"$put" "$admin" read DIGSIG_EVENTS 'digsig.event.>' | sed 's/.*"sequence":\([0-9]*\).*/\1/' | sort -n | uniq -d >.output
[[ ! -s .output ]]
ok "no identity is there twice" $?
stop_host
stop_server one

# --- TLS, and a certificate that names the host

certificate() { # NAME
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/O=fleet" -keyout "$1.key" -out "$1.csr" 2>/dev/null &&
		openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
			-extfile <(echo "subjectAltName=DNS:$1") -out "$1.pem" 2>/dev/null
}
if getent ahosts localhost >/dev/null; then
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=CA" -keyout ca.key -out ca.pem \
		2>/dev/null && certificate localhost && certificate h1.example && certificate h2.example
	ok "certificates are made" $?
	sed 's/user: host, password: host/user: "h1.example"/; s/user: admin, password: admin/user: "localhost"/' users.conf >tls.conf
	echo 'tls: { cert_file: localhost.pem, key_file: localhost.key, ca_file: ca.pem, verify_and_map: true }' >>tls.conf
	rm -rf spool
	start_server one "$port" tls.conf
	configure "tls://localhost:$port" "ca = $work/ca.pem" "certificate = $work/h2.example.pem" "key = $work/h2.example.key"
	start_host
	host_tells "the certificate of a host that nobody knows is refused" "the server refuses the credentials"
	configure "tls://localhost:$port" "ca = $work/ca.pem" "certificate = $work/h1.example.pem" "key = $work/h1.example.key"
	kill -HUP "$host"
	# What it says next is that the administrator of this server has made no streams, or that there is no state.
	is_connected() { ss -Htn state established "dport = :$port" | grep -q .; }
	until_true 60 is_connected
	ok "SIGHUP: the right one connects" $?
	stop_host
	stop_server one
else
	skip "TLS" "localhost has no address here"
fi

# --- a cluster of three, whose leader is killed

routes="nats://127.0.0.1:$((port + 3)), nats://127.0.0.1:$((port + 4)), nats://127.0.0.1:$((port + 5))"
for i in 0 1 2; do
	cat users.conf - >"cluster-$i.conf" <<-END
		cluster: { name: fleet, listen: "127.0.0.1:$((port + 3 + i))", routes: [ $routes ] }
	END
done
start_member() { start_server "member-$1" $((port + $1)) "cluster-$1.conf"; }
rm -rf spool log log.*
: >log
for i in 0 1 2; do
	start_member $i
done
admin=nats://admin:admin@127.0.0.1:$port,nats://admin:admin@127.0.0.1:$((port + 1)),nats://admin:admin@127.0.0.1:$((port + 2))
until_true 120 "$put" "$admin" streams 3 2>.output
ok "a cluster of three has the streams" $?
configure "nats://host:host@127.0.0.1:$port,nats://host:host@127.0.0.1:$((port + 1)),nats://host:host@127.0.0.1:$((port + 2))"
start_host
publish 1
until_true 60 ready 1
ok "a state comes from the cluster" $?
(write 1 2000 0.005) &
writer=$!
until_true 60 has_events 200
leader=$("$put" "$admin" info DIGSIG_EVENTS | cut -d' ' -f2)
stop_server "$leader"
until_true 120 has_events 1000
ok "events go on when the leader was killed" $?
start_member "${leader#member-}"
wait "$writer"
writer=
until_true 120 has_events 2000
each_once "nothing is lost, and nothing is there twice" 2000
until_true 120 publish 2
until_true 120 ready 2 && complete
ok "states go on too" $?

echo "1..$count"
