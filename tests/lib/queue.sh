# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# A queue of jobs, several at a time, the longest first. A job is a command or a function; its output
# goes to a log, where it says what it found, a line each:
#
#   PASS NAME            one test passed
#   PASSED N NAME        N tests passed
#   FAIL NAME[: WHY]     one failed; the lines that are none of these say why
#   SKIP NAME: REASON    one was left out
#
# These lines are shown as they come. A job that ends with an error and no FAIL, that says nothing, or
# that does not end in its time has failed, too, whatever it said before.
#
# To be read with "." by a bash script, which then calls
#
#   queue_open DIRECTORY SLOTS   DIRECTORY keeps the logs, and the seconds of each job in "times"
#   queue_times FILE             seconds of jobs that DIRECTORY/times does not know yet
#   job NAME [OPTION]... COMMAND [ARGUMENT]...
#       --after JOB       not before that job, named earlier, has passed; may be repeated
#       --alone           nothing runs beside it
#       --seconds N       how long it takes if neither file knows
#   queue_select GLOB...         leaves only the jobs of these names, and what they come after
#   queue_run
#
# and finds the numbers in $passed, $failed and $skipped. What failed is told once more at the end, for
# those who see only the end. A job finds a directory of its own in TMPDIR; it is gone afterwards.
# $queue_temporary/shared is for what a job leaves to others. The script's end, for whatever reason, is the
# end of the jobs.

passed=0
failed=0
skipped=0
failures=() # the FAIL lines

job_names=()
job_commands=() # quoted for the shell
job_after=()    # indices
job_alone=()
job_seconds=()
job_weight=()   # its seconds and those of the longest chain that waits for it
job_state=()    # waiting, running, passed, failed; left_out, selected: see queue_select
job_pid=()
job_begun=()
job_log=()      # a descriptor that reads it
job_rest=()     # of the log: a line that has no end yet
job_failures=() # how many FAIL lines
job_results=()  # how many lines of any result

declare -A job_index=()
declare -A known_seconds=()

queue_open() {
	queue_directory=$1
	queue_slots=$2
	mkdir -p "$queue_directory"
	queue_temporary=$(mktemp -d "${TMPDIR:-/tmp}/kernkit.XXXXXX")
	# Tests become other users, who must get through.
	chmod 755 "$queue_temporary"
	mkdir "$queue_temporary/shared"
	trap queue_close EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	# What was measured last counts.
	touch "$queue_directory/times"
	awk '{ seconds = $1; sub(/^[^ ]* /, ""); last[$0] = seconds } END { for (name in last) print last[name], name }' \
		"$queue_directory/times" | sort -k 2 >"$queue_temporary/times"
	cp "$queue_temporary/times" "$queue_directory/times"
	queue_times "$queue_directory/times"
}

queue_times() {
	local seconds name

	[[ -f $1 ]] || return 0
	while read -r seconds name; do
		known_seconds[$name]=${known_seconds[$name]:-$seconds}
	done <"$1"
}

job() {
	local index=${#job_names[@]} name=$1

	shift
	job_names+=("$name")
	job_index[$name]=$index
	job_after[index]=''
	job_alone[index]=''
	job_seconds[index]=${known_seconds[$name]:-}
	while [[ $1 == --* ]]; do
		case $1 in
		--after) job_after[index]+="${job_index[$2]} " && shift ;;
		--alone) job_alone[index]=yes ;;
		--seconds) job_seconds[index]=${job_seconds[index]:-$2} && shift ;;
		esac
		shift
	done
	job_seconds[index]=${job_seconds[index]:-20}
	job_commands[index]=${*@Q}
	job_state[index]=waiting
}

queue_select() {
	local index other glob

	for ((index = ${#job_names[@]} - 1; index >= 0; index--)); do
		for glob; do
			# shellcheck disable=SC2053 # a pattern
			[[ ${job_names[index]} != $glob ]] || job_state[index]=selected
		done
		[[ ${job_state[index]} == selected ]] || continue
		for other in ${job_after[index]}; do
			job_state[other]=selected
		done
	done
	for index in "${!job_names[@]}"; do
		if [[ ${job_state[index]} == selected ]]; then
			job_state[index]=waiting
		else
			job_state[index]=left_out
		fi
	done
}

# The longest is not the one that takes longest itself, but the one that keeps the most waiting.
queue_weigh() {
	local index other

	for ((index = ${#job_names[@]} - 1; index >= 0; index--)); do
		job_weight[index]=$((${job_weight[index]:-0} + job_seconds[index]))
		for other in ${job_after[index]}; do
			if [[ ${job_weight[index]} -gt ${job_weight[other]:-0} ]]; then
				job_weight[other]=${job_weight[index]}
			fi
		done
	done
}

# queue_limit INDEX: how long it may take. Machines differ; what hangs is found all the same.
queue_limit() {
	echo $((600 + 10 * job_seconds[$1]))
}

queue_result() {
	local index=$1 line=$2 number

	case $line in
	"PASS "*) passed=$((passed + 1)) ;;
	"PASSED "*)
		number=${line#PASSED }
		passed=$((passed + ${number%% *}))
		;;
	"FAIL "*)
		failed=$((failed + 1))
		failures+=("$line")
		job_failures[index]=$((job_failures[index] + 1))
		;;
	"SKIP "*) skipped=$((skipped + 1)) ;;
	*) return 0 ;;
	esac
	job_results[index]=$((job_results[index] + 1))
	printf '%s\n' "$line"
}

# queue_read INDEX: what its log says that it did not say before.
queue_read() {
	local index=$1 line

	while IFS= read -r -u "${job_log[index]}" line; do
		queue_result "$index" "${job_rest[index]}$line"
		job_rest[index]=''
	done
	job_rest[index]+=$line
}

queue_log_name() {
	echo "$queue_directory/${1//[^A-Za-z0-9.]/-}.log"
}

queue_start() {
	local index=$1 own=$queue_temporary/$1 log descriptor

	log=$(queue_log_name "${job_names[index]}")
	mkdir -m 1777 "$own"
	: >"$log"
	exec {descriptor}<"$log"
	job_log[index]=$descriptor
	job_rest[index]=''
	job_failures[index]=0
	job_results[index]=0
	# A process group of its own, so that it can be ended whole.
	set -m
	(
		set +m
		trap - EXIT INT TERM HUP
		export TMPDIR=$own KERNKIT_JOB=$own
		status=0
		eval "${job_commands[index]}" || status=$?
		echo "$status" >"$own.status.new"
		mv "$own.status.new" "$own.status"
	) >"$log" 2>&1 </dev/null &
	job_pid[index]=$!
	disown
	set +m
	job_begun[index]=$SECONDS
	job_state[index]=running
}

# queue_signal INDEX SIGNAL: to its process group, and to those of it that left that. To read the
# environment of a process that hangs in the kernel may hang, too.
queue_signal() {
	local process

	kill "-$2" -- "-${job_pid[$1]}" 2>/dev/null || true
	for process in $(timeout -s KILL 5 grep -l -z -x -F "KERNKIT_JOB=$queue_temporary/$1" \
		/proc/[0-9]*/environ 2>/dev/null | cut -d / -f 3); do
		[[ $process -eq $$ ]] || kill "-$2" "$process" 2>/dev/null || true
	done
}

queue_kill() {
	local index=$1 tries

	queue_signal "$index" TERM
	for ((tries = 0; tries < 50; tries++)); do
		kill -0 -- "-${job_pid[index]}" 2>/dev/null || break
		sleep 0.1
	done
	queue_signal "$index" KILL
}

# queue_finish INDEX WHY: it has passed if WHY is empty.
queue_finish() {
	local index=$1 why=$2 name=${job_names[$1]} descriptor

	queue_read "$index"
	queue_result "$index" "${job_rest[index]}"
	descriptor=${job_log[index]}
	exec {descriptor}<&-
	if [[ -z $why && ${job_results[index]} -eq 0 ]]; then
		why="said nothing"
	fi
	if [[ -n $why && (${job_failures[index]} -eq 0 || $why != "exit "*) ]]; then
		queue_result "$index" "FAIL $name: $why"
	fi
	job_state[index]=passed
	if [[ ${job_failures[index]} -gt 0 ]]; then
		job_state[index]=failed
		grep -v -a -E '^(PASS|PASSED|FAIL|SKIP) ' "$(queue_log_name "$name")" | tail -n 150 | sed 's/^ *\(.*\)/    &/' || true
	else
		echo "$((SECONDS - job_begun[index])) $name" >>"$queue_directory/times"
	fi
	# What it left behind, but for what is mounted there.
	queue_signal "$index" KILL
	rm -rf --one-file-system "${queue_temporary:?}/$index" 2>/dev/null || true
}

# queue_look INDEX: has it ended?
queue_look() {
	local index=$1 status=$queue_temporary/$1.status alive=yes

	queue_read "$index"
	kill -0 "${job_pid[index]}" 2>/dev/null || alive=
	if [[ -f $status ]]; then
		status=$(<"$status")
		[[ $status -eq 0 ]] || status="exit $status"
		queue_finish "$index" "${status#0}"
	elif [[ -z $alive ]]; then
		queue_finish "$index" "it was killed"
	elif [[ $((SECONDS - job_begun[index])) -gt $(queue_limit "$index") ]]; then
		queue_kill "$index"
		queue_finish "$index" "still running after $(queue_limit "$index") s"
	fi
}

# queue_is_ready INDEX: all that it is to come after has passed. What cannot pass any more fails.
queue_is_ready() {
	local index=$1 other

	for other in ${job_after[index]}; do
		case ${job_state[other]} in
		passed) ;;
		failed)
			job_state[index]=failed
			job_failures[index]=0
			job_results[index]=0
			queue_result "$index" "FAIL ${job_names[index]}: not run: ${job_names[other]} failed"
			return 1
			;;
		*) return 1 ;;
		esac
	done
}

# What is to run next, if anything is: in $next. A job that runs alone waits until no other runs or could.
queue_next() {
	local index alone=

	next=
	waiting=0
	for index in "${!job_names[@]}"; do
		[[ ${job_state[index]} == waiting ]] || continue
		queue_is_ready "$index" || { [[ ${job_state[index]} == failed ]] || waiting=$((waiting + 1)); continue; }
		waiting=$((waiting + 1))
		if [[ -n ${job_alone[index]} ]]; then
			alone+="$index "
		elif [[ -z $next || ${job_weight[index]} -gt ${job_weight[next]} ]]; then
			next=$index
		fi
	done
	if [[ -z $next && $running -eq 0 ]]; then
		next=${alone%% *}
	fi
}

queue_run() {
	local index next waiting=1 running=0

	queue_weigh
	while [[ $waiting -gt 0 || $running -gt 0 ]]; do
		running=0
		for index in "${!job_names[@]}"; do
			[[ ${job_state[index]} == running ]] || continue
			queue_look "$index"
			[[ ${job_state[index]} == running ]] || continue
			running=$((running + 1))
		done
		while queue_next && [[ -n $next && $running -lt $queue_slots ]]; do
			queue_start "$next"
			running=$((running + 1))
		done
		sleep 0.2
	done
	[[ $failed -eq 0 ]] || printf '%s\n' '' 'What failed:' "${failures[@]/#FAIL /  }"
}

# queue_plan: instead of queue_run: what would run, and how long it is thought to take.
queue_plan() {
	local index

	queue_weigh
	for index in "${!job_names[@]}"; do
		[[ ${job_state[index]} == waiting ]] || continue
		echo "${job_weight[index]} ${job_seconds[index]} ${job_alone[index]:-no} ${job_names[index]}"
	done | sort -k 1,1 -n -r
}

queue_close() {
	local index

	for index in "${!job_names[@]}"; do
		[[ ${job_state[index]} != running ]] || queue_signal "$index" TERM
	done
	for index in "${!job_names[@]}"; do
		[[ ${job_state[index]} != running ]] || queue_kill "$index"
	done
	rm -rf --one-file-system "$queue_temporary" 2>/dev/null || true
}
