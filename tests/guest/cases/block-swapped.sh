# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# A genuine signature block, taken from another file, signs nothing.
attacks() {
	# Of the same size, so that every size in the block is right.
	cp "$signed/howdy" /tmp/howdy
	output=$(swap-block "$signed/hello" /tmp/howdy 2>&1) || fail "swap-block failed"
	# Of another size.
	cp "$signed/hello-static" /tmp/hello-static
	output=$(swap-block "$signed/hello" /tmp/hello-static 2>&1) || fail "swap-block failed"
	# Onto a program of the attacker's.
	cp "$stranger/intruder" /tmp/intruder
	output=$(swap-block "$signed/hello" /tmp/intruder 2>&1) || fail "swap-block failed"
	everyone attack howdy /tmp/howdy
	everyone attack hello /tmp/hello-static
	everyone attack INTRUDER /tmp/intruder
}
prove enforcing attacks
logged tampered /tmp/howdy denied
logged malformed /tmp/hello-static denied
