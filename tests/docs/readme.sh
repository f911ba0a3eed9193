#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Types the commands of README.md about digsig, and all of docs/first-steps.md, literally and in order, in
# a guest in which nothing is signed, with /usr merged as on Debian. Each page begins in an empty folder. In
# the Test Anything Protocol.
#
#   readme.sh BUILD PROJECT [KERNEL]
# shellcheck disable=SC2016 # the fences of blocks
set -uo pipefail

build=$(realpath "${1:?usage: readme.sh BUILD PROJECT [KERNEL]}")
project=$(realpath "${2:?usage: readme.sh BUILD PROJECT [KERNEL]}")
kernel=${3:-newest}
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"
cd "$project" || exit 1

pages=(README.md docs/first-steps.md)

# The commands of a page's shell blocks, one a line: continued lines joined, comments dropped. Other tests
# cover what needs a network, an init or a compiler, and the companions.
page_commands() {
	sed -n '/^## The companions/q; /^```sh/,/^```/p' "$1" | grep -v '^```' |
		sed -e 's/ \+# .*//' -e '/^#/d' -e '/^$/d' |
		sed -e ':again' -e '/[|\\]$/ { N; s/\n[ \t]*/ /; b again }' |
		grep -v -E '^make |^sudo systemctl |^journalctl '
}

# The commands of all pages.
commands() {
	local page

	for page in "${pages[@]}"; do
		echo "rm -rf /root/try && mkdir /root/try && cd /root/try"
		page_commands "$page"
	done
}

# The exit codes that are an answer, and not a failure, for a machine with unsigned files.
wanted() {
	case $1 in
	'sudo digsig doctor') echo '0|1' ;;
	'sudo digsig check --trust build.crt') echo 65 ;;
	*'| grep denied') echo '0|1' ;; # whether there is any
	*) echo 0 ;;
	esac
}

{
	cat <<-'END'
		# The console is a terminal, at which nobody sits to be asked for a passphrase.
		exec </dev/null
		# What there is of packages, for --from-dpkg.
		mkdir -p /var/lib/dpkg/info && printf '%s\n' /usr/bin/busybox /usr/bin/ls >/var/lib/dpkg/info/base.list
		for folder in /bin /sbin /lib /lib64; do
			[ -d $folder ] && [ ! -L $folder ] || continue
			/bin/busybox mkdir -p /usr$folder
			/bin/busybox cp -a $folder/. /usr$folder/ 2>/dev/null # what is there stays
		done
		/usr/bin/busybox rm -rf /t /bin /sbin /lib /lib64
		for folder in bin sbin lib lib64; do
			/usr/bin/busybox ln -s usr/$folder /$folder
		done
		digsig strip -rq /usr || echo "guest: strip failed"
		rm -rf /etc/digsig/*
		sudo() { "$@"; }
	END
	while IFS= read -r command; do
		printf 'echo "== command"\n%s\necho "== code $?"\n' "$command"
	done < <(commands)
} >"$work/script"

timeout 900 tests/guest/run --build "$build" --kernel "$kernel" --add /bin/ls --add /usr/bin/id --add /bin/date \
	--script "$work/script" >"$work/said" 2>&1

number=0
{
while IFS= read -r command; do
	number=$((number + 1))
	awk -v number=$number '/^== command/ { seen++; next } seen == number' "$work/said" |
		sed '/^== code/q' >"$work/one"
	code=$(sed -n 's/^== code //p' "$work/one")
	[[ $code =~ ^($(wanted "$command"))$ ]] ||
		found=$'\n'"exit code ${code:-none}, expected $(wanted "$command")"$'\n'$(head -n 30 "$work/one")
	found_nothing "$command"
done < <(commands)
[[ $number -gt 20 ]] || found="only $number commands"
found_nothing "the commands were found"
! grep -q '^guest: strip failed' "$work/said" || found="strip failed"
[[ $(grep -c '^== command' "$work/said") -eq $number ]] || found=$'\n'$(tail -n 30 "$work/said")
found_nothing "the guest went through all of them"
echo "1..$count"
} | tee "$work/results"
! grep -q '^not ok' "$work/results"
