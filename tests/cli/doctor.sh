#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# digsig doctor on this machine, whatever it can: what it says fits what can be seen. The guests
# have the kernels whose answers are known. In the Test Anything Protocol.
#
#   doctor.sh DIGSIG
set -uo pipefail

digsig=$(realpath "${1:?usage: doctor.sh DIGSIG}")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"

# state NAME: what the line of that name says.
state() { sed -n "s/^$1  *\(ok\|missing\|note\|unseen\) .*/\1/p" .output; }

"$digsig" doctor >.output 2>errors
code=$?
[[ $code -eq 0 || $code -eq 1 ]]
ok "exit code 0 or 1" $?
[[ ! -s errors ]]
ok "nothing on stderr" $?
! grep -q -P '\x1b' .output
ok "no colour" $?
for name in kernel rights BTF securityfs bpffs 'BPF LSM' IMA lockdown CMS 'RSA keys' 'ECDSA keys' \
	reading memory program; do
	[[ -n $(state "$name") ]]
	ok "a line for $name" $?
done
if grep -q -E '^[A-Za-z ]+ (missing|unseen) ' .output; then
	[[ $code -eq 1 ]]
	ok "something is missing or unseen: exit code 1" $?
else
	[[ $code -eq 0 ]] && grep -q '^this kernel can enforce$' .output
	ok "nothing is missing: exit code 0" $?
fi
expected=missing
grep -q ' /sys/fs/bpf bpf ' /proc/mounts && expected=ok
[[ $(state bpffs) == "$expected" ]]
ok "bpffs is $expected" $?
if [[ $expected == missing ]]; then
	grep -q 'mount -t bpf bpf /sys/fs/bpf' .output
	ok "bpffs: the command to type" $?
fi
expected=missing
grep -q ' /sys/kernel/security securityfs ' /proc/mounts && expected=ok
[[ $(state securityfs) == "$expected" ]]
ok "securityfs is $expected" $?
"$digsig" doctor --json >.output
if command -v python3 >/dev/null; then
	python3 -c '
import json, sys
answer = json.load(open(".output"))
states = [finding["state"] for finding in answer["findings"]]
expected = False if "missing" in states else None if "unseen" in states else True
sys.exit(answer["can_enforce"] is not expected or len(states) < 14)'
	ok "--json: an object whose answer fits its findings" $?
fi
if [[ $(id -u) -eq 0 ]] && command -v setpriv >/dev/null; then
	setpriv --reuid=65534 --regid=65534 --clear-groups "$digsig" doctor >.output 2>errors
	ok "as an ordinary user: exit code 1" $(($? != 1))
	[[ $(state rights) == unseen && $(state program) == unseen ]]
	ok "as an ordinary user: says what it could not see" $?
	[[ $(state kernel) == ok && $(state reading) == ok ]]
	ok "as an ordinary user: sees what it can" $?
fi
"$digsig" doctor -n -r -o check,command >.output
[[ $(wc -l <.output) -ge 14 ]] && ! grep -v -E -q '^[^ ]+ [^ ]*$' .output
ok "-n -r: rows of two words" $?
"$digsig" doctor --output chekc >.output 2>&1
[[ $? -eq 2 ]] && grep -q 'did you mean CHECK?' .output
ok "a misspelt column: what was meant" $?
"$digsig" doctor nonsense >.output 2>&1
ok "an argument: wrong usage" $(($? != 2))

echo "1..$count"
