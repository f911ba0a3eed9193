# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154,SC2034
# A real terminal, which is tmux, for the tests of screens: to be read with "." after tap.sh. Screens are
# compared with those kept in the folder $screens; with KEEP=1 they are written, not compared.

if ! command -v tmux >/dev/null; then
	echo "1..0 # SKIP no tmux"
	exit 0
fi
clean_up() { terminal kill-server 2>/dev/null; }
unset TMUX
export TMUX_TMPDIR=$work SHELL=/bin/sh

# A server that was told to end takes a while; the next one has another name.
server=0
terminal() { tmux -L "screen-$server" -f /dev/null "$@"; }

# open_terminal WIDTH HEIGHT COMMAND...: what the command ends with goes to the file code.
open_terminal() {
	local width=$1 height=$2

	shift 2
	terminal kill-server 2>/dev/null
	server=$((server + 1))
	rm -f code
	terminal new-session -d -x "$width" -y "$height" "$(printf '%q ' "$@"); echo \$? >$work/code; exec sleep 1000"
	terminal set -g status off >/dev/null
}

show() { terminal capture-pane -p >.output; }
press() { terminal send-keys "$@"; }

# shows EXPRESSION NAME: within some seconds a line of the screen is like that.
shows() {
	local tries

	for tries in $(seq 100); do
		show
		! grep -qE -- "$1" .output || break
		sleep 0.05
	done
	grep -qE -- "$1" .output
	ok "$2" $?
}

# looks NAME: as the kept screen $screens/NAME, within some seconds.
looks() {
	local tries kept=$screens/$1

	if [[ -n ${KEEP-} ]]; then
		sleep 1
		mkdir -p "$screens"
		terminal capture-pane -p >"$kept"
	fi
	for tries in $(seq 100); do
		show
		! cmp -s .output "$kept" || break
		sleep 0.05
	done
	diff "$kept" .output >.difference
	local result=$?
	cp .difference .output
	ok "screen $1" $result
}

ends() {
	local tries

	for tries in $(seq 100); do
		[[ ! -s code ]] || break
		sleep 0.05
	done
	echo "exit code: $(cat code 2>&1)" >.output
	[[ $(cat code 2>/dev/null) == "$1" ]]
	ok "$2" $?
}

# fits WIDTH NAME: no line of the screen was longer than it, and wrapped.
fits() {
	terminal capture-pane -pJ | sed 's/ *$//' >.output
	! grep -qE ".{$(($1 + 1))}" .output
	ok "$2" $?
}
