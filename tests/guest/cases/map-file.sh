# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# A file of the attacker's cannot be mapped as code; a signed one can.
# attack: 6
attacks() {
	everyone attack mapped map-exec file "$unsigned/intruder"
	# Nor by the way of READ_IMPLIES_EXEC, where nobody asks for it to be executable.
	everyone attack mapped map-exec implied "$unsigned/intruder"
	# Content that is no ELF at all is code too, once it is mapped.
	dd if=/dev/zero of=/tmp/raw bs=4096 count=1 2>/dev/null
	everyone attack mapped map-exec file /tmp/raw
}
prove enforcing attacks
logged unsigned /tmp/raw denied
everyone runs mapped map-exec file "$signed/hello"
