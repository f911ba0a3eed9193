#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the bash completion of slabtop offers, but for the options, which tests/docs/command.sh compares.
# In the Test Anything Protocol.
#
#   slabtop-completion.sh COMPLETION
set -uo pipefail

completion=$(realpath "${1:?usage: slabtop-completion.sh COMPLETION}")
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

echo "1..$count"
