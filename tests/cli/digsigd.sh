#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What digsigd does before it touches the engine, and the systemd units, in the Test Anything Protocol.
# All that needs an engine is in tests/guest.
#
#   digsigd.sh DIGSIGD PROJECT UNIT...
# shellcheck disable=SC2013
set -uo pipefail

digsigd=$(realpath "${1:?usage: digsigd.sh DIGSIGD PROJECT UNIT...}")
project=$(realpath "${2:?usage: digsigd.sh DIGSIGD PROJECT UNIT...}")
shift 2
mapfile -t units < <(realpath "$@")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"
unset JOURNAL_STREAM NOTIFY_SOCKET

# expect CODE OUTPUT ARGUMENT...: digsigd ends so, having printed this.
expect() {
	local code=$1 output=$2 got

	shift 2
	timeout 20 "$digsigd" "$@" >"$work/.output" 2>&1 </dev/null
	got=$?
	[[ $got -eq $code && $(cat "$work/.output") == "$output" ]]
	ok "digsigd $*: exit $code" $?
}

# wrong TEXT COMPLAINT
wrong() {
	printf '%b' "$1" >"$work/digsig.conf"
	expect 1 "digsigd: $work/digsig.conf$2" --config "$work/digsig.conf"
}

wrong '[engine]\nmode = loud\n' ":2: mode: loud: the modes are monitor, permissive and enforcing"
wrong '[daemon]\nrate = 1\n\nrate = 2\n' ":4: rate: given before, and may be given once"
wrong '[deamon]\n' ":1: [deamon]: no such section: there are [engine], [scope], [daemon] and [fleet]"
chmod o+w "$work/digsig.conf"
expect 1 "digsigd: $work/digsig.conf: everybody may write it: chmod o-w" --config "$work/digsig.conf"
expect 1 "digsigd: $work/nowhere: No such file or directory" --config "$work/nowhere"
expect 2 "digsigd: now: unexpected argument: see digsigd --help" now

"$digsigd" --help >"$work/.output" 2>&1
ok "digsigd --help" $?
for option in $(grep -o -E -e '--[a-z]+' "$work/.output"); do
	grep -q -F -e "Fl ${option#-}" "$project/digsig/man/digsigd.8"
	ok "digsigd(8) explains $option" $?
done
for id in $(sed -n 's/^#define MESSAGE_[A-Z]* "\([0-9a-f]*\)"$/\1/p' "$project/digsig/daemon/journal.c"); do
	grep -q -F "$id" "$project/digsig/man/digsigd.8"
	ok "digsigd(8) has the message id $id" $?
done
for setting in $(sed -n 's/^	{ "[a-z]*", "\([a-z-]*\)", .*/\1/p' "$project/digsig/config/settings.c"); do
	grep -q "^\.It Cm $setting" "$project/digsig/man/digsig.conf.5"
	ok "digsig.conf(5) explains $setting" $?
done

# The units, with commands that are there.
for unit in "${units[@]}"; do
	name=$(basename "$unit")
	sed 's,^\(ExecStart\|ExecStop\)=[^ ]*,\1=/bin/true,' "$unit" \
		>"$work/$name"
	if command -v systemd-analyze >/dev/null; then
		systemd-analyze verify --man=no "$work/$name" >"$work/.output" 2>&1 &&
			! grep -q "$name" "$work/.output"
		ok "$name: systemd has no complaint" $?
	else
		count=$((count + 1))
		echo "ok $count - $name: systemd has no complaint # SKIP no systemd-analyze"
	fi
done

echo "1..$count"
