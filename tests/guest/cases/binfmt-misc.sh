# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# attack: 12
# With an interpreter registered for a kind of file, both must be trusted.
with_module binfmt_misc
mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc || fail "no binfmt_misc"
printf 'SPECIMEN of an attacker\n' >/tmp/specimen
chmod 755 /tmp/specimen
# name, interpreter, flags; F: it is opened now, and not looked up later
register() {
	echo ":$1:M::$2::$3:${4-}" >/proc/sys/fs/binfmt_misc/register || fail "register $1 failed"
}
unregister() {
	echo -1 >"/proc/sys/fs/binfmt_misc/$1"
}
attacks() {
	for flag in '' F; do
		register attacker SPECIMEN "$unsigned/intruder" "$flag"
		everyone attack INTRUDER /tmp/specimen
		everyone attack INTRUDER "$signed/specimen"
		unregister attacker
		register honest SPECIMEN "$signed/hello" "$flag"
		everyone attack hello /tmp/specimen
		unregister honest
	done
}
prove enforcing attacks
logged unsigned /tmp/specimen denied
logged unsigned "$unsigned/intruder" denied
register honest SPECIMEN "$signed/hello"
everyone runs hello "$signed/specimen"
unregister honest
umount /proc/sys/fs/binfmt_misc
