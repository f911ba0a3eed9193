# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# attack: 11
# A script that is executed must be trusted itself, and so must its interpreter.
attacks() {
	printf '#!%s\n' "$unsigned/intruder" >/tmp/interpreted
	printf '#!/bin/sh\necho INTRUDER\n' >/tmp/plain
	cp "$signed/script" /tmp/changed
	printf 'INTRUDER     ' | dd of=/tmp/changed bs=1 seek=15 conv=notrunc 2>/dev/null
	{ cat "$signed/script"; echo; } >/tmp/longer
	chmod 755 /tmp/interpreted /tmp/plain /tmp/changed /tmp/longer
	everyone attack INTRUDER /tmp/interpreted
	everyone attack INTRUDER /tmp/plain
	everyone attack INTRUDER /tmp/changed
	everyone attack "from a" /tmp/longer
	who=userns
	attack INTRUDER /tmp/plain
	who=root
}
prove enforcing attacks
logged unsigned /tmp/plain denied
logged tampered /tmp/changed denied
for who in root user userns; do
	runs "from a script" "$signed/script"
done
who=root
cp "$signed/script" /tmp/copy
everyone runs "from a script" /tmp/copy
# Without the scope, the interpreter alone is judged.
output=$(digsig policy scripts=off 2>&1) || fail "digsig policy scripts=off failed"
everyone runs INTRUDER /tmp/plain
everyone refused INTRUDER /tmp/interpreted
