# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# attack: 8 20
# With rollback = on, a build that ran is the oldest of its identity that runs from then on, cached or
# not, also after a new start; without it, or without an identity, nothing changes.
rm -rf /var/lib/digsig
mkdir -p /var/lib
cp "$keys/own.key" "$keys/own.crt" /tmp/
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
# A user makes revocations that way. None of them brings back what was revoked, nor lets anybody write
# to a library that is in use; nor does a build that a key without trust signed.
build /tmp/taken 7 org.example.tool
runs hello /tmp/taken
digsig revoke -q --file /tmp/taken || fail "digsig revoke"
cp "$unsigned/hello-static" /tmp/forged
digsig key new forger --out /tmp >/dev/null
digsig sign -q --key /tmp/forger.key --epoch 99 --identity org.example.tool /tmp/forged
everyone refused hello /tmp/forged
build /tmp/newest 8 org.example.tool
there=/tmp
expect=refused
who=user
{ wait_until grep -q -x 'below 8 org.example.tool' /var/lib/digsig/revoked && touch /tmp/noted; } &
# shellcheck disable=SC2016 # the inner shell's
overwrite_in_use both 'try /tmp/newest; for i in $(seq 100); do [ -e /tmp/noted ] || usleep 200000; done;'
[ -e /tmp/noted ] || fail "what the user ran was not noted"
runs hello /tmp/newest
who=root
everyone refused hello /tmp/taken
grep -q 'below 99' /var/lib/digsig/revoked && fail "what a stranger signed was noted"
# After a new start, without digsigd.
daemon_kill TERM
engine_stop
engine_start enforcing --trust /tmp/trust
everyone refused hello /tmp/old
everyone refused hello /tmp/taken
everyone runs hello /tmp/newest
