#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# digsig fleet publish, unblock, sign, show, server-config and server-init with a real nats-server: TLS, each host's rights, and
# what a broken server or a stolen host tries. In the Test Anything Protocol.
#
#   fleet.sh DIGSIG FLEET-LINK
set -uo pipefail

usage="usage: fleet.sh DIGSIG FLEET-LINK"
digsig=$(realpath "${1:?$usage}")
fleet_link=$(realpath "${2:?$usage}")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"
# shellcheck source=tests/lib/until.sh
. "$(dirname "$(realpath "$0")")/../lib/until.sh"
export PATH=$PATH:/usr/sbin XDG_STATE_HOME=$work/admin
unset NATS_URL NATS_CA NATS_CERT NATS_KEY NATS_CREDS

if ! command -v nats-server >/dev/null; then
	skip "digsig fleet publishes" "there is no nats-server"
	echo "1..$count"
	exit
fi

server=
clean_up() {
	[[ ! $server ]] || kill -9 "$server"
	wait 2>/dev/null
}

while port=$((20000 + RANDOM % 12000)) && (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
listens() { (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; }

start_server() {
	nats-server -c conf/nats-server.conf -a 127.0.0.1 >>server.log 2>&1 &
	server=$!
	until_true 60 listens
}

stop_server() {
	kill -KILL "$server"
	wait "$server" 2>/dev/null
	server=
}

# --- certificates, as an administrator's own CA makes them

make_certificate() {
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "tls/$1.key" -subj "/CN=$1" 2>/dev/null |
		openssl x509 -req -CA "$2.crt" -CAkey "$2.key" -days 2 -out "tls/$1.crt" \
			-extfile <(echo "subjectAltName=DNS:$1${3+,$3}") 2>/dev/null
}

mkdir tls conf
for ca in tls/ca stranger; do
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$ca.key" -out "$ca.crt" -days 2 \
		-subj "/CN=CA" -addext basicConstraints=critical,CA:TRUE 2>/dev/null
done
make_certificate server tls/ca IP:127.0.0.1
for name in admin web1.example.org web2.example.org db1.example.org unknown.example.org; do
	make_certificate "$name" tls/ca
done
make_certificate false.example.org stranger

for name in fleet other code; do
	"$digsig" key new "$name" >/dev/null
done
mkdir trust
cp fleet.crt trust/

# --- server-config

cat >hosts <<'END'
# HOST GROUP
web1.example.org web
web2.example.org	web # the second one
db1.example.org db
END

config() { "$digsig" fleet server-config --output conf --tls "$work/tls" --store "$work/store" --port "$port" "$@"; }

expect 0 "server-config writes" config --hosts hosts --admin admin
says "conf/accounts.conf" "server-config: says what it wrote"
nats-server -c conf/nats-server.conf -t >.output 2>&1
ok "nats-server takes the configuration" $?
echo 'web1.example.org web' >twice
echo 'web1.example.org db' >>twice
expect 1 "server-config: a host twice" config --hosts twice --admin admin
says "web1.example.org: is there twice" "server-config: says so"
printf 'web1.a web\nweb1_a web\n' >alike
expect 1 "server-config: names that share an inbox" config --hosts alike --admin admin
echo 'Web1 web' >capital
expect 1 "server-config: no name of a host" config --hosts capital --admin admin
says "capital:1:" "server-config: says where"
expect 1 "server-config: no host" config --hosts /dev/null --admin admin
expect 2 "server-config: no administrator" config --hosts hosts
expect 2 "server-config: an administrator called as a host" config --hosts hosts --admin web1.example.org
expect 2 "server-config: a name that is no name" config --hosts hosts --admin 'a" } }'
expect 0 "server-config for a cluster" config --output cluster --hosts hosts --admin admin --cluster a.example.org,b.example.org,c.example.org
grep -q 'routes: \[ "tls://a.example.org:6222" "tls://c.example.org:6222" \]' cluster/b.example.org.conf
ok "server-config: a server of a cluster knows the others" $?
for name in a b c; do
	nats-server -c "cluster/$name.example.org.conf" -t >.output 2>&1 || break
done
ok "nats-server takes those of a cluster" $?

# --- the connection

start_server
url=tls://127.0.0.1:$port
as() { NATS_URL=$url NATS_CA=tls/ca.crt NATS_CERT=tls/$1.crt NATS_KEY=tls/$1.key "${@:2}"; }
fleet() { as admin "$digsig" fleet "$@"; }
publish() { fleet publish --key fleet.key --fleet-trust trust "$@"; }
show() { fleet show --fleet-trust trust "$@"; }
# raw NAME HOST VERB...: as whom, whose inbox.
raw() { "$fleet_link" "$url" tls/ca.crt "tls/$1.crt" "tls/$1.key" "${@:2}"; }

expect 2 "no server named" "$digsig" fleet server-init
expect 0 "server-init makes the streams" fleet server-init
expect 0 "server-init: they are there" fleet server-init
expect 0 "options in place of the environment" "$digsig" fleet server-init --server "$url" --tls-ca tls/ca.crt \
	--tls-certificate tls/admin.crt --tls-key tls/admin.key
expect 1 "a certificate without a user" as unknown.example.org "$digsig" fleet server-init
expect 1 "a certificate of another CA" as false.example.org "$digsig" fleet server-init
expect 1 "a server of another CA" "$digsig" fleet server-init --server "$url" --tls-ca stranger.crt \
	--tls-certificate tls/admin.crt --tls-key tls/admin.key
says "TLS" "a server of another CA: says so"
expect 1 "no TLS" "$digsig" fleet server-init --server "nats://127.0.0.1:$port"
expect 1 "no server there" "$digsig" fleet server-init --server nats://127.0.0.1:1
says "no server answers" "no server there: says so"

# --- publish

printf '#!/bin/sh\necho one\n' >one
chmod 755 one
"$digsig" catalog create -q --key code.key -o one.catalog one
printf '#!/bin/sh\necho two\n' >two
chmod 755 two
"$digsig" catalog create -q --key code.key -o two.catalog two

expect 1 "show: nothing is published" show --group web
expect 0 "publish: dry run" publish web -n --mode monitor
expect 1 "publish: the dry run published nothing" show --group web
expect 0 "publish: the first state" publish web --mode monitor --certificate code.crt --catalog one.catalog
says "group web: sequence 0 -> 1" "publish: says which sequence"
says "mode: the host's own -> monitor" "publish: says what changes"
matches '^  \+ catalog .*one.catalog$' "publish: says what is new"
expect 0 "show" show --group web
says "web: ok" "show: the signature is good"
matches "^  mode +monitor" "show: says the mode"
expect 0 "publish: one thing changes" publish web --mode enforcing
says "group web: sequence 1 -> 2" "publish: the next sequence"
matches_not '^  [-+]' "publish: what is not named stays"
expect 0 "publish: add a catalog" publish web --catalog two.catalog --scopes exec,mmap --wx deny --expiry refuse --stale monitor --valid-for 1d
expect 0 "show --json" show --json --group web
python3 - .output <<'END' >.python 2>&1
import json, sys
text = open(sys.argv[1]).read()
state = json.loads(text[:text.rindex("}") + 1])
assert state["verdict"] == "ok" and state["group"] == "web" and state["sequence"] == 3, state
assert state["mode"] == "enforcing" and state["scopes"] == "exec mmap" and state["wx"] == "deny", state
assert state["expiry"] == "refuse" and state["stale"] == "monitor", state
assert [b["kind"] for b in state["blobs"]] == ["certificate", "catalog", "catalog"], state
END
ok "show --json: all of it" $?
cp .python .output
expect 0 "publish: remove by file" publish web --remove one.catalog
matches '^  - catalog' "publish: says what goes"
expect 0 "publish: remove by digest, unset" publish web --remove "$(sha256sum two.catalog | cut -c1-12)" --unset mode
says "mode: enforcing -> the host's own" "publish: unset says so"
expect 1 "publish: remove what is not there" publish web --remove one.catalog
expect 0 "publish: replace" publish web --replace --catalog one.catalog --catalog two.catalog
expect 0 "publish: replace again" publish web --replace --catalog two.catalog
matches '^  - catalog' "publish: replace removes the others"
matches_not '^  [-+] certificate' "publish: replace leaves other kinds"
expect 0 "publish: renew" publish web
says "nothing changes but the time" "publish: renewing says so"
expect 2 "publish: no such scope" publish web --scopes exec,all
expect 2 "publish: no such group" publish Web
expect 2 "publish: group and host" publish web --host web1.example.org
expect 2 "publish: no key" fleet publish web
expect 68 "publish: a catalog that is none" publish web --catalog one
expect 68 "publish: a certificate that is none" publish web --certificate one
expect 68 "publish: a list that is none" publish web --revoked one
printf 'sequence 1\nkey %040d\n' 7 >list
openssl cms -sign -binary -in list -signer code.crt -inkey code.key -keyid -noattr -nocerts -md sha256 -outform PEM >list.cms 2>/dev/null
cat list list.cms >list.signed
expect 0 "publish: a list of revocations" publish web --revoked list.signed
expect 0 "publish: a host" publish --host web1.example.org --mode permissive
says "host web1.example.org: sequence 0 -> 1" "publish: a host has its own sequences"

# --- blobs of several parts

head -c 10485760 /dev/urandom >noise
cp one.catalog large.catalog
{
	for i in $(seq 60000); do
		printf '%064x  a-name-that-takes-room-so-that-the-catalog-grows-%08d-%080d\n' "$i" "$i" "$i"
	done
} >digests
"$digsig" catalog sign -q --key code.key -o large.catalog digests
[[ $(stat -c %s large.catalog) -gt $((9 << 20)) ]]
ok "a catalog of about 10 MiB" $?
expect 0 "publish: a blob of many parts" publish db --catalog large.catalog
digest=$(sha256sum large.catalog | cut -d' ' -f1)
parts=$((($(stat -c %s large.catalog) + 524287) / 524288))
for ((i = 0; i < parts; i++)); do
	raw admin - last DIGSIG_BLOBS "digsig.blob.$digest.$i"
done | cmp - large.catalog >.output 2>&1
ok "its parts are its bytes" $?
expect 2 "there is no part behind the last" raw admin - last DIGSIG_BLOBS "digsig.blob.$digest.$parts"
expect 0 "a part is swapped on the server" raw admin - publish "digsig.blob.$digest.3" one
expect 0 "publish: the same blob again" publish db --catalog large.catalog
raw admin - last DIGSIG_BLOBS "digsig.blob.$digest.3" | cmp - <(tail -c +$((3 * 524288 + 1)) large.catalog | head -c 524288) >.output 2>&1
ok "publish: puts the right part back" $?

# --- two administrators

expect 0 "two at once: one prepares" fleet publish web --fleet-trust trust --prepare prepared --mode monitor
says "prepared" "prepare: says what is next"
expect 68 "prepared: it is not signed" "$digsig" fleet show --fleet-trust trust prepared
expect 0 "sign, elsewhere" env -u XDG_STATE_HOME "$digsig" fleet sign --key fleet.key -o signed prepared
matches "^  mode +monitor" "sign: says what it says"
expect 0 "show: a file" "$digsig" fleet show --fleet-trust trust signed
expect 68 "publish --signed: not signed" fleet publish web --fleet-trust trust --signed prepared
expect 1 "publish --signed: for another group" fleet publish db --fleet-trust trust --signed signed
says "it is for group web" "publish --signed: says so"
expect 0 "two at once: the other one publishes" env XDG_STATE_HOME="$work/admin2" NATS_URL="$url" NATS_CA=tls/ca.crt \
	NATS_CERT=tls/admin.crt NATS_KEY=tls/admin.key "$digsig" fleet publish web --key fleet.key --fleet-trust trust --wx audit
expect 1 "two at once: the first one comes too late" fleet publish web --fleet-trust trust --signed signed
says "is not above" "two at once: says so"
expect 0 "prepare anew" fleet publish web --fleet-trust trust --prepare prepared --mode monitor
expect 0 "prepare anew: what the other one changed is in it" grep -x "wx audit" prepared
"$digsig" fleet sign -q --key fleet.key prepared
expect 0 "publish --signed" fleet publish web --fleet-trust trust --signed prepared
says "is published" "publish --signed: says so"
# Ten at the same moment: each either gets its own sequence, or is told.
before=$(show --json --group web | python3 -c 'import json, sys; print(json.load(sys.stdin)["sequence"])')
for i in 1 2 3 4 5 6 7 8 9 10; do
	XDG_STATE_HOME=$work/many.$i publish web --wx deny >"many.$i.output" 2>&1 &
	pids[i]=$!
done
done=0
told=0
for i in 1 2 3 4 5 6 7 8 9 10; do
	if wait "${pids[i]}"; then
		done=$((done + 1))
	elif grep -q "somebody else has published" "many.$i.output"; then
		told=$((told + 1))
	fi
done
after=$(show --json --group web | python3 -c 'import json, sys; print(json.load(sys.stdin)["sequence"])')
cat many.*.output >.output
[[ $((done + told)) -eq 10 && $done -ge 1 && $((after - before)) -eq $done ]]
ok "ten administrators at once: $done published, $told were told" $?
rm -rf many.*

# --- unblock

expect 0 "unblock on a host" fleet unblock --host web1.example.org --key fleet.key --fleet-trust trust --catalog-key code.key two
says "host web1.example.org: sequence 1 -> 2" "unblock: the next sequence of the host"
raw admin - last DIGSIG_STATE digsig.state.host.web1.example.org >unblocked
digest=$(sed -n 's/^catalog \([0-9a-f]*\) .*/\1/p' unblocked)
raw admin - last DIGSIG_BLOBS "digsig.blob.$digest.0" >unblocked.catalog
expect 0 "unblock: the catalog" "$digsig" catalog show --trust code.crt --names unblocked.catalog
says "$(sha256sum two | cut -d' ' -f1)  two" "unblock: has the file's digest and name"
expect 0 "unblock in a group, by a digest" fleet unblock --group web --key fleet.key --fleet-trust trust --catalog-key code.key \
	"$(sha256sum one | cut -d' ' -f1)"
expect 1 "unblock: no such file" fleet unblock --group web --key fleet.key --fleet-trust trust nothing-there
expect 2 "unblock: neither group nor host" fleet unblock --key fleet.key two
expect 2 "unblock: nothing" fleet unblock --group web --key fleet.key

# --- revoked, and over

raw admin - last DIGSIG_STATE digsig.state.group.web >kept
id=$(openssl x509 -in fleet.crt -noout -ext subjectKeyIdentifier | tail -n 1 | tr -d ' :')
echo "key $id" >revoked
expect 67 "by a revoked key" "$digsig" fleet show --fleet-trust trust --revoked revoked kept
says "kept: revoked" "by a revoked key: says so"
: >none
expect 0 "not revoked" "$digsig" fleet show --fleet-trust trust --revoked none kept
says_not "is over" "not over"
expect 0 "made a year ago" env SOURCE_DATE_EPOCH="$(date -d '1 year ago' +%s)" NATS_URL="$url" NATS_CA=tls/ca.crt NATS_CERT=tls/admin.crt \
	NATS_KEY=tls/admin.key "$digsig" fleet publish old --key fleet.key --fleet-trust trust --valid-for 1d
expect 0 "its time is over" show --group old
says "its time is over, by this machine's clock" "its time is over: says so"

# --- what a broken server, or whoever publishes without a key, tries

raw admin - last DIGSIG_STATE digsig.state.group.web >good
put() { raw admin - publish digsig.state.group.web "$1" >.put 2>&1; }
forged() {
	put bad
	expect "$1" "$2: show" show --group web
	says "$3" "$2: show says so"
	expect "$1" "$2: publish takes nothing over" publish web --mode permissive
	says "is not taken over" "$2: publish says so"
	put good
}
sed 's/^mode .*/mode permissive/; s/^wx .*/wx allow/' good >bad
forged 67 "forged" badsig
"$digsig" fleet sign -q --key other.key -o bad good
forged 67 "signed by a stranger" unknownkey
head -c "$(($(stat -c %s good) - 100))" good >bad
forged 68 "cut short" malformed
head -c 300000 /dev/zero >bad
put bad
expect 1 "too large: show" show --group web
says "more than 262144 bytes" "too large: show says so"
head -c 1000 /dev/urandom >bad
put bad
expect 68 "noise: show" show --group web
raw admin - last DIGSIG_STATE digsig.state.group.db >bad
put bad
expect 68 "another group's: publish takes nothing over" publish web --mode permissive
says "it is for group db" "another group's: says so"
expect 0 "publish --afresh" publish web --afresh --mode enforcing --certificate code.crt
says "-> $(($(sed -n 's/^sequence //p' good) + 1))," "publish --afresh: the sequence follows what is known here"
"$digsig" key new renewed >/dev/null
expect 0 "another fleet key takes over, where the trust has both" env NATS_URL="$url" NATS_CA=tls/ca.crt NATS_CERT=tls/admin.crt \
	NATS_KEY=tls/admin.key "$digsig" fleet publish web --key renewed.key --fleet-trust trust
expect 67 "the first key does not know the other one" publish web
says "unknownkey" "the first key: says so"
cp renewed.crt trust/
expect 0 "the first key, where the trust has both" publish web

# --- a server that was restored from a backup

cp "$XDG_STATE_HOME/digsig/fleet/group.web" remembered
raw admin - last DIGSIG_STATE digsig.state.group.web | cmp - remembered >.output 2>&1
ok "what was published is remembered" $?
stop_server
cp -r store backup
start_server
until_true 60 fleet server-init >/dev/null 2>&1
expect 0 "before the loss" publish web --mode monitor --catalog one.catalog
expect 0 "before the loss, again" publish web --mode permissive
stop_server
rm -rf store
cp -r backup store
start_server
until_true 60 fleet server-init >/dev/null 2>&1
expect 1 "restored: publish does not go back" publish web --mode enforcing
says "was the server restored from a backup?" "restored: says so"
expect 0 "restored: --restore" fleet publish web --restore
expect 0 "restored: show" show --group web
matches "^  mode +permissive" "restored: the last state is there again"
expect 1 "restored: --restore again" fleet publish web --restore
says "the server has it" "restored: says so"
expect 0 "restored: publish goes on" publish web --mode enforcing
expect 1 "a sequence that goes back" publish web --sequence 1
says "hosts would refuse it" "a sequence that goes back: says so"
now=$(sed -n 's/^sequence //p' "$XDG_STATE_HOME/digsig/fleet/group.web")
expect 0 "a sequence that leaps" publish web --sequence $((now + 100))
says "-> $((now + 100))," "a sequence that leaps: is taken"
expect 1 "nothing is remembered: --restore" env XDG_STATE_HOME="$work/nobody" "$digsig" fleet publish web --restore

# --- the rights of a host: each refusal takes five seconds, so they are asked at once

rights=()
refused() { rights+=("13 $1" "$2"); }
allowed() { rights+=("0 $1" "$2"); }
me=web1.example.org
allowed "a host gets its group's state" "last DIGSIG_STATE digsig.state.group.web"
allowed "a host gets its own state" "last DIGSIG_STATE digsig.state.host.$me"
allowed "a host gets blobs" "last DIGSIG_BLOBS digsig.blob.$(sha256sum one.catalog | cut -d' ' -f1).0"
allowed "a host reports" "publish digsig.host.web.$me one"
allowed "a host sends events" "publish digsig.event.web.$me one"
allowed "a host hears its group" "hear digsig.state.group.web"
allowed "a host hears itself" "hear digsig.state.host.$me"
refused "not another group's state" "last DIGSIG_STATE digsig.state.group.db"
refused "not another host's state" "last DIGSIG_STATE digsig.state.host.web2.example.org"
refused "not what hosts report" "last DIGSIG_HOSTS digsig.host.web.$me"
refused "no event of another host" "publish digsig.event.web.web2.example.org one"
refused "no report of another host" "publish digsig.host.web.web2.example.org one"
refused "no report below its own name" "publish digsig.host.web.$me.x one"
refused "no report in another group" "publish digsig.host.db.$me one"
refused "no state" "publish digsig.state.group.web one"
refused "not its own state" "publish digsig.state.host.$me one"
refused "no blob" "publish digsig.blob.$digest.0 one"
refused "no consumer" "publish \$JS.API.CONSUMER.CREATE.DIGSIG_STATE one"
refused "no list of streams" "publish \$JS.API.STREAM.NAMES one"
refused "no deletion" "publish \$JS.API.STREAM.DELETE.DIGSIG_STATE one"
refused "no message by its number" "publish \$JS.API.DIRECT.GET.DIGSIG_STATE one"
refused "no message by STREAM.MSG.GET" "publish \$JS.API.STREAM.MSG.GET.DIGSIG_STATE one"
refused "not what other hosts hear" "hear _INBOX_web2_example_org.>"
refused "not everything" "hear >"
refused "not events" "hear digsig.event.>"
for ((i = 0; i < ${#rights[@]}; i += 2)); do
	# shellcheck disable=SC2086
	{
		raw $me $me ${rights[i + 1]} >"right.$i.output" 2>&1
		echo $? >"right.$i"
	} &
	pids[i]=$!
done
for ((i = 0; i < ${#rights[@]}; i += 2)); do
	wait "${pids[i]}"
	cp "right.$i.output" .output
	[[ $(<"right.$i") -eq ${rights[i]%% *} ]]
	ok "rights: ${rights[i]#* }" $?
done

# The server checks no right for the subject of an answer: it must not be one that a stream takes.
raw admin - last DIGSIG_STATE digsig.state.group.db >state.before
for asked in "\$JS.API.DIRECT.GET.DIGSIG_STATE.digsig.state.group.web" "digsig.host.web.$me"; do
	for reply in digsig.state.group.db digsig.host.web.$me digsig.event.web.web2.example.org "digsig.blob.$digest.0"; do
		expect 0 "a host asks, the answer is to go to $reply" raw $me $me ask "$asked" "$reply"
	done
done
raw admin - last DIGSIG_STATE digsig.state.group.db | cmp - state.before >.output 2>&1
ok "a host cannot have an answer stored as a state" $?
cmp <(raw admin - last DIGSIG_BLOBS "digsig.blob.$digest.0") unblocked.catalog >.output 2>&1
ok "nor as a part of a file" $?
expect 0 "the events that are stored" raw admin - list DIGSIG_EVENTS "digsig.event.>"
says "digsig.event.web.$me" "the host's own event is"
says_not "web2.example.org" "nor as another host's event"

echo "1..$count"
