# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# Nothing can be appended to a signed program, and its signature cannot be taken off.
# attack: 9 10
attacks() {
	cp "$signed/hello" /tmp/byte
	printf x >>/tmp/byte
	cp "$signed/hello" /tmp/payload
	cat "$unsigned/intruder" >>/tmp/payload
	# The whole block once more behind the file: the footer is genuine, the sizes are not.
	cat "$signed/hello" "$signed/hello" >/tmp/twice
	chmod 755 /tmp/twice
	cp "$signed/hello" /tmp/stripped
	output=$(digsig strip /tmp/stripped 2>&1) || fail "digsig strip failed"
	for file in byte payload twice stripped; do
		everyone attack hello "/tmp/$file"
	done
}
prove enforcing attacks
logged unsigned /tmp/byte denied
logged unsigned /tmp/payload denied
logged malformed /tmp/twice denied
logged unsigned /tmp/stripped denied
