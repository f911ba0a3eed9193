#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What is written about digsig against what it is: every subcommand, option, verdict and exit code
# stands in the man page; links lead somewhere; mandoc has no complaint; the docs name only guest
# cases that exist. In the Test Anything Protocol.
#
#   check.sh DIGSIG PROJECT
# shellcheck disable=SC2001,SC2013,SC2016
set -uo pipefail

digsig=$(realpath "${1:?usage: check.sh DIGSIG PROJECT}")
project=$(realpath "${2:?usage: check.sh DIGSIG PROJECT}")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"
cd "$project" || exit 1
# shellcheck source=tests/lib/tools.sh
. tests/lib/tools.sh
page=digsig/man/digsig.1
pages=(README.md CONTRIBUTING.md docs/*.md)
folders=$(IFS='|' && echo "${tools[*]}|lib|examples|docs|man|packaging|tests|demo|bench")
# shellcheck source=tests/docs/options.sh
. tests/docs/options.sh

# The part of the page about a subcommand, or the page that one has of its own.
section() {
	if [[ -f digsig/man/digsig-$1.1 ]]; then
		cat "digsig/man/digsig-$1.1"
		return
	fi
	awk -v start=".Ss digsig $1" '
		/^\.S[sh] / { inside = ($0 == start || index($0, start " ") == 1) }
		inside' "$page"
}

# subcommands_of [SUBCOMMAND]: those that its help lists.
subcommands_of() {
	"$digsig" "$@" --help | sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p'
}

# The help of a subcommand, and of its own subcommands.
help_of() {
	"$digsig" "$1" --help
	for inner in $(subcommands_of "$1"); do
		"$digsig" "$1" "$inner" --help
	done
}

subcommands=$(subcommands_of)
[[ -n $subcommands ]] || found="digsig --help lists no subcommands"
for subcommand in $subcommands; do
	grep -q -E "'($subcommand|digsig-$subcommand.1)'" digsig/man/meson.build || found+=$'\n'"$subcommand: not in digsig/man/meson.build"
done
found_nothing "every subcommand has its page name in digsig/man/meson.build"
for subcommand in $subcommands; do
	text=$(section "$subcommand")
	[[ -n $text ]] || found+=$'\n'"no section \".Ss digsig $subcommand\""
	help=$(help_of "$subcommand")
	[[ -n $help ]] || found+=$'\n'"digsig $subcommand --help prints nothing"
	for option in $(grep -o -E -e '--[a-z][a-z0-9-]*' <<<"$help" | sort -u); do
		[[ $option == --help || $option == --version ]] && continue # said once for all
		grep -q -F -e "Fl ${option#-}" <<<"$text" || found+=$'\n'"not explained: $option"
	done
	# And the other way round: what the page explains exists, with this letter and this argument.
	found+=$(comm -13 <(options_of_help <<<"$help") <(options_of_page <<<"$text") |
		sed 's/^/\nnot so in --help: /')
	found_nothing "digsig $subcommand: the man page and --help have the same options"
done

# digsig catalog has subcommands of its own.
words=$(subcommands_of catalog)
[[ -n $words ]] || found="digsig catalog --help lists no subcommands"
for word in $words; do
	grep -q "^\.Cm catalog $word" "$page" || found+=$'\n'"not in the synopsis: catalog $word"
done
found_nothing "digsig catalog: the synopsis names every subcommand"

for verdict in $(sed -n 's/.*\[DIGSIG_VERDICT_[A-Z]*\] = { "\([a-z]*\)".*/\1/p' digsig/format/inspect.c); do
	[[ $verdict == none ]] && continue
	grep -q "^\.It Sy $verdict" "$page" || found+=$'\n'"not explained: $verdict"
done
found_nothing "every verdict is in the man page"
for code in $(sed -n 's/^\tEXIT_[A-Z_]* = \([0-9]*\),.*/\1/p' digsig/cli/cli.h); do
	grep -q "^\.It $code\$" "$page" || found+=$'\n'"not explained: exit code $code"
done
found_nothing "every exit code is in the man page"

if command -v mandoc >/dev/null; then
	for manual in ./*/man/*.[1-9]; do
		# Style advice is not the page's fault; warnings and errors are.
		found+=$(mandoc -T lint -W warning "$manual" 2>&1)
		found_nothing "mandoc has no complaint about $manual"
	done
else
	skip "mandoc has no complaint" "no mandoc"
fi
if command -v man >/dev/null && command -v groff >/dev/null; then
	for manual in ./*/man/*.[1-9]; do
		found+=$(LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z \
			"$manual" 2>&1 >/dev/null)
		found_nothing "man --warnings has no complaint about $manual"
	done
else
	skip "man --warnings has no complaint" "no man or groff"
fi

# Headings as anchors, the way they are made of Markdown: lower case, spaces to dashes, the rest
# of the punctuation dropped.
anchors() {
	sed -n '/^```/,/^```/d; s/^##* //p' "$1" | tr '[:upper:]' '[:lower:]' |
		sed 's/[^a-z0-9 _-]//g; s/ /-/g'
}

for file in "${pages[@]}"; do
	while read -r link; do
		case $link in
		http://* | https://* | mailto:*) continue ;;
		esac
		path=${link%%#*}
		target=$(dirname "$file")/$path
		[[ -n $path ]] || target=$file
		if [[ ! -e $target ]]; then
			found+=$'\n'"no such file: $link"
		elif [[ $link == *#* ]] && ! anchors "$target" | grep -q -x -F -e "${link#*#}"; then
			found+=$'\n'"no such heading: $link"
		fi
	done < <(sed '/^```/,/^```/d' "$file" | grep -o -E '\]\([^) ]+\)' | sed 's/^](//; s/)$//')
	found_nothing "$file: links lead somewhere"
	# Names of files in the tree, written as code.
	while read -r name; do
		[[ -e $name ]] || found+=$'\n'"no such file: $name"
	done < <(sed '/^```/,/^```/d' "$file" |
		grep -o -E '`('"$folders"')/[A-Za-z0-9_./-]+`' | tr -d '`')
	found_nothing "$file: the files it names exist"
done

# The cases that the threat model refers to.
while read -r name; do
	[[ -f tests/guest/cases/$name.sh ]] || found+=$'\n'"no such case: $name"
done < <(grep -E '^\| [0-9]+ \|' docs/threat-model.md | grep -o -E '`[a-z0-9-]+`' | tr -d '`')
found_nothing "docs/threat-model.md: the cases it names exist"

# The table of results names what the cases say of themselves, no more and no less.
table=$(awk '/^<!-- attack table: written/ { inside = 1 } /^<!-- attack table: end/ { inside = 0 }
	inside && /^\| [0-9]+ \|/' docs/threat-model.md | while IFS='|' read -r _ class title names _; do
	kind=attack
	[[ $title == ' limit: '* ]] && kind=limit
	for name in $(grep -o -E '`[a-z0-9-]+`' <<<"$names" | tr -d '`'); do
		echo "${class// /} $kind $name"
	done
done | sort)
[[ -n $table ]] || found=$'\nno table'
found+=$(diff <(tests/guest/attack-table --cases | sort) - <<<"$table" |
	sed -n 's/^</run make attack-table; missing:/p; s/^>/no longer so:/p')
found_nothing "docs/threat-model.md: the table of results has every case that attacks"

# What says in its head where it runs, and what the table has a column a kernel for.
while IFS=: read -r file line; do
	case $line in
	'# kernels: all' | '# processors: '[12]) ;;
	'# kernels: newest')
		! grep -q -E '^# (attack|limit): ' "$file" ||
			found+=$'\n'"$file: an attack is tried on every kernel"
		;;
	*) found+=$'\n'"$file: not understood: $line" ;;
	esac
done < <(grep -E '^# *(kernels?|processors?) *:' tests/guest/cases/*.sh)
found_nothing "tests/guest/cases: their heads say where they run"

# The encodings that the page has are those that the decoder knows.
prefetch=${digsig%/digsig/cli/digsig}/prefetch/cli/prefetch
if [[ -x $prefetch ]]; then
	found+=$(diff <(sed -n '/^## The encodings/,/^## /{/^0f /p}' docs/prefetch.md) <("$prefetch" decode --list))
	found_nothing "docs/prefetch.md: the encodings are those of prefetch decode --list"
fi

# A document speaks of the project, not of a machine.
found+=$(grep -n -E '/(work|home/[a-z]+|root)/' "${pages[@]}" ./*/man/*.[1-9])
found_nothing "no path of a developer's machine"

echo "1..$count"
