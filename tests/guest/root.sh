# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What the root file systems of guests have in common: to be read with ".".

# pack_root FOLDER: an archive of it for the kernel's initramfs, in which all is root's, on standard output.
pack_root() {
	(cd "$1" && find . -mindepth 1 -print0 | cpio --quiet -0 -o -H newc -R 0:0)
}

# mask_units FOLDER UNIT...: the systemd of that root never starts them.
mask_units() {
	local folder=$1 unit

	shift
	for unit; do
		ln -sf /dev/null "$folder/etc/systemd/system/$unit"
	done
}

# install_program PROGRAM PATH: at that path of $work/root, with the libraries that it needs, each at the path it has here.
install_program() {
	local library

	# shellcheck disable=SC2154 # of who reads this
	install -D -m 755 "$1" "$work/root$2"
	{ ldd "$1" 2>/dev/null | grep -o '/[^ ]*' || true; } | while read -r library; do
		[[ -e $work/root$library ]] || install -D -m 755 "$library" "$work/root$library"
	done
}
