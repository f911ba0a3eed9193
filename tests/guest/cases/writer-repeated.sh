# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# attack: 8
# A library is mapped, and then two processes try to write to it, two hundred times: from the time of
# the check to that of the use it stays what it was.
# shellcheck disable=SC2016 # the inner shell's
try_often='many() { for i in $(seq 100); do overwrite both "$0" || true; done; }; many & many; wait'
attacks() {
	for who in root user userns; do
		cp "$signed/libgreet.so" /tmp/a.so
		chmod 777 /tmp/a.so
		attack_in_use INTRUDER "$signed/load-library" /tmp/a.so sh -c "$try_often" /tmp/a.so
		[ "$expect" = works ] || cmp /tmp/a.so "$signed/libgreet.so" || fail "$who: the library was changed"
		rm /tmp/a.so
	done
	who=root
}
prove enforcing attacks
