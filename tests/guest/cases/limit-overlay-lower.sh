# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# limit: 13
# Who writes to the file underneath an overlayfs while it is mapped as code is not stopped. The next
# use is judged afresh.
with_module overlay
mkdir /tmp/lower /tmp/upper /tmp/work /tmp/merged
mount -t overlay -o lowerdir=/tmp/lower,upperdir=/tmp/upper,workdir=/tmp/work overlay /tmp/merged ||
	fail "no overlayfs"
attacks() {
	cp "$signed/libgreet.so" /tmp/lower/libgreet.so
	perform "$signed/load-library" /tmp/merged/libgreet.so tamper first-page /tmp/lower/libgreet.so
	[ "$status" -eq 0 ] || fail "refused"
}
attacks
engine_start enforcing
attacks
refused greetings "$signed/load-library" /tmp/merged/libgreet.so
umount /tmp/merged
