# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# A library that a process has mapped as code cannot be opened for writing, as the kernel has it
# for programs: what was checked would no longer be what runs.
# attack: 8
change() {
	cp "$signed/libgreet.so" "/tmp/$1.so"
	chmod 666 "/tmp/$1.so"
	perform "$signed/load-library" "/tmp/$1.so" tamper first-page "/tmp/$1.so"
}
everyone change before
[ "$status" -eq 0 ] || fail "without the engine: the library could not be changed"
engine_start enforcing
for who in root user; do
	change after
	[ "$status" -ne 0 ] || fail "$who: the library was changed while in use"
	echo "$output" | grep -q -E 'ETXTBSY|EPERM|EACCES' || fail "$who: failed, but was not denied"
	# Unchanged, it still loads; and once nobody uses it, it can be written again.
	runs greetings "$signed/load-library" /tmp/after.so
	perform tamper first-page /tmp/after.so
	[ "$status" -eq 0 ] || fail "$who: the library can never be written again"
	rm /tmp/after.so
done
