# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# To be read with ".".

# until_true SECONDS COMMAND...: waits until it succeeds.
until_true() {
	local end=$((SECONDS + $1))

	until "${@:2}"; do
		[[ $SECONDS -lt $end ]] || return 1
		sleep 0.05
	done
}
