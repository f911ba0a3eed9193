# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# complete_words COMPLETION COMMAND [WORD...]: what the bash completion in that file offers for the last
# of the words, sorted, a line each.

complete_words() {
	# shellcheck disable=SC2016 # the inner shell's
	bash --norc -c '
		. "$0" || exit 1
		COMP_WORDS=("$@")
		COMP_CWORD=$(($# - 1))
		"$(complete -p "$1" | sed "s/.* -F \([^ ]*\) .*/\1/")"
		printf "%s\n" "${COMPREPLY[@]}"' "$@" 2>&1 | sort
}

# offers EXPECTED COMMAND [WORD...]: a case of tap.sh: these are offered by $completion, in one line.
# shellcheck disable=SC2154 # completion: of the script that reads this
offers() {
	local expected=$1

	shift
	got=$(complete_words "$completion" "$@" | paste -s -d ' ')
	echo "got: $got" >.output
	[[ $got == "$expected" ]]
	ok "$* -> $expected" $?
}
