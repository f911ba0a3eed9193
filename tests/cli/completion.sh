#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The bash completion: what it offers, and that it knows the subcommands and options of --help. In
# the Test Anything Protocol.
#
#   completion.sh DIGSIG COMPLETION
set -uo pipefail

digsig=$(realpath "${1:?usage: completion.sh DIGSIG COMPLETION}")
completion=$(realpath "${2:?usage: completion.sh DIGSIG COMPLETION}")
here=$(dirname "$(realpath "$0")")
# shellcheck source=tests/cli/tap.sh
. "$here/tap.sh"
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
offers "folder" digsig check --root ""
offers "build.crt folder" digsig revoke --key ""
offers "enforcing" digsig fanotify --mode e
offers "" digsig nonsense ""

# Every subcommand and every option of the program, and nothing else.
subcommands=$("$digsig" --help | sed -n 's/^  \([a-z][a-z]*\)  *.*/\1/p' | sort | paste -s -d ' ')
got=$(complete_words "$completion" digsig "" | grep -v '^-' | paste -s -d ' ')
[[ -n $subcommands && $got == "$subcommands" ]]
ok "the subcommands of --help" $?
for subcommand in $subcommands; do
	options=$({ "$digsig" "$subcommand" --help && echo --help; } |
		grep -o -E -e '--[a-z][a-z0-9-]*' | sort -u | paste -s -d ' ')
	offers "$options" digsig "$subcommand" --
done

echo "1..$count"
