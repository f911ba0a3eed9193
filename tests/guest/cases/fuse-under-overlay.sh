# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# attack: 13 14
# A FUSE file system as the lower layer of an overlayfs: it is honest to who reads, so that the hash
# is that of a signed library, and answers with other bytes where a page is mapped.
with_module fuse
with_module overlay
chmod 666 /dev/fuse
cp "$signed/libgreet.so" /tmp/changed.so
overwrite both /tmp/changed.so
chmod 644 /tmp/changed.so
# shellcheck disable=SC2016 # the inner shell's
load='place=$(mktemp -d) && mkdir "$place/upper" "$place/work" "$place/merged" &&
	mount -t overlay -o "lowerdir=/mnt,upperdir=$place/upper,workdir=$place/work" overlay "$place/merged" &&
	{ "$0" "$place/merged/program" true; status=$?; umount "$place/merged"; exit $status; }'
# in_overlay [COMMAND...]: COMMAND brings it to where it may mount.
in_overlay() {
	attack INTRUDER "$@" fuse-file -p /mnt "$signed/libgreet.so" /tmp/changed.so \
		sh -c "$load" "$signed/load-library"
}
attacks() {
	# Its hash is known by then, so that nothing but the hash is read.
	everyone runs greetings "$signed/load-library" "$signed/libgreet.so"
	in_overlay
	who=user
	in_overlay unshare -U -r -m
	who=root
}
prove enforcing attacks
