#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# kevents on the running kernel: what it tells, what it takes, what it says when it cannot.
#
#   kevents.sh KEVENTS SPECIMEN EXECBOMB
kevents=$(realpath "$1")
specimen=$(realpath "$2")
execbomb=$(realpath "$3")
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/cli/tap.sh
. "$here/tap.sh"

watcher=
clean_up() { [[ -z $watcher ]] || kill "$watcher" 2>/dev/null; }

# stream OPTION... -- COMMAND...: what the command does, into "stream", what it prints into "said".
stream() {
	"$kevents" --json "$@" >both 2>notes
	grep '^{' both >stream
	grep -v '^{' both >said
	cat stream notes >.output
}

# in_stream EXPRESSION NAME; not_in_stream the same
in_stream() {
	grep -qE -- "$1" stream
	ok "$2" $?
}

not_in_stream() {
	! grep -qE -- "$1" stream
	ok "$2" $?
}

in_order() {
	sed 's/.*"monotonic":\([0-9]*\).*/\1/' stream >.times
	[[ -s .times ]] && sort -n -c .times 2>>.output
	ok "$1" $?
}

# What needs no rights.
expect 0 "help" "$kevents" --help
says "usage: kevents" "help: usage"
for subcommand in record replay; do
	expect 0 "help of $subcommand" "$kevents" "$subcommand" --help
	says "usage: kevents $subcommand" "help of $subcommand: usage"
	expect 2 "$subcommand without a file" "$kevents" "$subcommand"
	says "FILE is missing" "$subcommand without a file: said"
done
expect 0 "version" "$kevents" --version
expect 2 "no such option" "$kevents" --no-such-option
expect 2 "no such event" "$kevents" -e fork,nothing
says "nothing: no such event" "no such event: named"
expect 2 "no such user" "$kevents" -u no-such-user
expect 2 "a pid that is none" "$kevents" -p 12x
expect 2 "a negative pid" "$kevents" -p -1
expect 2 "a buffer that is no power of two" "$kevents" --buffer 100
expect 2 "a name that is too long" "$kevents" --name sixteen-letters-
expect 2 "no such control group" "$kevents" --cgroup /no/such
expect 2 "no such source" "$kevents" --source ebpf
expect 2 "tree and rates" "$kevents" --tree --rates
expect 2 "an operand without --" "$kevents" ls
expect 2 "seconds that are none" "$kevents" -D never
expect 1 "a recording that is not there" "$kevents" replay nothing-here
says "nothing-here: No such file" "a recording that is not there: said"
echo "this is not a recording, and long enough for the header of one to be read $(printf '%300s' x)" >text
expect 1 "a text is no recording" "$kevents" replay text
says "not a recording" "a text is no recording: said"
: >empty
expect 1 "an empty file is no recording" "$kevents" replay empty
says "too short" "an empty file is no recording: said"

if ! "$kevents" -e fork -D 0.1 >.output 2>&1; then
	skip "what happens" "neither BPF programs nor perf events: $(tail -n 1 .output)"
	echo "1..$count"
	exit
fi

if [[ $EUID -eq 0 ]]; then
	# shellcheck disable=SC2016
	expect 1 "no rights" setpriv --reuid 65534 --clear-groups --bounding-set -all "$kevents" -D 1
	says "run as root" "no rights: said what to do"
	matches_not 'segfault|Aborted' "no rights: nothing crashes"
fi

# One of each. Where only perf events are there, status and arguments are not sure.
stream -E -- "$specimen" "$kevents"
read -r pid tid child address <said
in_stream "\"event\":\"exec\".*\"pid\":$pid,.*\"args\":\\[\"[^\"]*specimen\",\"[^\"]*kevents\"\\]" "exec"
in_stream "\"event\":\"load\".*\"pid\":$pid,.*\"path\":\"[^\"]*/specimen\".*\"inode\":$(stat -c %i "$specimen")[,}]" "load of the program"
in_stream "\"event\":\"fork\".*\"pid\":$pid,.*\"child_tid\":$tid,.*\"thread\":true" "a thread"
in_stream "\"event\":\"exit\".*\"tid\":$tid,.*\"thread\":true" "its end"
in_stream '"event":"comm".*"comm":"other-name".*"old":"' "another name"
in_stream "\"event\":\"load\".*\"address\":\"0x$address\".*\"protection\":\"r-xp\"" "a mapped file"
in_stream '"event":"anon".*"path":"//anon".*"size":12288' "anonymous code"
in_stream "\"event\":\"fork\".*\"child_pid\":$child,.*\"thread\":false" "a child"
in_stream "\"event\":\"exit\".*\"pid\":$child,.*\"signal\":9,\"signal_name\":\"SIGKILL\"" "killed by a signal"
in_stream "\"event\":\"exit\".*\"pid\":$pid,.*\"status\":7" "status"
not_in_stream '"late":true' "none is late"
in_order "the order of time"
[[ $(grep -c "\"event\":\"fork\".*\"child_pid\":$child," stream) -eq 1 && $(grep -c "\"event\":\"exit\".*\"pid\":$child," stream) -eq 1 ]]
ok "nothing is told twice" $?
grep -nE "\"pid\":$pid," stream | head -n 2 | sed 's/.*"event":"\([a-z]*\)".*/\1/' | tr '\n' ' ' >.output
says "exec load" "what an exec maps stands behind it"
python3 -c 'import json, sys; [json.loads(line) for line in open("stream")]' 2>.output
ok "each line is JSON" $?

# Arguments: all of them, also of a process that lives a millisecond; with any bytes.
long=$(printf '%100000s' '' | tr ' ' x)
stream -e exec -- /bin/true "$long" end
in_stream "\"args\":\\[\"/bin/true\",\"x{30000}x{30000}x{30000}x{10000}\",\"end\"\\]" "100,000 bytes of an argument"
not_in_stream args_missing "nothing of them is missing"
# shellcheck disable=SC2046
stream -e exec -- /bin/true $(seq 20000)
in_stream '"19999","20000"\]' "20,000 arguments"
stream -e exec -- /bin/true '' $'a\nb\e[31m' ''
in_stream '\["/bin/true","","a\\\\x0ab\\\\x1b\[31m",""\]' "empty arguments, and control characters"
stream -e exec -- sh -c "exec $execbomb 200"
[[ $(grep -c '"--exit","0"\]' stream) -eq 200 ]]
ok "200 short processes: each with its arguments" $?
: >table
"$kevents" -- sh -c 'exit 3' >table
cp table .output
matches '^[0-9:]{8} exec +[0-9]+ +sh -c exit 3$' "table: exec"
matches '^[0-9:]{8} exit +[0-9]+ 3 +[0-9.]+s sh -c exit 3$' "table: exit"
"$kevents" -s -d -- /bin/sh -c 'exit 3' >.output
matches '^[0-9:]{8} exec +[0-9]+ +sh$' "-s -d: the name alone"
"$kevents" -q -- "$execbomb" 50 >.output
matches '^Program +fork +exec +exit +total$' "-q: statistics"
matches '^execbomb +5[0-9] +5[0-9] +5[0-9] +' "-q: by program"
"$kevents" -x -- /bin/true >.output
matches "^[0-9:]{8} exec +[0-9]+ +[0-9]+ $(id -un | cut -c 1-8) " "-x: parent and user"

# The filter.
stream -e exit -- "$specimen" "$kevents"
not_in_stream '"event":"(exec|fork|load)"' "-e exit: nothing else"
stream -e exitnonzero -- sh -c '/bin/true; exit 4'
[[ $(wc -l <stream) -eq 1 ]]
ok "-e exitnonzero: one" $?
stream -e clone -- "$specimen" "$kevents"
not_in_stream '"thread":false' "-e clone: threads only"
"$kevents" --json -e exec --name true -D 2 >stream 2>notes &
watcher=$!
sleep 1
/bin/true
/bin/echo >/dev/null
wait "$watcher"
watcher=
in_stream '"comm":"true"' "--name: that one"
not_in_stream '"comm":"echo"' "--name: no other"
sh -c 'sleep 1.5; /bin/true of-the-shell; sh -c "/bin/true of-its-child"' &
shell=$!
"$kevents" --json -e exec -p "$shell" --children -D 3 >stream 2>notes &
watcher=$!
sleep 1.6
/bin/true of-nobody
wait "$watcher" "$shell"
watcher=
in_stream of-the-shell "-p --children: a child"
in_stream of-its-child "-p --children: its child"
not_in_stream of-nobody "-p --children: nobody else"
if [[ $EUID -eq 0 ]]; then
	"$kevents" --json -e exec -u 65534 -D 2 >stream 2>notes &
	watcher=$!
	sleep 1
	setpriv --reuid 65534 --clear-groups /bin/true of-nobody
	/bin/true of-root
	wait "$watcher"
	watcher=
	in_stream of-nobody "-u: that user"
	not_in_stream of-root "-u: no other"
fi

# What was there before.
sleep 60 &
sleeper=$!
stream --existing -e fork,exec,load -D 1
in_stream "\"event\":\"exec\".*\"pid\":$sleeper,.*\"synthesised\":true.*\"args\":\\[\"sleep\",\"60\"\\]" "existing: its arguments"
in_stream "\"event\":\"load\".*\"pid\":$sleeper,.*\"synthesised\":true.*/sleep\"" "existing: its image"
kill "$sleeper"
# The name of a process that is older than the watcher.
sh -c 'sleep 1.5; exit 9' an-older-process &
"$kevents" -e exit -D 3 >.output 2>&1
matches 'exit +[0-9]+ 9 .*sh -c sleep 1.5; exit 9 an-older-process' "table: an older process has its name"

# Recordings.
expect 0 "record" "$kevents" record rec -E -- "$specimen" "$kevents"
says "records" "record: how many is said"
"$kevents" replay --json -E rec >stream 2>.output
ok "replay" $?
in_stream '"event":"exit".*"status":7' "replay: the exit"
in_stream '"event":"load".*"build_id":"[0-9a-f]{40}"' "replay: build ids"
not_in_stream synthesised "replay: not what was there before"
"$kevents" replay --existing --json -E rec >stream 2>.output
cp stream replayed
expect 0 "replay from a pipe" sh -c "cat rec | '$kevents' replay --existing --json -E - | cmp - replayed"
expect 0 "record to a pipe" sh -c "'$kevents' record - -- /bin/true 2>notes | '$kevents' replay -e exec -"
says /bin/true "record to a pipe: it is there"
"$kevents" replay -e exec -p "$(sed -n 's/.*"event":"exec".*"pid":\([0-9]*\),.*specimen.*/\1/p' replayed | head -n 1)" rec >.output
[[ $(wc -l <.output) -eq 2 ]]
ok "replay -p: one process" $?
head -c "$(($(stat -c %s rec) / 2))" rec >half
expect 1 "half a recording" "$kevents" replay half
says "ends in the middle" "half a recording: said"
cp rec damaged
printf 'XXXXXXXX' | dd of=damaged bs=1 seek=600 conv=notrunc 2>/dev/null
"$kevents" replay --strict -E damaged >.output 2>&1
code=$?
[[ $code -eq 3 || $code -eq 1 ]]
ok "a damaged recording: not 0" $?
matches 'missing|damaged' "a damaged recording: said"
expect 1 "no place to record to" "$kevents" record /no/such/folder/rec -- touch was-run
[[ ! -e was-run ]]
ok "no place to record to: the command is not run" $?

# Rates and tree.
"$kevents" --rates 0.5 --json -- "$execbomb" 100 >.output 2>notes
matches '"execs":[0-9.]+' "rates: execs per second"
matches '"comm":"execbomb"' "rates: who causes them"
"$kevents" --json -E -D 2 >stream 2>notes &
watcher=$!
sleep 0.7
cp "$execbomb" "storm-$$"
"./storm-$$" 300 >/dev/null
wait "$watcher"
watcher=
forks=$(grep -c "\"event\":\"fork\".*\"comm\":\"storm-$$\"" stream)
grep -c . stream >.output
[[ $forks -eq 302 ]]
ok "302 forks are 302 records" $?
not_in_stream '"event":"load".*"comm":""' "who loads has a name"
"$kevents" --tree -- sh -c '/bin/true one; sh -c "/bin/true two; exit 5"' >.output 2>notes
matches '^[0-9]+ sh -c /bin/true one' "tree: the top"
matches '^├─ [0-9]+ /bin/true one  \([0-9.]+s, exit 0\)$' "tree: a child"
matches '^(└─ [0-9]+ sh -c /bin/true two; exit 5  \([0-9.]+s, exit 5\)|   └─ [0-9]+ /bin/true two .*)$' "tree: below it"

# Losses are told: a buffer of 64 KiB, and a watcher that does not look.
"$kevents" --json -e exec,exit --buffer 64 -- "$execbomb" 3000 >stream 2>.output &
watcher=$!
sleep 0.5
kill -STOP "$watcher"
sleep 2
kill -CONT "$watcher"
wait "$watcher"
watcher=
cp stream .output
in_stream '"event":"lost".*"count":[0-9]+,.*"why":"buffer"' "a loss is told"
lost=$(sed -n 's/.*"event":"lost".*"count":\([0-9]*\).*/\1/p' stream | awk '{ n += $1 } END { print n + 0 }')
told=$(grep -c '"event":"ex' stream)
# 3000 execs and exits, those of execbomb itself and of its two workers; execbomb's end may be after ours.
echo "$told records, $lost lost" >.output
[[ $((told + lost)) -ge 6003 && $((told + lost)) -le 6004 ]]
ok "told and lost together are what happened" $?

# Perf events.
stream --source perf -E -- "$specimen" "$kevents"
read -r pid tid child address <said
in_stream "\"event\":\"exec\".*\"pid\":$pid," "perf events: exec"
in_stream "\"event\":\"fork\".*\"child_tid\":$tid,.*\"thread\":true" "perf events: a thread"
in_stream "\"event\":\"load\".*\"address\":\"0x$address\"" "perf events: a mapped file"
in_stream "\"event\":\"exit\".*\"pid\":$pid," "perf events: exit"
cp notes .output
says "status and signal are not told" "perf events: what is missing is said"
echo "1..$count"
