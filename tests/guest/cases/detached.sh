# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# kernels: newest
# What has a detached signature, FILE.digsig, runs once it is admitted: a script, a program, and not
# if it was changed. digsig admit does it, and digsigd by itself.
cp "$keys/own.key" "$keys/own.crt" /tmp/
mkdir -p /tmp/trust /tmp/roots/deep
cp "$trust/trusted.crt" /tmp/own.crt /tmp/trust/
trust=/tmp/trust
# script NAME: a script that nobody knows, which says its name
script() {
	printf '#!/bin/sh\necho from %s\n' "$1" >"/tmp/$1"
	chmod 755 "/tmp/$1"
}
sign() {
	digsig sign --detached -q --key /tmp/own.key "$@"
}
admit() {
	perform digsig admit "$@"
	[ "$status" -eq "$expected" ] || fail "exit $status instead of $expected: digsig admit $*"
}
script one
script two
script stranger
cp "$unsigned/hello" /tmp/program
sign /tmp/one /tmp/two /tmp/program
cp "$keys/foreign.key" "$keys/foreign.crt" /tmp/
digsig sign --detached -q --key /tmp/foreign.key /tmp/stranger
engine_start enforcing
everyone refused "from one" /tmp/one
# A signature is no programs' business until somebody hands it to the kernel.
expected=0
admit /tmp/one
everyone runs "from one" /tmp/one
everyone refused "from two" /tmp/two
admit /tmp/two.digsig
everyone runs "from two" /tmp/two
everyone refused hello /tmp/program
admit /tmp/program
everyone runs hello /tmp/program
expected=67
admit /tmp/stranger
everyone refused "from stranger" /tmp/stranger
# Another name, the same bytes; the same name, other bytes.
cp /tmp/one /tmp/copy
everyone runs "from one" /tmp/copy
echo 'echo INTRUDER' >>/tmp/one
everyone refused INTRUDER /tmp/one
expected=66
admit /tmp/one
everyone refused INTRUDER /tmp/one
head -c 700 /tmp/two.digsig >/tmp/cut.digsig
expected=68
admit /tmp/cut.digsig
# Many: each is one signature to check.
mkdir /tmp/many
i=0
while [ $i -lt 500 ]; do
	echo "$i" >"/tmp/many/$i"
	i=$((i + 1))
done
sign /tmp/many/*
before=$(cut -d ' ' -f 1 /proc/uptime)
expected=0
admit /tmp/many
echo "$output" | grep -q '^500 admitted, 0 refused, 500 without' || fail "not all were admitted"
echo "500 detached signatures: from $before to $(cut -d ' ' -f 1 /proc/uptime) seconds"
engine_stop

# digsigd: what is there when it starts, and what comes later.
script old
sign /tmp/old
mv /tmp/old /tmp/old.digsig /tmp/roots/deep/
daemon_start <<-END
	[engine]
	mode = enforcing
	trust = /tmp/trust
	[daemon]
	roots = /tmp/roots
END
comes_to_run() {
	perform "$2"
	case $output in
	*"$1"*) return 0 ;;
	esac
	return 1
}
wait_until comes_to_run "from old" /tmp/roots/deep/old
script new
sign /tmp/new
cp /tmp/new /tmp/roots/new
everyone refused "from new" /tmp/roots/new
cp /tmp/new.digsig /tmp/roots/new.digsig
wait_until comes_to_run "from new" /tmp/roots/new
everyone runs "from new" /tmp/roots/new
echo 'echo INTRUDER' >>/tmp/roots/new
cp /tmp/stranger /tmp/stranger.digsig /tmp/roots/
sleep 1
everyone refused INTRUDER /tmp/roots/new
everyone refused "from stranger" /tmp/roots/stranger
# One that is outside the roots is nobody's.
script outside
sign /tmp/outside
everyone refused "from outside" /tmp/outside
