# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154,SC2034
# Machines, servers and clients for the tests of sccon: to be read with "." after tap.sh and terminal.sh, with $sccon and $tools.

pids=()
clean_up() {
	terminal kill-server 2>/dev/null
	[[ ${#pids[@]} -eq 0 ]] || kill -9 "${pids[@]}" 2>/dev/null
	wait 2>/dev/null
}

# until_true COMMAND...: it is true within a while.
until_true() {
	local tries

	for tries in $(seq 600); do
		! "$@" >/dev/null 2>&1 || return 0
		sleep 0.05
	done
	return 1
}

# comes EXPRESSION FILE NAME: a line of the file is like that within a while.
comes() {
	until_true grep -qaE -- "$1" "$2"
	local result=$?
	tail -n 20 "$2" >.output 2>&1
	ok "$3" $result
}

# comes_not: it is not there, and what would come after it is.
comes_not() {
	! grep -qaE -- "$1" "$2"
	ok "$3" $?
}

# begin COMMAND...: in the background; $pid.
begin() {
	# Without job control it would have /dev/null.
	"$@" <&0 &
	pid=$!
	pids+=("$pid")
}

# ends_with CODE PID NAME
ends_with() {
	local got

	until_true not_there "$2" || kill -9 "$2"
	wait "$2"
	got=$?
	echo "exit code $got, expected $1" >.output
	ok "$3" $((got != $1))
}

not_there() { ! kill -0 "$1" 2>/dev/null; }

# machine KIND PATH [FILE]: until it is there.
machine() {
	begin python3 "$tools/machine.py" "$@"
	until_true test -e "$2"
}

# serve NAME OPTION... LINE: at the socket NAME; $server_pid.
serve() {
	local name=$1

	shift
	: >"$name.log"
	begin "$sccon" serve -v -s "$name" "$@" 2>"$name.log"
	server_pid=$pid
	until_true grep -q 'the line is' "$name.log"
}

# attach NAME OPTION...: its input is the FIFO NAME.in, which descriptor $input writes to; NAME.out, NAME.err; $pid.
attach() {
	local name=$1

	shift
	: >"$name.out"
	: >"$name.err"
	mkfifo "$name.in"
	# Opened for both, nobody waits for another one to open it.
	exec {input}<>"$name.in"
	begin "$sccon" attach "$@" <&"$input" >"$name.out" 2>"$name.err"
	until_true grep -q 'attached to' "$name.err"
}

# watch NAME OPTION...: without an input.
watch() {
	local name=$1

	shift
	: >"$name.out"
	: >"$name.err"
	begin "$sccon" attach -r "$@" </dev/null >"$name.out" 2>"$name.err"
	until_true grep -q 'attached to' "$name.err"
}

# status NAME PATH: a member of the status of the server at the socket NAME, as Python has it.
status() {
	"$sccon" status --json "./$1" | python3 -c "import json, sys; print(json.load(sys.stdin)$2)"
}

is_status() { [[ $(status "$1" "$2") == "$3" ]]; }
