# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# attack: 1
# What is in a loaded catalog runs, though it carries no signature, and although it was refused
# before; nothing else does.
load() {
	perform digsig catalog load "$1"
	[ "$status" -eq "$2" ] || fail "exit $status instead of $2: catalog load $1"
}
cp "$unsigned/hello" /tmp/greet
cp "$unsigned/hello-static" /tmp/greet-static
engine_start enforcing
for program in greet greet-static; do
	everyone refused hello "/tmp/$program"
done
who=user
load "$catalogs/trusted.catalog" 1
who=root
everyone refused hello /tmp/greet
load "$catalogs/trusted.catalog" 0
echo "$output" | grep -q '^3 digests, 3 of them new$' || fail "what was loaded is not said"
load "$catalogs/trusted.catalog" 0
echo "$output" | grep -q '^3 digests, 0 of them new$' || fail "loaded twice, known twice"
for who in root user userns; do
	runs hello /tmp/greet
	runs hello /tmp/greet-static
done
who=root
logged ok /tmp/greet-static allowed
sed 's/ //g; s,\\/,/,g' "$seen" | grep -F '"path":"/tmp/greet-static"' | grep -F '"verdict":"ok"' |
	grep -q '"catalog":true' || fail "the log does not say that it was a catalog"
everyone refused INTRUDER "$unsigned/intruder"
# The name does not matter, the bytes do.
cp "$unsigned/hello" /tmp/other
everyone runs hello /tmp/other
echo >>/tmp/other
everyone refused hello /tmp/other
