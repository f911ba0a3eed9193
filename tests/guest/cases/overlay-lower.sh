# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# attack: 13
# The file underneath an overlayfs is not written to, nor cut off, while it is mapped as code through
# the overlay; nor the overlay's own while it is mapped beside it.
with_module overlay
mkdir /tmp/lower /tmp/upper /tmp/work /tmp/merged
mount -t overlay -o lowerdir=/tmp/lower,upperdir=/tmp/upper,workdir=/tmp/work overlay /tmp/merged ||
	fail "no overlayfs"
trap 'umount /tmp/merged' EXIT
chmod 777 /tmp/upper /tmp/work
# change HOW MAPPED WRITTEN COPIED: COPIED is where the library lies.
count=0
change() {
	# A new name each time: the overlay remembers what it had under one.
	count=$((count + 1))
	cp "$signed/libgreet.so" "/tmp/$4/$count.so"
	chmod 777 "/tmp/$4/$count.so"
	perform "$signed/load-library" "/tmp/$2/$count.so" overwrite "$1" "/tmp/$3/$count.so"
	stays_loyal "$3, mapped in $2"
}
attacks() {
	for who in root user userns; do
		change both merged lower lower
		change write merged upper upper
		change write upper merged upper
		change write merged merged upper
	done
	who=root
}
prove enforcing attacks
