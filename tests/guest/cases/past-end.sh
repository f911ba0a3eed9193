# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# attack: 8 13
# Code behind a signed file's end: in the rest of its last page, on every file system, where no hash covers
# it; and appended below an overlayfs that still knows the size from before. It may not be mapped.
mount_file_systems
with_module overlay
mkdir /tmp/lower /tmp/upper /tmp/work /tmp/merged
mount -t overlay -o lowerdir=/tmp/lower,upperdir=/tmp/upper,workdir=/tmp/work overlay /tmp/merged ||
	fail "no overlayfs"
trap 'umount /tmp/merged' EXIT
count=0
tail_used() {
	cp "$signed/libgreet.so" "$there/a.so"
	chmod 666 "$there/a.so"
	attack INTRUDER past-end tail "$there/a.so"
	rm "$there/a.so"
}
grown() {
	# A new name each time: the overlay remembers what it had under one.
	count=$((count + 1))
	cp "$signed/libgreet.so" "/tmp/lower/$count.so"
	chmod 666 "/tmp/lower/$count.so"
	attack INTRUDER past-end grown "/tmp/merged/$count.so" "/tmp/lower/$count.so"
}
attacks() {
	on_file_systems everyone tail_used
	there=/tmp
	who=userns
	tail_used
	everyone grown
}
prove enforcing attacks
# A copy has nothing there, and is as good as what was signed.
cp "$signed/libgreet.so" /tmp/b.so
runs greetings "$signed/load-library" /tmp/b.so
