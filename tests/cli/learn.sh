#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# digsig learn on logs, good and hostile ones. In the Test Anything Protocol.
#
#   learn.sh DIGSIG
set -uo pipefail

digsig=$(realpath "${1:?usage: learn.sh DIGSIG}")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"

digest() { sha256sum <"$1" | cut -d ' ' -f 1; }

# event VERDICT HOOK PATH DIGEST [UID COMM TIME]: a line of a log.
event() {
	printf '{"time":"%s","action":"allowed","hook":"%s","verdict":"%s","path":"%s",' \
		"${7:-2026-01-01T00:00:00.000000Z}" "$2" "$1" "$3"
	printf '"path_cut":false,"pid":1,"ppid":1,"uid":%s,"comm":"%s","digest":"%s","lost_before":0}\n' \
		"${5:-0}" "${6:-sh}" "$4"
}

"$digsig" key new me >/dev/null
cp /bin/true tool
cp /bin/true signed-since && unsigned=$(digest signed-since)
"$digsig" sign -q --key me.key signed-since
printf '#!/bin/sh\n' >script && chmod +x script
cp /bin/true changed && echo more >>changed
cp /bin/true 'back\slash'
cp /bin/true bad
{
	event unsigned exec "$work/tool" "$(digest tool)" 0 sh 2026-01-02T00:00:00.000000Z
	event unsigned mmap "$work/tool" "$(digest tool)" 1000 bash 2026-01-01T00:00:00.000000Z
	event unsigned exec "$work/tool" "$(digest tool)" 1000 bash 2026-01-03T00:00:00.000000Z
	event ok exec "$work/tool" "$(digest tool)"
	event unsigned exec "$work/script" "$(digest script)"
	event unsigned exec "$work/changed" "$(digest tool)"
	event unsigned exec "$work/gone" "$(digest tool)"
	event unsigned exec "$work/signed-since" "$unsigned"
	event unsigned exec "$work/"'back\\\\slash' "$(digest tool)"
	event tampered exec "$work/bad" "$(digest bad)"
	event unsigned exec '/memfd:x (deleted)' "$(digest tool)"
	event unstable write "$work/tool" "$(digest tool)"
	echo '{"time":"2026-01-04T00:00:00.000000Z","note":"repeated","count":7,"action":"allowed","hook":"exec","verdict":"unsigned","path":"'"$work/tool"'"}'
	echo '{"time":"2026-01-04T00:00:00.000000Z","note":"lost","count":5}'
} >log

expect 0 "a log" "$digsig" learn log
matches "^ +10 unsigned +$work/tool\$" "counted, with what digsigd did not write one by one"
matches 'exec, mmap by sh \(uid 0\), bash \(uid 1000\), 2026-01-01.* to 2026-01-04.*can be signed' \
	"hooks, who, first and last, what to do"
matches 'cannot carry a signature: catalog' "a script needs a catalog"
matches 'changed since it ran' "a changed file"
matches '; gone$' "a file that is gone"
matches 'its signature is bad' "a bad signature is not to be signed over"
matches '5 events were lost' "lost events"
matches_not 'signed-since' "what was signed meanwhile is left out"
"$digsig" learn log --list0 | tr '\0' '\n' | sort >.output
printf '%s\n' "$work/back\\slash" "$work/tool" | sort >expected
cmp -s .output expected
ok "--list0: what still is what ran, and can be signed" $?
"$digsig" catalog create -q --key me.key -o scripts.catalog script
expect 0 "--catalog" "$digsig" learn --trust me.crt --catalog scripts.catalog log
matches "$work/tool" "--catalog: lists what is not in it"
matches_not "$work/script" "--catalog: leaves out what is in it"
expect 2 "--catalog without --trust" "$digsig" learn --catalog scripts.catalog log
expect 0 "--list=catalog" "$digsig" learn --list=catalog log
matches "^$work/script\$" "--list=catalog: the script"
matches_not "tool|bad|changed" "--list=catalog: nothing else"
"$digsig" learn - <log >.output
ok "the standard input" $?
matches "$work/tool" "the standard input: was read"
if command -v python3 >/dev/null; then
	"$digsig" learn --json log >.output
	python3 -c '
import json, sys
answer = json.load(open(".output"))
entries = {entry["path"].rsplit("/", 1)[1]: entry for entry in answer["entries"]}
assert entries["tool"]["count"] == 10 and entries["tool"]["now"] == "same"
assert entries["changed"]["now"] == "changed" and entries["gone"]["now"] == "gone"
assert entries["signed-since"]["now"] == "trusted"
assert answer["events_lost"] == 5 and answer["bad_lines"] == 0'
	ok "--json" $?
fi
"$digsig" learn --list0 log | xargs -0 "$digsig" sign -q --key me.key
expect 0 "after signing" "$digsig" learn --trust me.crt --list0 log
[[ $(head -c 10 .output | tr -d '\0') == "exit code "* ]]
ok "after signing nothing is left to sign" $?

## hostile logs

{
	echo 'not JSON'
	echo '[1,2,3]'
	echo '{"verdict":"unsigned","hook":"exec","path":17}'
	printf '%s\n' '{"verdict":"unsigned","hook":"exec","path":"/x\\xzz"}'
	echo '{"verdict":"nonsense","hook":"exec","path":"/x"}'
	echo '{"verdict":"unsigned","hook":["exec"],"path":"/y"}'
	echo '{"verdict":"unsigned","hook":"exec","path":"/x","digest":"12","uid":-1,"comm":"'"$(printf 'c%.0s' {1..900})"'","time":"'"$(printf 't%.0s' {1..900})"'"}'
	printf '{"verdict":"unsigned","hook":"exec","path":"/e\\u001b[2J","comm":"\\u001b[2J"}\n'
	printf '[%.0s' {1..1000}
	echo
	head -c 200000 /dev/zero | tr '\0' 'x'
	echo
	head -c 2000 /dev/urandom
	echo
	event unsigned exec "$work/script" "$(digest script)"
	printf '{"verdict":"unsigned","hook":"exec","path":"/cut off'
} >hostile
expect 0 "a hostile log" timeout 60 "$digsig" learn hostile
matches "$work/script\$" "what is good in it is taken"
matches 'lines are not of a log' "what is not is counted"
! grep -q -P '\x1b' .output
ok "it does not speak to the terminal" $?
expect 1 "a log that is not there" "$digsig" learn nowhere
expect 2 "two logs" "$digsig" learn log hostile
expect 0 "an empty log" "$digsig" learn /dev/null
matches '^0 would be denied' "an empty log: nothing would be denied"

echo "1..$count"
