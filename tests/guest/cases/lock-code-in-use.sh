# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# attack: 8
# The ways to change code in use, against a locked engine: the lock opens none of them.
# boot: digsig-guest=locked
with_module fuse
mount_file_systems
cp "$signed/libgreet.so" /tmp/changed.so
overwrite both /tmp/changed.so
change='echo >&3; read -r _ <&3'
attacks_there() {
	everyone overwrite_in_use both
	everyone cut_in_use
	new_library
	attack INTRUDER fuse-file -w /mnt /tmp/changed.so /tmp/changed.so pin-pages direct /mnt/program \
		"$there/a.so" loyalty! INTRUDER "$signed/load-library" "$there/a.so" sh -c "$change"
}
attacks() {
	on_file_systems attacks_there
	there=/tmp
	new_library
	attack INTRUDER pin-pages ring /tmp/a.so loyalty! INTRUDER \
		"$signed/load-library" /tmp/a.so sh -c "$change"
	who=user
	new_library
	attack_in_use INTRUDER mmap-window /tmp/a.so
	who=root
	attack INTRUDER remap /tmp/changed.so
}
expect=works
attacks
engine_start enforcing
runs '' digsig lock -q
expect=refused
attacks
