# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# attack: 5
# A file of the attacker's, mapped to be read, is not made executable afterwards. One that was judged
# as code and is signed is.
attacks() {
	for how in late pkey shared implied span memfd; do
		everyone attack mapped make-exec "$how" "$unsigned/intruder"
	done
	everyone attack mapped make-exec write "$unsigned/intruder"
	everyone attack mapped make-exec late "$stranger/intruder"
	who=userns
	attack mapped make-exec late "$unsigned/intruder"
	who=root
	# Judged before, and found wanting.
	perform map-exec file "$unsigned/libintruder.so"
	everyone attack mapped make-exec late "$unsigned/libintruder.so"
}
prove enforcing attacks
logged fault "$unsigned/intruder" denied
logged unsigned "$unsigned/libintruder.so" denied
everyone runs mapped map-exec file "$signed/hello"
for how in late pkey shared implied span write; do
	everyone runs mapped make-exec "$how" "$signed/hello"
done
# It is not what it was any more.
cp "$signed/hello" /tmp/changed
everyone runs mapped map-exec file /tmp/changed
everyone runs mapped make-exec late /tmp/changed
tamper first-page /tmp/changed
everyone refused mapped make-exec late /tmp/changed
# Without the scope, as before.
output=$(digsig policy mprotect=off 2>&1) || fail "digsig policy mprotect=off failed"
everyone runs mapped make-exec late "$unsigned/intruder"
