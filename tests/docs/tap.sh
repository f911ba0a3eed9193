# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The Test Anything Protocol for what compares: a case passes if nothing was found to be wrong.

count=0
found=

# ok NAME: passes if $found is empty, and empties it.
ok() {
	count=$((count + 1))
	if [[ -z $found ]]; then
		echo "ok $count - $1"
	else
		echo "not ok $count - $1"
		# shellcheck disable=SC2001 # many lines
		echo "${found#$'\n'}" | sed 's/^/# /'
	fi
	found=
}

skip() {
	count=$((count + 1))
	echo "ok $count - $1 # SKIP $2"
}
