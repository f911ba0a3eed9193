# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# attack: 8
# Somebody holds pages of a file, by a registered buffer or a read that is under way, closes it and unmaps
# it. The file is found good, and then the pages change. They are not run as code: neither where they
# are mapped nor at the next use.
with_module fuse
mount_file_systems
change='echo >&3; read -r _ <&3'
# held HOW OLD NEW FILE COMMAND...: on all but tmpfs pages are not held for long, but as long as a read takes.
held() {
	local how=$1 old=$2 new=$3 file=$4

	shift 4
	cp "$signed/$file" "$there/$file"
	chmod 777 "$there/$file"
	if [ "$how" = ring ]; then
		attack "$new" pin-pages ring "$there/$file" "$old" "$new" "$@"
	else
		# shellcheck disable=SC2086 # words, or none
		attack "$new" fuse-file -w /mnt "/tmp/changed.$file" "/tmp/changed.$file" $user \
			pin-pages "$how" /mnt/program "$there/$file" "$old" "$new" "$@"
	fi
	rm "$there/$file"
}
held_library() {
	held "$1" loyalty! INTRUDER libgreet.so "$signed/load-library" "$there/libgreet.so" sh -c "$change"
}
held_program() {
	held "$1" hello jello hello-static \
		sh -c "$there/hello-static; $change; try $there/hello-static"
}
# The slow file is root's: only what reads it is a user's as well.
held_there() {
	user=
	held_library direct
	held_program other
	user='try -u'
	held_library async
	held_library other
}
attacks() {
	there=/tmp
	for who in root user userns; do
		held_library ring
		held_program ring
	done
	who=root
	on_file_systems held_there
}
cp "$signed/libgreet.so" /tmp/changed.libgreet.so
overwrite both /tmp/changed.libgreet.so
cp "$signed/hello-static" /tmp/changed.hello-static
change-word /tmp/changed.hello-static hello jello
prove enforcing attacks
