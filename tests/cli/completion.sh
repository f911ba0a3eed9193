#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The completions: what they offer, and that they know the subcommands and options of --help. In the
# Test Anything Protocol.
#
#   completion.sh DIGSIG BASH-COMPLETION FISH-COMPLETION ZSH-COMPLETION
set -uo pipefail

usage='usage: completion.sh DIGSIG BASH-COMPLETION FISH-COMPLETION ZSH-COMPLETION'
digsig=$(realpath "${1:?$usage}")
completion=$(realpath "${2:?$usage}")
fish_completion=$(realpath "${3:?$usage}")
zsh_completion=$(realpath "${4:?$usage}")
here=$(dirname "$(realpath "$0")")
# shellcheck source=tests/lib/tap.sh
. "$here/../lib/tap.sh"
# shellcheck source=tests/cli/complete-words.sh
. "$here/complete-words.sh"
mkdir folder
touch build.key build.crt host.catalog "two words" program

offers "sign" digsig si
offers "show sign start status stop strip" digsig s
offers "import issue new" digsig key ""
offers "--force" digsig key new x --f
offers "build.key folder" digsig key new x --issuer ""
offers "build.crt folder" digsig key new x --issuer-cert ""
offers "ignore refuse warn" digsig verify --expiry ""
offers "ecdsa-p256 rsa3072 rsa4096" digsig key new x --algo ""
offers "rsa3072" digsig key new x --algo = rsa3
offers "folder" digsig key new x --out ""
offers "build.key folder" digsig sign --key ""
offers "build.crt folder" digsig sign --key build.key --cert ""
offers "build.key" digsig sign --key build.k
offers "program" digsig sign --key build.key pro
offers "two words" digsig verify two
offers "" digsig sign --epoch ""
offers "enforcing monitor permissive" digsig mode ""
offers "enforcing" digsig start --mode e
offers "allow audit deny" digsig start --wx ""
offers "modules=off modules=on" digsig start --scope mod
offers "kexec=off kexec=on" digsig policy ke
offers "--follow" digsig log --fo
offers "create diff load show sign unload verify" digsig catalog ""
offers "folder host.catalog" digsig catalog load ""
offers "program" digsig catalog create pro
offers "program" digsig catalog sign pro
offers "folder host.catalog" digsig start --catalog ""
offers "" digsig status ""
offers "elf modules scripts" digsig check --only ""
offers "elf,scripts" digsig check --only elf,sc
offers "catalog sign" digsig check --list = ""
offers "--list --list0" digsig check --lis
offers "folder" digsig check --root ""
offers "build.crt folder" digsig revoke --key ""
offers "enforcing" digsig fanotify --mode e
offers "" digsig nonsense ""

# Every subcommand and every option of the program, and nothing else.
subcommands_of() {
	"$digsig" "$@" --help | sed -n 's/^  \([a-z][a-z]*\)  .*/\1/p' | sort | paste -s -d ' '
}
# The options are the words with dashes that begin a line, and those behind a letter.
options_of() {
	"$digsig" "$@" --help | sed -n -E 's/^  (    |-., )(--[a-z0-9-]+).*/\2/p' | sort -u | paste -s -d ' '
}
subcommands=$(subcommands_of)
got=$(complete_words "$completion" digsig "" | grep -v '^-' | paste -s -d ' ')
[[ -n $subcommands && $got == "$subcommands" ]]
ok "the subcommands of --help" $?
for subcommand in $subcommands; do
	offers "$(options_of "$subcommand")" digsig "$subcommand" --
done
for subcommand in $(subcommands_of catalog); do
	offers "$(options_of catalog "$subcommand")" digsig catalog "$subcommand" --
done

if command -v shellcheck >/dev/null; then
	shellcheck "$completion" >.output 2>&1
	ok "shellcheck has no complaint about the bash completion" $?
else
	skip "shellcheck has no complaint about the bash completion" "no shellcheck"
fi

# shellcheck disable=SC2016 # fish's
# fish_offers EXPECTED LINE: what fish offers behind that line, without the descriptions.
fish_offers() {
	got=$(fish --no-config -c 'source $argv[1]; complete -C $argv[2]' "$fish_completion" "$2" 2>.output |
		cut -f 1 | sed 's/=$//' | sort -u | paste -s -d ' ')
	echo "got: $got" >>.output
	[[ $got == "$1" ]]
	ok "fish: $2 -> $1" $?
}
if command -v fish >/dev/null; then
	export HOME=$PWD
	fish_offers "sign" "digsig si"
	fish_offers "create diff load show sign unload verify" "digsig catalog "
	fish_offers "--force" "digsig key new x --f"
	fish_offers "enforcing monitor permissive" "digsig mode "
	fish_offers "allow audit deny" "digsig start --wx "
	fish_offers "build.key" "digsig sign --key build.k"
	fish_offers "--names" "digsig catalog show --n"
	fish_offers "" "digsig sign --na"
	for subcommand in $subcommands; do
		fish_offers "$(options_of "$subcommand")" "digsig $subcommand --"
	done
else
	skip "what fish offers" "no fish"
fi

# zsh_offers EXPECTED WORD...: what the completion hands to zsh for the last word: compadd is asked.
zsh_offers() {
	local expected=$1

	shift
	got=$(zsh -f "$here/complete-words.zsh" "$zsh_completion" "$@" 2>.output | sort -u | paste -s -d ' ')
	echo "got: $got" >>.output
	[[ $got == "$expected" ]]
	ok "zsh: $* -> $expected" $?
}
if command -v zsh >/dev/null; then
	zsh_offers "sign" digsig si
	zsh_offers "create diff load show sign unload verify" digsig catalog ""
	zsh_offers "--force" digsig key new x --f
	zsh_offers "enforcing monitor permissive" digsig mode ""
	zsh_offers "allow audit deny" digsig start --wx ""
	zsh_offers "build.key" digsig sign --key build.k
	zsh_offers "--names" digsig catalog show --n
	for subcommand in key sign start; do
		zsh_offers "$(options_of "$subcommand")" digsig "$subcommand" --
	done
else
	skip "what zsh offers" "no zsh"
fi

echo "1..$count"
