#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The bash completion of slabtop: what it offers, and that it knows the options of --help. In the Test
# Anything Protocol.
#
#   slabtop-completion.sh SLABTOP COMPLETION
set -uo pipefail

slabtop=$(realpath "${1:?usage: slabtop-completion.sh SLABTOP COMPLETION}")
completion=$(realpath "${2:?usage: slabtop-completion.sh SLABTOP COMPLETION}")
# shellcheck source=tests/cli/tap.sh
. "$(dirname "$(realpath "$0")")/tap.sh"
mkdir folder
touch night.slab

complete_words() {
	# shellcheck disable=SC2016 # the inner shell's
	bash --norc -c '
		. "$0" || exit 1
		COMP_WORDS=("$@")
		COMP_CWORD=$(($# - 1))
		_kernkit_slabtop
		printf "%s\n" "${COMPREPLY[@]}"' "$completion" "$@" 2>&1 | sort | paste -s -d ' '
}

offers() {
	local expected=$1

	shift
	got=$(complete_words "$@")
	echo "got: $got" >.output
	[[ $got == "$expected" ]]
	ok "$* -> $expected" $?
}

offers "record replay" slabtop re
offers "night.slab" slabtop replay n
offers "night.slab" slabtop plot ni
offers "night.slab" slabtop plot night.slab -o ni
offers "g" slabtop --sort g
offers "folder" slabtop --sysfs ""
offers "--min-growth" slabtop --mi
offers "" slabtop -d ""
for subcommand in "" $("$slabtop" --help | sed -n 's/^ slabtop \([a-z][a-z]*\) .*/\1/p'); do
	# shellcheck disable=SC2086 # no word, or one
	options=$({ "$slabtop" $subcommand --help | sed '/^usage:/,/^$/d' && echo --help; } |
		grep -o -E -e '^ +(-[a-zA-Z], )?--[a-z][a-z0-9-]*|^--help|^  -h, --help' |
		grep -o -E -e '--[a-z-]+' | sort -u | paste -s -d ' ')
	if [[ -z $subcommand ]]; then
		offers "$(tr ' ' '\n' <<<"$options --diff" | sort | paste -s -d ' ')" slabtop --
	else
		offers "$options" slabtop "$subcommand" --
	fi
done

echo "1..$count"
