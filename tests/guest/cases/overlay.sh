# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# attack: 13
# On an overlayfs the content decides, at every use: changed above or underneath.
with_module overlay
mkdir /tmp/lower /tmp/upper /tmp/work /tmp/merged
cp "$unsigned/intruder" /tmp/lower/intruder
mount -t overlay -o lowerdir=/tmp/lower,upperdir=/tmp/upper,workdir=/tmp/work overlay /tmp/merged ||
	fail "no overlayfs"
attacks() {
	everyone attack INTRUDER /tmp/merged/intruder
	for where in lower upper merged; do
		cp "$signed/hello" "/tmp/$where/$where"
		everyone runs hello "/tmp/merged/$where"
		cp "$unsigned/intruder" "/tmp/$where/$where"
		everyone attack INTRUDER "/tmp/merged/$where"
		cp "$signed/hello" "/tmp/$where/$where"
		everyone runs hello "/tmp/merged/$where"
		tamper first-page "/tmp/$where/$where"
		everyone attack hello "/tmp/merged/$where"
	done
	# Copied up by a mere change of its mode.
	chmod 700 /tmp/merged/intruder
	attack INTRUDER /tmp/merged/intruder
	cp "$signed/libgreet.so" /tmp/merged/libgreet.so
	everyone runs greetings "$signed/load-library" /tmp/merged/libgreet.so
	tamper first-page /tmp/merged/libgreet.so
	everyone attack greetings "$signed/load-library" /tmp/merged/libgreet.so
	chmod 755 /tmp/merged/intruder
}
prove enforcing attacks
logged unsigned /tmp/merged/intruder denied
umount /tmp/merged
