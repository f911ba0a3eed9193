# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What test scripts have in common: a folder to work in, and the Test Anything Protocol. To be read with "."
# by a script whose folder is then left for $work.

work=$(mktemp -d "${TMPDIR:-/tmp}/digsig-$(basename "$0" .sh)-XXXXXX") || exit 1
cd "$work" || exit 1
export NO_COLOR=1 LC_ALL=C.UTF-8
unset SOURCE_DATE_EPOCH
count=0
found=

# clean_up: what a script has to undo before its folder goes; it may have another one of this name.
clean_up() { :; }

# A process that was only just forked has the trap too, and may be told to end before it is another
# program: it is not the one to take the folder away.
trap '[[ $BASHPID -ne $$ ]] || { clean_up; cd /; chmod -R u+rwX "$work" 2>/dev/null; rm -rf "$work"; }' EXIT

# ok NAME STATUS: one case. What the last command printed is in .output.
ok() {
	count=$((count + 1))
	if [[ $2 -eq 0 ]]; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		head -n 40 "$work/.output" 2>/dev/null | sed 's/^/# /'
	fi
}

# found_nothing NAME: one case of a script that compares. It passes if $found, which says what is wrong, is
# empty; and empties it.
found_nothing() {
	echo "${found#$'\n'}" >"$work/.output"
	[[ -z $found ]]
	ok "$1" $?
	found=
}

skip() {
	count=$((count + 1))
	echo "ok $count - $1 # SKIP $2"
}

# expect CODE NAME COMMAND...: the command ends with this exit code.
expect() {
	local code=$1 name=$2 got

	shift 2
	"$@" >"$work/.output" 2>&1 </dev/null
	got=$?
	echo "exit code $got, expected $code: $*" >>"$work/.output"
	ok "$name" $((got != code))
}

# says TEXT NAME: the last command printed this; says_not: it did not.
says() {
	grep -qF -- "$1" "$work/.output"
	ok "$2" $?
}

says_not() {
	! grep -qF -- "$1" "$work/.output"
	ok "$2" $?
}

# matches EXPRESSION NAME: a line of it does; matches_not: none does.
matches() {
	grep -qE -- "$1" "$work/.output"
	ok "$2" $?
}

matches_not() {
	! grep -qE -- "$1" "$work/.output"
	ok "$2" $?
}
