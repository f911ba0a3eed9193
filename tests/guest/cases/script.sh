# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# Of a script that is executed, the interpreter is what is judged.
# attack: 11
attacks() {
	printf '#!%s\n' "$unsigned/intruder" >/tmp/script
	chmod 755 /tmp/script
	everyone attack INTRUDER /tmp/script
}
prove enforcing attacks
printf '#!/bin/sh\necho from a script\n' >/tmp/plain
chmod 755 /tmp/plain
everyone runs "from a script" /tmp/plain
