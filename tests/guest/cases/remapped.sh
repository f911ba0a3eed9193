# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# attack: 6
# remap_file_pages(2) makes a mapping anew, which under READ_IMPLIES_EXEC becomes executable although it
# was mapped to be read: what nobody signed is refused there, too.
cp "$signed/libgreet.so" /tmp/changed.so
overwrite both /tmp/changed.so
chmod 777 /tmp/changed.so
attacks() {
	for who in root user userns; do
		attack INTRUDER remap /tmp/changed.so
	done
	who=root
}
prove enforcing attacks
