# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# attack: 1
# The way of 2003, from the first step to the last: a GnuPG key is made, exported and imported, a program
# is signed with it and checked, the engine is started with its certificate, and what nobody signed or
# somebody changed does not run. Then once more with the certificate that is made where the secret key
# is not, whose signature is by a key that was thrown away: a kernel takes it all the same.
export GNUPGHOME=/tmp/gnupg
mkdir -m 700 "$GNUPGHOME"
step() {
	output=$("$@" 2>&1 </dev/null) || fail "exit $?: $*"
}
echo 'a pass phrase' >/tmp/phrase
step gpg --batch --pinentry-mode loopback --passphrase-file /tmp/phrase \
	--quick-gen-key 'Build <build@example.org>' rsa2048 sign never
gpg --batch --export build@example.org >/tmp/build.gpg || fail "gpg --export"
step digsig key import --passphrase-file /tmp/phrase --out /tmp /tmp/build.gpg
case $output in
*": self-signed") ;;
*) fail "import: says something else" ;;
esac
cp "$unsigned/hello" /tmp/tool
cp "$unsigned/intruder" /tmp/unsigned
step digsig sign --gpg build@example.org --cert /tmp/build.crt --passphrase-file /tmp/phrase /tmp/tool
step digsig verify --trust /tmp/build.crt /tmp/tool
cp /tmp/tool /tmp/changed
output=$(tamper middle /tmp/changed 2>&1) || fail "tamper"
printf '#!/bin/sh\necho script\n' >/tmp/script
chmod 755 /tmp/script
step digsig catalog create -q --gpg build@example.org --cert /tmp/build.crt \
	--passphrase-file /tmp/phrase -o /tmp/scripts.catalog /tmp/script

# Everything below twice, with the two certificates of the one key.
flow() {
	engine_start enforcing --trust "$1" --catalog /tmp/scripts.catalog
	everyone runs hello /tmp/tool
	everyone runs script /tmp/script
	everyone refused INTRUDER /tmp/unsigned
	everyone refused hello /tmp/changed
	logged ok /tmp/tool allowed
	logged unsigned /tmp/unsigned denied
	logged tampered /tmp/changed denied
	engine_stop
}
expect=works
attack INTRUDER /tmp/unsigned
flow /tmp/build.crt

step gpgconf --kill all
export GNUPGHOME=/tmp/elsewhere
mkdir -m 700 "$GNUPGHOME"
mkdir /tmp/far
step digsig key import --out /tmp/far /tmp/build.gpg
case $output in
*"not self-signed"*) ;;
*) fail "import without the secret key: says something else" ;;
esac
step gpgconf --kill all
step digsig verify --trust /tmp/far/build.crt /tmp/tool
flow /tmp/far/build.crt
