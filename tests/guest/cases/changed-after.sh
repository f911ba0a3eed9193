# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# A program that ran is judged afresh once it was changed: by write(2) or a shared mapping, by
# truncate(2), by replacing it, by writing the attacker's program over it.
# attack: 8 21
attacks() {
	cp "$signed/hello" /tmp/written
	cp "$signed/hello" /tmp/truncated
	cp "$signed/hello" /tmp/replaced
	cp "$signed/hello" /tmp/overwritten
	for file in written truncated replaced overwritten; do
		everyone runs hello "/tmp/$file"
		everyone runs hello "/tmp/$file"
	done
	printf '\001' | dd of=/tmp/written bs=1 seek=48 conv=notrunc 2>/dev/null
	everyone attack hello /tmp/written
	# And back again: it is what was signed.
	printf '\000' | dd of=/tmp/written bs=1 seek=48 conv=notrunc 2>/dev/null
	everyone runs hello /tmp/written
	tamper first-page /tmp/written
	everyone attack hello /tmp/written
	tamper truncate /tmp/truncated
	everyone attack hello /tmp/truncated
	cp "$unsigned/intruder" /tmp/new
	mv /tmp/new /tmp/replaced
	everyone attack INTRUDER /tmp/replaced
	cat "$unsigned/intruder" >/tmp/overwritten
	everyone attack INTRUDER /tmp/overwritten
}
prove enforcing attacks
logged tampered /tmp/written denied
logged unsigned /tmp/truncated denied
logged unsigned /tmp/replaced denied
logged unsigned /tmp/overwritten denied
