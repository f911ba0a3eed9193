# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# attack: 8
# As pinned-pages, but the pages were pinned before the engine was started.
# shellcheck disable=SC2016 # the inner shell's
later='until [ -e /tmp/go ]; do usleep 100000; done; exec "$0" /tmp/a.so sh -c "echo >&3; read -r _ <&3"'
attacks() {
	cp "$signed/libgreet.so" /tmp/a.so
	chmod 666 /tmp/a.so
	try -u pin-pages ring /tmp/a.so loyalty! INTRUDER sh -c "touch /tmp/pinned; $later" "$signed/load-library" \
		>/tmp/says 2>&1 &
	wait_until test -e /tmp/pinned
	[ "$expect" = works ] || engine_start enforcing
	touch /tmp/go
	wait $! || true
	attack INTRUDER sh -c 'cat /tmp/says'
	rm -f /tmp/a.so /tmp/go /tmp/pinned
}
expect=works
attacks
expect=refused
attacks
