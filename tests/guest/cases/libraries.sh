# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# An unsigned library is not mapped, by whatever way it is to be loaded.
# attack: 2
attacks() {
	for who in root user userns; do
		attack INTRUDER env LD_PRELOAD="$unsigned/libintruder.so" "$signed/hello"
		attack INTRUDER "$signed/load-library" "$unsigned/libintruder.so"
	done
	who=root
	echo "$unsigned/libintruder.so" >/etc/ld.so.preload
	everyone attack INTRUDER "$signed/hello"
	rm /etc/ld.so.preload
	# A tampered copy of a signed one.
	cp "$signed/libgreet.so" /tmp/libgreet.so
	output=$(tamper first-page /tmp/libgreet.so 2>&1) || fail "tamper failed"
	everyone attack greetings "$signed/load-library" /tmp/libgreet.so
}
prove enforcing attacks
logged unsigned "$unsigned/libintruder.so" denied
logged tampered /tmp/libgreet.so denied
# The program itself was not harmed.
runs hello "$signed/hello"
