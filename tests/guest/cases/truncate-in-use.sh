# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# attack: 8
# A library that is mapped as code is not cut off by truncate(2), on no file system: its process
# runs on, and the log says so.
mount_file_systems
attacks() {
	on_file_systems everyone cut_in_use
	there=/tmp
	who=userns
	cut_in_use
	who=root
}
prove enforcing attacks
# The hook knows no mount: the path is the one below the file system's root.
logged unstable /a.so denied
