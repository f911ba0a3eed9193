# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# attack: 20
# With rollback = on, a build that ran is the oldest of its identity that runs from then on, cached or
# not, also after a new start; without it, or without an identity, nothing changes.
rm -rf /var/lib/digsig
mkdir -p /var/lib
digsig key new own --out /tmp >/dev/null
mkdir /tmp/trust
cp "$trust/trusted.crt" /tmp/own.crt /tmp/trust/
# build FILE EPOCH IDENTITY
build() {
	cp "$unsigned/hello-static" "$1"
	digsig sign -q --key /tmp/own.key --epoch "$2" ${3:+--identity "$3"} "$1"
}
build /tmp/old 3 org.example.tool
build /tmp/older 2 org.example.tool
build /tmp/new 4 org.example.tool
build /tmp/another 1 org.example.another
build /tmp/nameless 9
configure() {
	cat <<-END
		[engine]
		mode = enforcing
		trust = /tmp/trust
		[daemon]
		roots = $signed
		rollback = $1
	END
}
configure off >/run/wanted
daemon_start </run/wanted
runs hello /tmp/new
runs hello /tmp/old
sleep 2
[ ! -e /var/lib/digsig/revoked ] || fail "rollback = off: something was noted"
configure on >/run/digsig.conf
kill -HUP "$daemon"
wait_until grep -q 'read again' "$daemon_says"
everyone runs hello /tmp/older
wait_until grep -q -x 'below 2 org.example.tool' /var/lib/digsig/revoked
# What was cached before says nothing of an epoch; what is judged anew does.
runs hello /tmp/old
wait_until grep -q -x 'below 3 org.example.tool' /var/lib/digsig/revoked
everyone refused hello /tmp/older
everyone runs hello /tmp/old
everyone runs hello /tmp/another
everyone runs hello /tmp/nameless
runs hello /tmp/new
wait_until grep -q -x 'below 4 org.example.tool' /var/lib/digsig/revoked
everyone refused hello /tmp/old
everyone runs hello /tmp/new
perform digsig admit /tmp/old
[ "$status" -eq 67 ] || fail "admit of an old build: exit $status"
grep -q nameless /var/lib/digsig/revoked && fail "a file without an identity was noted"
# After a new start, without digsigd.
daemon_kill TERM
engine_stop
engine_start enforcing --trust /tmp/trust
everyone refused hello /tmp/old
everyone runs hello /tmp/new
