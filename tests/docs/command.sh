#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Of a command: that --help, man page and completion know the same options, that exit codes are in the
# page, and that mandoc has no complaint. In the Test Anything Protocol.
#
#   command.sh COMMAND PROJECT BUILD TOOL [SUBCOMMAND...]
#
# TOOL is the folder of its sources. A page or a completion that is not in PROJECT is made in BUILD.
# shellcheck disable=SC2001,SC2013
set -uo pipefail

usage='usage: command.sh COMMAND PROJECT BUILD TOOL [SUBCOMMAND...]'
command=$(realpath "${1:?$usage}")
project=$(realpath "${2:?$usage}")
build=$(realpath "${3:?$usage}")
tool=${4:?$usage}
shift 4
name=${command##*/}
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"
cd "$project" || exit 1
page=$tool/man/$name.1
[[ -f $page ]] || page=$build/$page
completion=packaging/completions/$name
[[ -f $completion ]] || completion=$build/$completion
# shellcheck source=tests/docs/options.sh
. tests/docs/options.sh
# shellcheck source=tests/cli/complete-words.sh
. tests/cli/complete-words.sh

# Long options, each once, in one line each.
in_help() {
	"$command" "$@" --help | grep -o -E '^ +(-[a-zA-Z], +)?--[a-z][a-z0-9-]*' | grep -o -E -e '--[a-z0-9-]+' | sort -u
}

in_completion() {
	complete_words "$completion" "$name" "$@" -- | sort -u
}

for subcommand in '' "$@"; do
	"$command" ${subcommand:+"$subcommand"} --help | grep -i -A 1 '^usage:' |
		grep -q -w "$name" || found="no usage"
	found_nothing "$name $subcommand --help"
	found=$(diff <(in_help ${subcommand:+"$subcommand"}) \
		<(in_completion ${subcommand:+"$subcommand"}))
	found_nothing "$name $subcommand: --help and completion have the same options"
done
found=$(diff <(for subcommand in '' "$@"; do
	"$command" ${subcommand:+"$subcommand"} --help
done | options_of_help) <(options_of_page <"$page"))
found_nothing "$name: --help and the man page have the same options, letters and arguments"
for subcommand; do
	grep -q "^\.Ss $name $subcommand" "$page" || found+=$'\n'"no section of $subcommand"
done
found_nothing "$name: each subcommand has a section"
for code in $(sed -n 's/^\tEXIT_[A-Z_]* = \([0-9]*\),.*/\1/p' "$tool/cli/cli.h"); do
	grep -q "^\.It $code\$" "$page" || found+=$'\n'"not explained: exit code $code"
done
found_nothing "$name: every exit code is in the man page"
if command -v mandoc >/dev/null; then
	for manual in "$page" "$tool"/man/*.[1-9]; do
		[[ -f $manual ]] || continue
		found+=$(mandoc -T lint -W warning "$manual" 2>&1)
	done
	found_nothing "$name: mandoc has no complaint"
fi

# Who types what a page, a help or a message says starts this program, and no other.
if [[ $name != "$tool" ]]; then
	for subcommand in '' "$@"; do
		for argument in --help --no-such-option; do
			found+=$("$command" ${subcommand:+"$subcommand"} "$argument" 2>&1 |
				grep -E "(^|[^a-z/_])$tool( |:|\(|\$)")
		done
	done
	found+=$("$command" --version | grep -E "^$tool")
	found_nothing "$name: help and messages have its name"
	found+=$(grep -nE "(^|[^a-z/_=])$tool( |\$)" "$page" | grep -v '^[0-9]*:\.Cm')
	found+=$(grep -nE "^complete .*[ ]$tool( |\$)" "$completion")
	found_nothing "$name: page and completion have its name"
	# shellcheck disable=SC2016 # Markdown's
	found+=$(sed -n '/^```/,/^```/p' "docs/$tool.md" README.md | grep -E "(^|sudo |[$#] )$tool ")
	found_nothing "$name: what the documents have people type has its name"
fi
echo "1..$count"
