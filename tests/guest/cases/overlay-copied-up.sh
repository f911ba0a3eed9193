# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# attack: 13
# A descriptor of an overlayfs that was opened before its file was copied up maps the lower file and
# reads the upper one. What is signed in the upper one does not vouch for the lower one.
with_module overlay
mkdir /tmp/lower /tmp/upper /tmp/work /tmp/merged
trap 'umount /tmp/merged 2>/dev/null || true' EXIT
attacks() {
	for who in root user userns; do
		cp "$signed/libgreet.so" /tmp/lower/a.so
		chmod 777 /tmp/lower/a.so
		perform overwrite both /tmp/lower/a.so
		mount -t overlay -o lowerdir=/tmp/lower,upperdir=/tmp/upper,workdir=/tmp/work overlay /tmp/merged ||
			fail "no overlayfs"
		attack INTRUDER overlay-swap /tmp/merged/a.so "$signed/libgreet.so"
		umount /tmp/merged
		rm -f /tmp/upper/a.so
	done
	who=root
}
prove enforcing attacks
