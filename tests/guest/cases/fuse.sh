# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# attack: 14
# A file system that answers otherwise each time it is asked: nothing runs from there, signed or not.
with_module fuse
attacks() {
	everyone_there() {
		everyone attack "$1" fuse-file /mnt "$2" "$3" sh -c "$4"
	}
	mkdir -p /tmp/library
	everyone_there INTRUDER "$signed/hello-static" "$unsigned/intruder-static" \
		'try /mnt/program; try /mnt/program'
	everyone_there INTRUDER "$signed/libgreet.so" "$unsigned/libintruder.so" \
		"cat /mnt/program >/dev/null; try $signed/load-library /mnt/program"
}
everyone() {
	# The server is root's: only what is run there is a user's as well.
	"$@"
}
prove enforcing attacks
perform fuse-file /mnt "$signed/hello-static" "$signed/hello-static" sh -c 'try /mnt/program'
case $output in
*hello*) fail "ran from a FUSE file system" ;;
esac
logged unstable /mnt/program denied
