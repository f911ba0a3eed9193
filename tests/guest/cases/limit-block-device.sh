# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# limit: 15
# Who writes the device underneath a mounted file system changes what is read next, and the page
# cache is not told: the verdict stays with an inode that somebody keeps in memory.
with_module loop
attacks() {
	rm -f /tmp/image
	cp /t/image /tmp/image
	mount -o loop,ro -t ext4 /tmp/image /mnt || fail "the image could not be mounted"
	# shellcheck disable=SC2217 # it keeps the inode in memory, that is all
	sleep 100 </mnt/hello-static &
	keeper=$!
	runs hello /mnt/hello-static
	change-word /tmp/image hello jello || fail "the image could not be changed"
	sync
	echo 1 >/proc/sys/vm/drop_caches
	runs jello /mnt/hello-static
	kill "$keeper"
	wait "$keeper" || true
	umount /mnt || umount -l /mnt
}
attacks
engine_start enforcing
attacks
# An inode that was read anew is judged anew.
mount -o loop,ro -t ext4 /tmp/image /mnt
refused jello /mnt/hello-static
umount /mnt
