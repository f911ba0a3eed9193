# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# A genuine signature block, taken from another file, signs nothing.
# attack: 9
attacks() {
	# Of the same size, so that every size in the block is right.
	cp "$signed/howdy" /tmp/same-size
	output=$(swap-block "$signed/hello" /tmp/same-size 2>&1) || fail "swap-block failed"
	# Of another size.
	cp "$signed/hello-static" /tmp/other-size
	output=$(swap-block "$signed/hello" /tmp/other-size 2>&1) || fail "swap-block failed"
	# Onto a program of the attacker's.
	cp "$stranger/intruder" /tmp/theirs
	output=$(swap-block "$signed/hello" /tmp/theirs 2>&1) || fail "swap-block failed"
	everyone attack howdy /tmp/same-size
	everyone attack hello /tmp/other-size
	everyone attack INTRUDER /tmp/theirs
}
prove enforcing attacks
logged tampered /tmp/same-size denied
logged malformed /tmp/other-size denied
