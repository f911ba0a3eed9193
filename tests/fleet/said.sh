#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# digsig fleet status, denied, impact, watch and report, with a real nats-server and what hosts say, honest ones and others.
# In the Test Anything Protocol.
#
#   said.sh DIGSIG FLEET-PUT
# shellcheck disable=SC2119 # nats_start and nats_stop without arguments
set -uo pipefail

usage="usage: said.sh DIGSIG FLEET-PUT"
digsig=$(realpath "${1:?$usage}")
put=$(realpath "${2:?$usage}")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"
# shellcheck source=tests/lib/nats.sh
. "$(dirname "$(realpath "$0")")/../lib/nats.sh"

watcher=
clean_up() {
	[[ ! $watcher ]] || kill "$watcher" 2>/dev/null
	nats_stop
}

readelf -d "$digsig" >.output
says_not "libnats" "what starts the engine at boot needs no library of the network"
says_not "libssl" "nor that of TLS"

nats_or_skip "digsig fleet reads what hosts say"
nats_start
export NATS_URL=$nats_url

# raw SUBJECT: publishes what the standard input has.
raw() {
	cat >raw.bytes
	"$put" "$nats_url" raw "$1" raw.bytes
}

# host_says GROUP HOST SEQUENCE MODE [MEMBERS-OF-DIGSIGD]
host_says() {
	raw "digsig.host.$1.$2" <<-END
		{"host":"$2","group":"$1","kernel":"6.12.1","version":"1.0","clock_offset":0,
		 "events":{"put":1,"acknowledged":1,"waiting":0,"refused":0,"lost":0},
		 "digsigd":{"group":{"sequence":$3},"host":null,"stale":false,"at_next_start":[],"refused":null,
		  "engine":{"running":true,"mode":"$4","locked":true,"denied":1,"would_deny":2,"events_lost":0}${5-}},
		 "spool":{"group_sequence":$3,"host_sequence":0,"problem":null}}
	END
}

sequence=0
# entry GROUP HOST ENTRY: an event, the next one of the host's boot.
entry() {
	sequence=$((sequence + 1))
	echo "{\"host\":\"$2\",\"group\":\"$1\",\"boot\":\"b\",\"sequence\":$sequence,\"entry\":$3}" | raw "digsig.event.$1.$2"
}

# judged ACTION VERDICT PATH DIGEST [MEMBERS]: such an entry.
judged() {
	printf '{"time":"%s.000001Z","boot_ns":%d,"action":"%s","hook":"exec","verdict":"%s","reason":"","path":"%s","digest":"%s"%s}' \
		"$(date -u +%FT%T)" "$RANDOM" "$1" "$2" "$3" "$4" "${5-}"
}

expect 1 "there are no streams yet: that is said" "$digsig" fleet status
says "DIGSIG_HOSTS" "which stream is missing is named"
"$put" "$nats_url" streams
expect 0 "there are no hosts yet" "$digsig" fleet status
says "0 hosts" "and that is said"

# --- status
mkdir keys
expect 0 "a key" "$digsig" key new fleet --out keys

key=keys/fleet.key
cp /bin/true tool-one
cp /bin/false tool-two
echo >>tool-two
one=$(sha256sum <tool-one | cut -d' ' -f1)
two=$(sha256sum <tool-two | cut -d' ' -f1)
sha256sum tool-one >list
expect 0 "a catalog of what is trusted" "$digsig" catalog sign list --key "$key" -o one.catalog
"$put" "$nats_url" state "$key" "${key%.key}.crt" group web 41
"$put" "$nats_url" state "$key" "${key%.key}.crt" group web 42 one.catalog
host_says web w1 42 enforcing
host_says web w2.example.org 40 monitor
host_says web w3 41 enforcing ',"refused":{"sequence":42,"what":"group","reason":"expired \u001b[31m, by this clock"}'
host_says db d1 7 permissive ',"at_next_start":["trust","wx"]'
echo '{"digsigd":null}' | raw digsig.host.db.d2
printf '[1,2' | raw digsig.host.db.d3
expect 0 "the hosts are listed" "$digsig" fleet status
says "5 hosts: 1 current, 1 at-next-start, 1 behind, 1 refused, 1 no-engine" "each has its state"
says "1 message is not those of a host" "what is no status is counted"
says "w2.example.org" "by their names"
says_not $'\e' "nothing that a host says speaks to the terminal"
says "expired" "why a state was refused is said"
says "at next start: trust, wx" "and what waits for the next start"
expect 0 "only one group" "$digsig" fleet status -g db -r -o HOST,STATE
says "d1 at-next-start" "its hosts"
says_not "w1" "and no other ones"
expect 0 "only one state" "$digsig" fleet status --state behind -r -o HOST,SEQUENCE,BEHIND
says "w2.example.org 40 2" "with how far behind it is"
says_not "w3" "not one of another state"
expect 0 "only what is odd" "$digsig" fleet status --odd -n -o HOST
says_not "w1" "without what is current"
expect 0 "a host that is silent" "$digsig" fleet status --silent-after 1ms -H w1 -r -o HOST,STATE
sleep 1.1
expect 0 "after some time" "$digsig" fleet status --silent-after 10ms -H w1 -r -o HOST,STATE
says "w1 silent" "is silent"
expect 0 "as JSON" "$digsig" fleet status --json -H w2.example.org
says '"behind":2' "with the same numbers"
expect 2 "a name that none can have" "$digsig" fleet status -g 'we b'

# --- denied
entry web w1 "$(judged denied unsigned /opt/tool-one "$one")"
entry web w2.example.org "$(judged allowed unsigned /opt/tool-one "$one" ',"package":"tools"')"
entry web w2.example.org "$(judged allowed unsigned '/opt/tool \\x1btwo' "$two")"
entry web w2.example.org '{"time":"2026-01-01T00:00:00Z","note":"repeated","count":9,"action":"allowed","hook":"exec","verdict":"unsigned","path":"/opt/tool \\x1btwo"}'
entry web w1 "$(judged denied tampered /opt/bad "$two")"
entry db d1 "$(judged denied unsigned "/opt/e\\u001b[2Jvil" "$two" ',"package":"p\u001b[2Jq"')"
entry web w1 '{"note":"lost","count":3}'
printf 'no event' | raw digsig.event.web.w1
expect 0 "what was denied" "$digsig" fleet denied -r -o PATH,HOSTS,DENIED,WOULD-DENY,VERDICT,DIGEST
says "/opt/tool-one 2 1 1 unsigned $one" "a file on two hosts is listed once"
says "0 10 unsigned $two" "repeats are counted"
says "/opt/bad 1 1 0 tampered" "a bad signature, too"
says "hosts lost 3 events" "what is lost is said"
says "1 messages are no events" "and what is no event"
says_not $'\e' "no path speaks to the terminal"
expect 0 "with packages" "$digsig" fleet denied -r -n -o PACKAGE,HOSTS,PATH
says "tools 2 /opt/tool-one" "the package is named, where one of the hosts knows it"
says_not $'\e' "no package speaks to the terminal"
expect 0 "usually, too" "$digsig" fleet denied
says "PACKAGE" "packages are listed"
expect 0 "as JSON, of a group" "$digsig" fleet denied --json -g web
says '"package":"tools"' "the package is a member"
says '"package":null' "or null"
expect 0 "only one group" "$digsig" fleet denied -g db -n -o PATH
says_not "tool-one" "without those of others"
expect 0 "only what was denied" "$digsig" fleet denied --denied -n -o PATH
says_not "two" "without what ran"
expect 0 "the list for a catalog" "$digsig" fleet denied --list -g web
says "$one  /opt/tool-one" "has the digest and the name"
says "$two  /opt/tool $(printf '\033')two" "with the bytes of the name, as sha256sum prints them"
says_not "/opt/bad" "and nothing whose signature is bad"
"$digsig" fleet denied --list -g web 2>/dev/null >list
expect 0 "a catalog takes the list" "$digsig" catalog sign list --key "$key" -o two.catalog
expect 0 "as JSON" "$digsig" fleet denied --json -H d1
says '"verdict":"unsigned"' "an object a line"
expect 0 "nothing is so new" "$digsig" fleet denied --since 1ms -n

# --- impact
expect 1 "a catalog that the state names and the server does not have" "$digsig" fleet impact web
says "there is nothing at digsig.blob." "is an error: the answer would be wrong"
"$put" "$nats_url" blob one.catalog
expect 65 "what would stop" "$digsig" fleet impact web -n -o PATH,WOULD-DENY

says "\\x1btwo" "what ran and nobody trusts"
says_not "tool-one" "not what the group's catalogs have by now"
expect 65 "and in a sentence" "$digsig" fleet impact web
says "1 file that ran would be denied in mode enforcing" "how many"
expect 0 "with another catalog" "$digsig" fleet impact web --catalog two.catalog
says "0 files" "nothing would stop"
expect 0 "permissive runs what is unsigned" "$digsig" fleet impact web --mode permissive
expect 0 "a group that nothing was published for" "$digsig" fleet impact other
printf 'other bytes' >other
"$put" "$nats_url" state "$key" "${key%.key}.crt" group swapped 1 two.catalog
truncate -s "$(stat -c %s two.catalog)" other
"$put" "$nats_url" blob other two.catalog
expect 1 "a catalog whose bytes were exchanged on the server" "$digsig" fleet impact swapped
says "other bytes than the state names" "is refused"

# --- watch
"$digsig" fleet watch -g web >watched 2>watch.err &
watcher=$!
for i in {1..200}; do
	entry web w1 "$(judged denied unsigned "/opt/seen\\u001b$i" "$two" ',"package":"seen\u001b-package"')"
	grep -q "/opt/seen" watched && break
	sleep 0.1
done
cp watched .output
says "web/w1" "who watches sees what is denied"
says ', package seen\x1b-package' "with its package"
says_not $'\e' "without what would speak to the terminal"
kill -TERM "$watcher"
wait "$watcher"
ok "watch ends when it is told to" $(($? != 0))
watcher=

# --- report
expect 2 "a report needs a file" "$digsig" fleet report
expect 0 "a report" "$digsig" fleet report -o page.html
cp page.html .output
says '"w2.example.org"' "has the hosts"
says '/opt/tool-one' "and the programs"
says '"package":"tools"' "with their packages"
expect 0 "a name with markup" entry web w1 "$(judged denied unsigned '/opt/</script><script>alert(1)</script>' "$two")"
expect 0 "a report of it" "$digsig" fleet report -o - --since 1h
says_not "<script>alert" "has no markup of a host's"
says 'u003cscript\u003ealert' "but its letters"
expect 1 "a report that cannot be written" "$digsig" fleet report -o /no/such/folder/page.html

# --- without the module that speaks to servers
cp "$digsig" alone
patchelf --remove-rpath alone
expect 1 "the module is not there" ./alone fleet status
says "digsig-fleet-link.so" "which file is missing is said"

# --- no server
nats_stop
expect 1 "the server is away" "$digsig" fleet status
says "$nats_url" "and which one is said"
expect 2 "no server is named" env -u NATS_URL "$digsig" fleet status
says "--server" "and how to name it"

echo "1..$count"
