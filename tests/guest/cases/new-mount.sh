# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# attack: 13
# A file system that is mounted after the start is judged like those that were there, by whoever it
# was mounted.
with_module loop
trap 'umount /mnt 2>/dev/null || true' EXIT
# shellcheck disable=SC2016 # the inner shell's
mount_and_run='mount -t tmpfs tmpfs /mnt && cp "$0" "$1" /mnt && try "/mnt/${0##*/}"; try "/mnt/${1##*/}"'
attacks() {
	mount -t tmpfs tmpfs /mnt || fail "no tmpfs"
	cp "$signed/hello" "$unsigned/intruder" /mnt
	everyone runs hello /mnt/hello
	everyone attack INTRUDER /mnt/intruder
	umount /mnt
	cp /t/image /tmp/image
	mount -o loop -t ext4 /tmp/image /mnt || fail "no ext4"
	cp "$unsigned/intruder-static" /mnt
	everyone runs hello /mnt/hello-static
	everyone attack INTRUDER /mnt/intruder-static
	umount /mnt
	who=user
	attack INTRUDER unshare -U -r -m sh -c "$mount_and_run" "$signed/hello" "$unsigned/intruder"
	case $output in
	*hello*) ;;
	*) fail "userns: what is signed did not run" ;;
	esac
	who=root
}
prove enforcing attacks
