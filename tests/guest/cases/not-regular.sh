# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# attack: 6 7
# What is no regular file is not run: a block device has pages of its own behind its node, which
# anybody who may write it changes; private pages of /dev/zero are memory, and what is written there
# follows the rules for memory.
with_module loop
cp "$signed/hello-static" /tmp/image
truncate -s 2M /tmp/image
losetup /dev/loop0 /tmp/image || fail "no loop device"
trap 'losetup -d /dev/loop0' EXIT
mknod /tmp/zero c 1 5
mknod /tmp/loop b 7 0
mkfifo /tmp/fifo
chmod 777 /tmp/zero /tmp/loop /tmp/fifo /dev/loop0
attacks() {
	for device in /dev/loop0 /tmp/loop; do
		everyone attack mapped map-exec file $device
		everyone attack mapped map-exec late $device
		everyone attack mapped map-exec implied $device
		everyone attack returned map-exec written $device
	done
	everyone attack returned map-exec written /dev/zero
	everyone attack returned map-exec written /tmp/zero
	# The kernel executes none of these, with or without an engine.
	for file in /tmp /tmp/fifo /dev/zero /tmp/zero /dev/loop0; do
		everyone refused mapped try $file
	done
}
expect=works
attacks
engine_start enforcing --wx deny
expect=refused
attacks
# Not because nothing could be hashed: it is not even tried.
logged unstable /tmp/loop denied
