#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Of a command: that --help, man page and completion know the same options, that exit codes are in the
# page, and that mandoc has no complaint. In the Test Anything Protocol.
#
#   command.sh COMMAND PROJECT [SUBCOMMAND...]
# shellcheck disable=SC2001,SC2013
set -uo pipefail

command=$(realpath "${1:?usage: command.sh COMMAND PROJECT [SUBCOMMAND...]}")
project=$(realpath "${2:?usage: command.sh COMMAND PROJECT [SUBCOMMAND...]}")
shift 2
name=${command##*/}
cd "$project" || exit 1
page=man/$name.1
completion=packaging/completions/$name
# shellcheck source=tests/docs/tap.sh
. tests/docs/tap.sh
# shellcheck source=tests/cli/complete-words.sh
. tests/cli/complete-words.sh

# Long options, each once, in one line each.
in_help() {
	"$command" "$@" --help | grep -o -E '^ +(-[a-zA-Z], +)?--[a-z][a-z0-9-]*' | grep -o -E -e '--[a-z0-9-]+' | sort -u
}

in_page() {
	grep -E '^\.It Fl ' "$page" | grep -o -E -- '(Fl|,) -[a-z][a-z0-9-]*' | sed 's/.* -/--/' | sort -u
}

in_completion() {
	complete_words "$completion" "$name" "$@" -- | sort -u
}

for subcommand in '' "$@"; do
	"$command" ${subcommand:+"$subcommand"} --help | grep -i -A 1 '^usage:' |
		grep -q -w "$name" || found="no usage"
	ok "$name $subcommand --help"
	found=$(diff <(in_help ${subcommand:+"$subcommand"}) \
		<(in_completion ${subcommand:+"$subcommand"}))
	ok "$name $subcommand: --help and completion have the same options"
done
found=$(diff <(for subcommand in '' "$@"; do
	in_help ${subcommand:+"$subcommand"}
done | sort -u) <(in_page))
ok "$name: --help and the man page have the same options"
for subcommand; do
	grep -q "^\.Ss $name $subcommand" "$page" || found+=$'\n'"no section of $subcommand"
done
ok "$name: each subcommand has a section"
for code in $(sed -n 's/^\tEXIT_[A-Z_]* = \([0-9]*\),.*/\1/p' "$name/cli/cli.h"); do
	grep -q "^\.It $code\$" "$page" || found+=$'\n'"not explained: exit code $code"
done
ok "$name: every exit code is in the man page"
if command -v mandoc >/dev/null; then
	for manual in man/*"$name"*.[1-9]; do
		found+=$(mandoc -T lint -W warning "$manual" 2>&1)
	done
	ok "$name: mandoc has no complaint"
fi
echo "1..$count"
