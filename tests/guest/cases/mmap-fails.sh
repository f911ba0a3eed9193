# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# A mapping that fails after its file was found good is on its way no longer: the file can be written to
# afterwards, also while the process lives on. The ways: no memory left, the place is taken, a file
# system without code, and the process is killed while it waits.
mount -t tmpfs -o noexec tmpfs /mnt || fail "no tmpfs"
trap 'umount /mnt' EXIT
chmod 1777 /mnt
# writable_after HOW COUNT FILE: FILE is then a new signed library.
writable_after() {
	cp "$signed/libgreet.so" "$3"
	chmod 777 "$3"
	runs '' fail-maps "$1" "$2" "$3" overwrite both "$3"
	rm "$3"
}
fail_in_all_ways() {
	for how in limit there; do
		writable_after $how 1000 /tmp/a.so
	done
	writable_after noexec 1000 /mnt/a.so
	writable_after killed 15 /tmp/a.so
}
engine_start enforcing
everyone fail_in_all_ways
