# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# attack: 8
# A library that is mapped as code is opened for writing three times in a row, by each call that opens,
# on each file system: every time it is refused, also after a revocation has voided the verdict.
mount_file_systems
overwrite_there() {
	overwrite_in_use range
	who=user
	overwrite_in_use both
	case $there in
	/fs/xfs/* | /fs/btrfs/*) overwrite_in_use clone ;;
	esac
	who=root
}
attacks() {
	there=/tmp
	for who in root user userns; do
		for how in write both openat2 again trunc creat ring; do
			overwrite_in_use $how
		done
	done
	who=root
	overwrite_in_use handle
	on_file_systems overwrite_there
}
prove enforcing attacks
there=/tmp
overwrite_in_use both 'digsig revoke -q --identity-below org.example.none=5;'
