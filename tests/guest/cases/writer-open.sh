# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# A signed library that somebody can still change, through a descriptor or a shared mapping opened
# before, is not mapped; nor once it was changed that way.
# attack: 8
attacks() {
	for way in fd map; do
		cp "$signed/libgreet.so" "/tmp/$way.so"
		everyone runs greetings "$signed/load-library" "/tmp/$way.so"
		attack greetings hold-writer "$way" "/tmp/$way.so" "$signed/load-library" "/tmp/$way.so"
		everyone attack greetings "$signed/load-library" "/tmp/$way.so"
	done
}
prove enforcing attacks
for way in fd map; do
	logged unstable "/tmp/$way.so" denied
	logged tampered "/tmp/$way.so" denied
done
