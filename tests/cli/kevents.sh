#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# kevents on the running kernel: what it tells, what it takes, what it says when it cannot.
#
#   kevents.sh KEVENTS SPECIMEN EXECBOMB
kevents=$(realpath "$1")
specimen=$(realpath "$2")
execbomb=$(realpath "$3")
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/lib/tap.sh
. "$here/../lib/tap.sh"
# shellcheck source=tests/kevents/rights.sh
. "$here/../kevents/rights.sh"

watcher=
clean_up() { [[ -z $watcher ]] || kill "$watcher" 2>/dev/null; }

# stream OPTION... -- COMMAND...: what the command does, into "stream", what it prints into "said".
stream() {
	"$kevents" --json "$@" >both 2>notes
	grep '^{' both >stream
	grep -v '^{' both >said
	cat stream notes >.output
}

# wait_until COMMAND...: at most a minute.
wait_until() {
	local end=$((SECONDS + 60))

	until "$@"; do
		[[ $SECONDS -lt $end ]] || return 1
		sleep 0.01
	done
}

# watch_begun: $watcher is as far as to wait for events.
watch_begun() {
	wait_until grep -qE 'poll|nanosleep' "/proc/$watcher/wchan"
}

# watch_end: what happened so far is in what it writes.
watch_end() {
	kill -INT "$watcher"
	wait "$watcher"
	watcher=
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
expect 2 "a pid that nobody has" "$kevents" -p 99999999 -D 0.1
says "-p 99999999: no such process" "a pid that nobody has: said"
expect 2 "a pid that nobody has any more" "$kevents" record -p "$(sh -c 'echo $$')" -D 0.1 rec
says ": no such process" "a pid that nobody has any more: said"
[[ ! -e rec ]]
ok "a pid that nobody has any more: no recording" $?
python3 -c 'import threading, time
thread = threading.Thread(target=time.sleep, args=(60,))
thread.start()
print(thread.native_id, flush=True)' >tid &
watcher=$!
wait_until test -s tid
expect 2 "a thread's id" "$kevents" -p "$(cat tid)" -D 0.1
says "-p $(cat tid): a thread of process $watcher" "a thread's id: said whose"
kill "$watcher"
wait "$watcher" 2>/dev/null
watcher=
expect 2 "a buffer that is no power of two" "$kevents" --buffer 100
expect 2 "a name that is too long" "$kevents" --name sixteen-letters-
expect 2 "no such control group" "$kevents" --cgroup /no/such
expect 2 "no such source" "$kevents" --source ebpf
expect 2 "tree and rates" "$kevents" --tree --rates
expect 2 "an operand without --" "$kevents" ls
expect 2 "a duration that is none" "$kevents" -D never
says "--duration never: not a duration" "a duration that is none: said"
# strtod(3) takes these.
for duration in 0x1 1e-1 inf nan ' 1' +1; do
	expect 2 "a duration that is no decimal number: '$duration'" "$kevents" -D "$duration"
done
expect 2 "no time at all" "$kevents" -D 0
expect 2 "a unit that is none" "$kevents" -D 1y
expect 2 "an interval that is no decimal number" "$kevents" --rates=0x1
expect 2 "a pid with a sign" "$kevents" -p +1
expect 1 "a recording that is not there" "$kevents" replay nothing-here
says "nothing-here: No such file" "a recording that is not there: said"
echo "this is not a recording, and long enough for the header of one to be read $(printf '%300s' x)" >text
expect 1 "a text is no recording" "$kevents" replay text
says "not a recording" "a text is no recording: said"
: >empty
expect 1 "an empty file is no recording" "$kevents" replay empty
says "too short" "an empty file is no recording: said"

if ! may_watch; then
	skip "what happens" "the right to watch the kernel is missing"
	echo "1..$count"
	exit
fi
expect 0 "it watches" "$kevents" -e fork -D 0.1
expect 0 "a duration with a unit" "$kevents" -e fork -D 100ms
expect 0 "an interval with a unit" "$kevents" --rates 50ms -D 0.2s

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
# A kload or kunload has the process that an interrupt met: it may come in between.
grep -E "\"pid\":$pid," stream | grep -vE '"event":"k(un)?load"' | head -n 2 | sed 's/.*"event":"\([a-z]*\)".*/\1/' | tr '\n' ' ' >.output
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
in_stream '\["/bin/true","","a\\nb\\u001b\[31m",""\]' "empty arguments, and control characters"
stream -e exec -- /bin/true 'back\slash' $'\x7f\u009b\u202e' $'caf\u00e9'
in_stream '\["/bin/true","back\\\\slash","\\u007f\\u009b\\u202e","café"\]' "what could speak to a terminal"
not_in_stream args_hex "what is UTF-8 is exact"
stream -e exec -- /bin/true $'\xff'
in_stream '"args":\["/bin/true","�"\],"args_hex":\["2f62696e2f74727565","ff"\]' "bytes that are not UTF-8"
python3 - "$kevents" <<'E2' 2>.output
import json, subprocess, sys
arguments = [b"/bin/true", b"", b"x y", b"a\nb\t\x1b\\\"'", "caf\u00e9 \u202e\u009b".encode(), b"\xff\xfe", b"$HOME `id`"]
stream = subprocess.run([sys.argv[1], "--json", "-e", "exec", "--", *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
for line in stream.decode().splitlines():
    record = json.loads(line)
    if record["path"].endswith("/true"):
        break
assert [bytes.fromhex(a) for a in record["args_hex"]] == arguments, record
assert [a.encode() for i, a in enumerate(record["args"]) if i != 5] == arguments[:5] + arguments[6:], record
E2
ok "JSON: the arguments are those of the process" $?
stream -e exec -- sh -c "exec $execbomb 200"
[[ $(grep -c '"--exit","0"\]' stream) -eq 200 ]]
ok "200 short processes: each with its arguments" $?
: >table
"$kevents" -- sh -c 'exit 3' >table
cp table .output
matches "^[0-9:]{8} exec +[0-9]+ +sh -c 'exit 3'\$" "table: exec"
matches "^[0-9:]{8} exit +[0-9]+ 3 +[0-9.]+s sh -c 'exit 3'\$" "table: exit"

# A line of the table can be pasted into a shell, and gives the same arguments.
# shellcheck disable=SC2016
arguments=('' 'x y' "it's" $'a\nb\t\e[31m' $'\xff\\' 'a\b' '$HOME `id`' '~' '#' '*' 'café' $'\u202e')
"$kevents" -e exec -- /bin/true "${arguments[@]}" >table
sed -n 's/^[0-9:]\{8\} exec *[0-9]* *\/bin\/true //p' table >.output
eval "got=($(cat .output))"
[[ ${#got[@]} -eq ${#arguments[@]} && ${got[*]@Q} == "${arguments[*]@Q}" ]]
ok "table: a shell takes the line apart into the same arguments" $?
matches_not $'[\x01-\x1f\x7f]' "table: no control characters"
"$kevents" -s -d -- /bin/sh -c 'exit 3' >.output
matches '^[0-9:]{8} exec +[0-9]+ +sh$' "-s -d: the name alone"
"$kevents" -q -- "$execbomb" 50 >.output
matches '^Program +fork +exec +exit +total$' "-q: statistics"
matches '^execbomb +5[0-9] +5[0-9] +5[0-9] +' "-q: by program"
"$kevents" -x -- /bin/true >.output
matches "^[0-9:]{8} exec +[0-9]+ +[0-9]+ $(id -un | cut -c 1-8) " "-x: parent and user"

# The command's exit status is ours, in each mode that runs one.
for mode in "" --json --tree --rates -q "record ended"; do
	# shellcheck disable=SC2086 # words
	expect 7 "exit status, ${mode:-table}" "$kevents" $mode -- sh -c 'exit 7'
done
expect 127 "exit status: no such command" "$kevents" -- ./no-such-command
expect 126 "exit status: not executable" "$kevents" -- ./text
# shellcheck disable=SC2016
expect 137 "exit status: a signal" "$kevents" -- sh -c 'kill -9 $$'

# -o FILE: the stream, and standard output is the command's alone.
umask 027
for mode in --json "" --rates --tree -q; do
	rm -f into
	# shellcheck disable=SC2086 # words
	"$kevents" $mode -o into -- sh -c 'echo of the command; /bin/true; exit 5' >.output 2>notes
	[[ $? -eq 5 && $(cat .output) == "of the command" ]]
	ok "-o, ${mode:-table}: standard output is the command's, and so is the status" $?
	[[ -s into ]] && ! grep -q '^of the command' into && [[ $(stat -c %a into) == 640 ]]
	ok "-o, ${mode:-table}: the rest is in the file" $?
done
umask 022
"$kevents" --json -o into -- /bin/true
python3 -c 'import json; [json.loads(line) for line in open("into")]' 2>.output
ok "-o: a file that was there is emptied" $?
expect 1 "-o: no such folder" "$kevents" -o no/such/into -- touch was-run
says "no/such/into: No such file or directory" "-o: no such folder: said"
[[ ! -e was-run ]]
ok "-o: no such folder: the command is not run" $?
if [[ $EUID -eq 0 ]]; then
	echo kept >kept
	chmod 777 .
	chmod 666 kept
	for file in kept made; do
		# shellcheck disable=SC2016
		expect 1 "-o $file: no rights" setpriv --reuid 65534 --clear-groups --bounding-set -all \
			"$kevents" -o "$file" -D 1
	done
	[[ $(cat kept) == kept && ! -e made ]]
	ok "-o: where nothing can be watched, nothing is emptied or made" $?
fi
for view in "" --json --tree --statistics; do
	# shellcheck disable=SC2086 # no word, or one
	expect 1 "-o $view: a full disk" "$kevents" -o /dev/full $view -- /bin/true
	says "kevents: /dev/full cannot be written: No space left on device" "-o $view: a full disk: said"
done
"$kevents" -o - -- /bin/true >.output
matches '^[0-9:]{8} exec ' "-o -: standard output"
expect 2 "record -o" "$kevents" record -o into rec -- /bin/true

expect 1 "a closed standard output" sh -c "'$kevents' -- true >&-"
says_not "Invalid argument" "a closed standard output: no descriptor takes its place"

# The filter.
stream -e exit -- "$specimen" "$kevents"
in_stream '"event":"exit".*"status":7' "-e exit: the exit"
not_in_stream '"event":"(exec|fork|load)"' "-e exit: nothing else"
stream -e exitnonzero -- sh -c '/bin/true; exit 4'
[[ $(grep -vc '"event":"end"' stream) -eq 1 ]]
ok "-e exitnonzero: one" $?
stream -e clone -- "$specimen" "$kevents"
in_stream '"event":"fork".*"thread":true' "-e clone: a thread"
not_in_stream '"thread":false' "-e clone: threads only"
"$kevents" --json -e exec --name true >stream 2>notes &
watcher=$!
watch_begun
/bin/true
/bin/echo >/dev/null
watch_end
in_stream '"comm":"true"' "--name: that one"
not_in_stream '"comm":"echo"' "--name: no other"
mkfifo go
sh -c 'read -r _ <go; /bin/true of-the-shell; sh -c "/bin/true of-its-child"' &
shell=$!
"$kevents" --json -e exec -p "$shell" --children >stream 2>notes &
watcher=$!
watch_begun
/bin/true of-nobody
echo >go
wait "$shell"
watch_end
in_stream of-the-shell "-p --children: a child"
in_stream of-its-child "-p --children: its child"
not_in_stream of-nobody "-p --children: nobody else"
if [[ $EUID -eq 0 ]]; then
	"$kevents" --json -e exec -u 65534 >stream 2>notes &
	watcher=$!
	watch_begun
	setpriv --reuid 65534 --clear-groups /bin/true of-nobody
	/bin/true of-root
	watch_end
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
sh -c 'read -r _ <go; exit 9' an-older-process &
shell=$!
"$kevents" -e exit >.output 2>&1 &
watcher=$!
watch_begun
echo >go
wait "$shell"
watch_end
matches "exit +[0-9]+ 9 .*sh -c 'read -r _ <go; exit 9' an-older-process" "table: an older process has its name"

# Recordings.
expect 7 "record: exits as its command does" "$kevents" record rec -E -- "$specimen" "$kevents"
says "records" "record: how many is said"
"$kevents" replay --json -E rec >stream 2>.output
ok "replay" $?
in_stream '"event":"exit".*"status":7' "replay: the exit"
in_stream '"event":"load".*"build_id":"[0-9a-f]{40}"' "replay: build ids"
not_in_stream synthesised "replay: not what was there before"
"$kevents" replay --existing --json -E rec >stream 2>.output
cp stream replayed
tail -n 1 stream >.output
matches '"event":"end".*"lost":0,"incomplete":0,"agree":true' "replay: the account"
[[ $(sed 's/.*"delivered":\([0-9]*\).*/\1/' .output) -eq $(grep -vcE '"event":"(lost|end)"|"synthesised":true' stream) ]]
ok "replay: what is delivered is what is in the recording" $?
"$kevents" replay --existing --json -E -o into rec && cmp into replayed >.output
ok "replay -o: the same" $?
cp rec rec.before
expect 1 "replay -o: the recording itself" "$kevents" replay -o rec rec
cmp rec rec.before
ok "replay -o: the recording itself: it is whole" $?
expect 0 "replay from a pipe" sh -c "cat rec | '$kevents' replay --existing --json -E - | cmp - replayed"
expect 0 "record to a pipe" sh -c "'$kevents' record - -- /bin/true 2>notes | '$kevents' replay -e exec -"
says /bin/true "record to a pipe: it is there"
"$kevents" replay -e exec -p "$(sed -n 's/.*"event":"exec".*"pid":\([0-9]*\),.*specimen.*/\1/p' replayed | head -n 1)" rec >.output
[[ $(wc -l <.output) -eq 2 ]]
ok "replay -p: one process" $?
head -c "$(($(stat -c %s rec) / 2))" rec >half
expect 1 "half a recording" "$kevents" replay half
says "ends in the middle" "half a recording: said"
cp rec spoiled
printf 'XXXXXXXX' | dd of=spoiled bs=1 seek=600 conv=notrunc 2>/dev/null
expect 3 "a damaged recording" "$kevents" replay --strict -E spoiled
matches '^kevents: spoiled: [0-9]+ records are missing$' "a damaged recording: said"
expect 1 "no place to record to" "$kevents" record /no/such/folder/rec -- touch was-run
[[ ! -e was-run ]]
ok "no place to record to: the command is not run" $?

# Rates and tree.
"$kevents" --rates 0.5 --json -- "$execbomb" 100 >.output 2>notes
matches '"execs":[0-9.]+' "rates: execs per second"
matches '"comm":"execbomb"' "rates: who causes them"
rm stream
"$kevents" --json -E >stream 2>notes &
watcher=$!
wait_until test -s stream # which makes events
ok "it has begun" $?
cp "$execbomb" "storm-$$"
"./storm-$$" 300 >/dev/null
kill "$watcher"
wait "$watcher"
watcher=
forks=$(grep -c "\"event\":\"fork\".*\"comm\":\"storm-$$\"" stream)
grep -c . stream >.output
[[ $forks -eq 302 ]]
ok "302 forks are 302 records" $?
in_stream "\"event\":\"load\".*\"comm\":\"storm-$$\"" "who loads has its name"
not_in_stream '"event":"load".*"comm":""' "who loads has a name"
"$kevents" --tree -- sh -c '/bin/true one; sh -c "/bin/true two; exit 5"' >.output 2>notes
matches "^[0-9]+ sh -c '/bin/true one" "tree: the top"
matches '^├─ [0-9]+ /bin/true one  \([0-9.]+s, exit 0\)$' "tree: a child"
matches '^(└─ [0-9]+ sh -c '\''/bin/true two; exit 5'\''  \([0-9.]+s, exit 5\)|   └─ [0-9]+ /bin/true two .*)$' "tree: below it"

# child_has_ended PID: one that this process, which is stopped, has not waited for.
child_has_ended() {
	pgrep --parent "$1" --runstates Z >/dev/null
}

# Losses are told: a buffer of 64 KiB, and a watcher that does not look.
rm stream
"$kevents" --json --strict -e exec,exit --buffer 64 -- "$execbomb" 3000 >stream 2>.output &
watcher=$!
wait_until test -s stream
ok "a watcher that does not look: it has begun" $?
kill -STOP "$watcher"
wait_until child_has_ended "$watcher"
ok "a watcher that does not look: what it watches has ended" $?
kill -CONT "$watcher"
wait "$watcher"
[[ $? -eq 3 ]]
ok "--strict: a loss is exit status 3" $?
watcher=
cp stream .output
in_stream '"event":"lost".*"count":[0-9]+,.*"why":"buffer"' "a loss is told"
lost=$(sed -n 's/.*"event":"lost".*"count":\([0-9]*\).*/\1/p' stream | awk '{ n += $1 } END { print n + 0 }')
told=$(grep -c '"event":"ex' stream)
# 3000 execs and exits, those of execbomb itself and of its two workers; execbomb's end may be after ours.
echo "$told records, $lost lost" >.output
[[ $((told + lost)) -ge 6003 && $((told + lost)) -le 6004 ]]
ok "told and lost together are what happened" $?
tail -n 1 stream >.output
matches "\"event\":\"end\".*\"delivered\":$told,.*\"lost\":$lost,.*\"agree\":true" "the account says the same"

# The account ends each stream.
stream -E --strict -- "$execbomb" 200
tail -n 1 stream >.output
matches '"event":"end".*"missed":0,.*"lost":0,"incomplete":0,"agree":true' "an account without losses"
[[ $(sed 's/.*"delivered":\([0-9]*\).*/\1/' .output) -eq $(grep -vcE '"event":"(lost|end)"' stream) ]]
ok "what is delivered is what is in the stream" $?

# A buffer that is larger than what is mapped of it at a time, and is gone round several times.
stream -E --buffer 512 -- "$execbomb" 3000
tail -n 1 stream >.output
matches '"event":"end".*"agree":true' "a small buffer gone round: the account agrees"
lost=$(sed 's/.*"lost":\([0-9]*\),"incomplete".*/\1/' .output)
told=$(grep -c '"event":"exec".*"args":\["execbomb","--exit","0"\]' stream)
[[ $told -le 3000 && $((told + lost)) -ge 3000 ]]
ok "a small buffer gone round: each exec is whole, or lost" $?

# Memory, in KiB: while it watches a storm, and at most. libbpf asks for 16 MiB of log where a program is
# refused, and hardly uses them; meson's MALLOC_PERTURB_ would write all of them.
unset MALLOC_PERTURB_
for mode in "" "-E" "-E --json" "--rates" "--tree" "--existing -E --json" "record into -E" "--source perf -E"; do
	# shellcheck disable=SC2086 # words
	"$kevents" $mode >/dev/null 2>&1 &
	watcher=$!
	watch_begun
	"$execbomb" 1000 >/dev/null
	now=$(awk '/VmRSS/ { print $2 }' "/proc/$watcher/status")
	most=$(awk '/VmHWM/ { print $2 }' "/proc/$watcher/status")
	kill "$watcher"
	wait "$watcher"
	watcher=
	echo "$now KiB, at most $most" >.output
	[[ $now -gt 0 && $now -lt 8192 && $most -lt 16384 ]]
	ok "memory, ${mode:-table}: under 8 MiB, and never 16" $?
done

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
