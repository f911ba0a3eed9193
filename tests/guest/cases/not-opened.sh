# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# What the engine's rule about writers stands on: on no file system does the kernel change a file's bytes
# for somebody who has no descriptor for writing. Each call that could is tried with a descriptor for
# reading, by root too, while the library is in use.
mount_file_systems
try_all() {
	cp "$signed/libgreet.so" "$there/a.so"
	cp "$signed/libgreet.so" "$there/changed.so"
	chmod 666 "$there/a.so" "$there/changed.so"
	overwrite both "$there/changed.so"
	runs loyalty! "$signed/load-library" "$there/a.so" change-unopened "$there/a.so" "$there/changed.so"
	echo "$who $there: $output"
	case $output in
	*INTRUDER*) fail "$who: $there: changed without a descriptor for writing" ;;
	esac
	# Each was tried as far as the kernel's own check, and the check is still what says no.
	for way in FICLONE copy_file_range PUNCH_HOLE EXT4_IOC_MOVE_EXT FIDEDUPERANGE /proc/self/mem; do
		echo "$output" | grep -q "^$way: E" || fail "$who: $there: $way was not refused"
	done
	runs greetings "$signed/load-library" "$there/a.so"
	cmp "$there/a.so" "$signed/libgreet.so" || fail "$who: $there: the file was changed"
	rm "$there/a.so" "$there/changed.so"
}
on_file_systems try_all
engine_start enforcing
on_file_systems everyone try_all
