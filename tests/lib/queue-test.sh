#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The queue that make check runs its jobs in, tests/lib/queue.sh: what runs when, and what counts as failed.
# In the Test Anything Protocol.
#
#   queue-test.sh
# shellcheck disable=SC2016 # the inner shell's
set -uo pipefail

queue=$(dirname "$(realpath "$0")")/queue.sh
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$queue")/tap.sh"

# queue SCRIPT: with a queue of two slots in "kept"; ends as tests/check does. What was said is in .output.
queue() {
	cat >script <<-END
		set -euo pipefail
		. "$queue"
		queue_open "$work/kept" 2
		mark() { echo "\$1" >>"$work/order"; echo "PASS \$1"; }
		$1
		queue_run
		echo "\$passed passed, \$failed failed, \$skipped skipped"
		[[ \$failed -eq 0 ]]
	END
	rm -f order
	timeout 60 bash script >.output 2>&1 </dev/null
	code=$?
	echo "exit $code" >>.output
}

queue 'job a mark a
job many --after a echo "PASSED 20 cases"
job skipping --after a echo "SKIP b: no reason"'
says '21 passed, 0 failed, 1 skipped' 'what passed and what was skipped is counted'
says 'exit 0' 'that is a success'
says 'SKIP b: no reason' 'results are shown'

queue 'one() { sleep 0.3; mark "$1"; }
job short --seconds 1 one short
job first --seconds 2 one first
job long --seconds 100 one long
job longest --after first --seconds 200 one longest'
[[ $(tr '\n' ' ' <order) =~ ^(first\ long|long\ first)\ (longest\ short|short\ longest)\ $ ]]
ok 'first what takes longest, with all that waits for it' $?
[[ -n $(sed -n 's/^[0-9]* longest$/&/p' kept/times) ]]
ok 'the seconds of each are kept' $?

echo '300 short' >kept/times
queue 'one() { sleep 0.3; mark "$1"; }
job other --seconds 100 mark other
job alone --alone one alone
job long --seconds 200 one long
job short --seconds 1 one short'
[[ $(tail -n 1 order) == alone ]]
ok 'what runs alone comes last' $?
queue 'busy() { mkdir "$1/busy" || { echo "FAIL two at a time"; return; }; sleep 0.5; rmdir "$1/busy"; echo "PASS it"; }
shared=$queue_temporary/shared
job a --alone busy "$shared"
job b --alone busy "$shared"
job c busy "$shared"'
says '3 passed, 0 failed' 'nothing runs beside it'
[[ $(grep -c ' short$' kept/times) -eq 1 ]] && ! grep -q '^300 ' kept/times
ok 'what was measured last replaces what was known' $?

queue 'job bad false
job after --after bad mark after
job good mark good'
says 'FAIL bad: exit 1' 'a job that ends with an error has failed'
says 'FAIL after: not run: bad failed' 'and so has what needs it'
says '1 passed, 2 failed' 'the others run'
[[ $(sed -n '/^What failed:$/,/^1 passed/p' .output) == *'  bad: exit 1'*'  after: not run: bad failed'* ]]
ok 'what failed is told once more at the end' $?
says 'exit 1' 'that is a failure'

queue 'both() { echo "PASS x"; echo "FAIL y: why"; echo "details of y"; return 1; }
job both both'
says '1 passed, 1 failed' 'a test that failed is counted once'
says '    details of y' 'what it said is shown'

queue 'job quiet true'
says 'FAIL quiet: said nothing' 'a job that says nothing has failed'

queue 'dies() { echo "PASS before"; kill -KILL $BASHPID; }
job dies dies'
says 'FAIL dies: it was killed' 'a job that dies has failed, whatever it said before'
says '1 passed, 1 failed' 'it is counted'

queue 'half() { printf "PASS half"; }
job half half'
says '1 passed, 0 failed' 'a last line without an end counts'

# A limit that does not take minutes. One that ignores SIGTERM, with a child of another session.
queue 'queue_limit() { echo 1; }
hangs() { trap "" TERM; setsid sleep 987.'$$' & echo "PASS before"; sleep 987.'$$'; }
job hangs hangs
job good mark good'
says 'FAIL hangs: still running after 1 s' 'a job that hangs has failed'
says '2 passed, 1 failed' 'and the queue goes on'
! pgrep -f "^sleep 987\\.$$" >/dev/null
ok 'nothing of it is left' $?

queue 'own() { [[ -d $TMPDIR ]] && touch "$TMPDIR/file" && echo "$TMPDIR" >>'"$work/temporary"' && echo "PASS own"; }
job a own
job b own'
[[ $(sort -u temporary | wc -l) -eq 2 ]]
ok 'each has a directory for temporary files' $?
while read -r directory; do
	[[ -e $directory ]] && break
done <temporary
[[ ! -e $directory && ! -e ${directory%/*} ]]
ok 'which is gone afterwards' $?

queue 'job a mark a
job b --after a mark b
job c mark c
queue_select "b*"'
[[ $(tr '\n' ' ' <order) == 'a b ' ]]
ok 'what is selected runs, with what it needs' $?

# Interrupted: a terminal tells the shell, and the jobs are not in its process group.
cat >script <<-END
	. "$queue"
	queue_open "$work/kept" 2
	runs() { setsid sleep 988.$$ & touch "$work/runs"; sleep 988.$$; }
	job a runs
	queue_run
END
for signal in INT TERM HUP; do
	rm -f runs
	# A command in the background would ignore SIGINT, and one below nohup ignores SIGHUP.
	python3 -c 'import os, signal
for ignored in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
    signal.signal(ignored, signal.SIG_DFL)
os.execvp("bash", ["bash", "script"])' >.output 2>&1 &
	interrupted=$!
	for ((tries = 0; tries < 100; tries++)); do
		[[ ! -e runs ]] || break
		sleep 0.1
	done
	kill "-$signal" "$interrupted"
	wait "$interrupted"
	[[ $? -gt 128 ]] && ! pgrep -f "^sleep 988\\.$$" >/dev/null
	ok "SIG$signal ends it and its jobs" $?
done

echo "1..$count"
