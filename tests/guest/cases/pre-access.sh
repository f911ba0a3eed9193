# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# attack: 8
# fanotify(7) holds up a mapping after its check (FAN_PRE_ACCESS, 6.14): who is asked writes to the library
# before he answers. What he wrote does not run.
with_module loop
cp /t/image /tmp/image
mount -o loop -t ext4 /tmp/image /mnt || fail "no ext4"
trap 'umount /mnt' EXIT
attacks() {
	rm -f /mnt/a.so
	cp "$signed/libgreet.so" /mnt/a.so
	attack_in_use INTRUDER pre-access /mnt/a.so
	# A program that has such a listener while it is executed can be opened for writing.
	rm -f /mnt/program
	cp "$signed/load-library" /mnt/program
	attack_in_use "was written" pre-access /mnt/program /mnt/program "$signed/libgreet.so" \
		sh -c 'tamper first-page /mnt/program && echo was written'
}
cp "$signed/libgreet.so" /mnt/a.so
perform pre-access /mnt/a.so
if [ "$status" -ne 3 ]; then
	prove enforcing attacks
fi
