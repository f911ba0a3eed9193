# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# attack: 19
# Trust is taken back: by digest, key and epoch, from files that run, are cached, are in a catalog or
# are admitted again; it stays so when the engine starts anew, and what is not meant goes on.
store=/var/lib/digsig/revoked
rm -rf /var/lib/digsig
mkdir -p /var/lib
cp "$signed/hello" /tmp/victim
cp "$signed/hello" /tmp/same
cp "$signed/howdy" /tmp/other
cp "$unsigned/hello" /tmp/listed
cp "$unsigned/hello-static" /tmp/listed-too
engine_start enforcing --catalog "$catalogs/trusted.catalog"
everyone runs hello /tmp/victim
everyone runs hello /tmp/listed
output=$(digsig revoke --file /tmp/victim) || fail "digsig revoke --file"
case $output in
"digest "*": noted, and refused from now on") ;;
*) fail "says something else" ;;
esac
everyone refused hello /tmp/victim
logged revoked /tmp/victim denied
# The same bytes elsewhere, but nothing else.
everyone refused hello /tmp/same
everyone runs howdy /tmp/other
perform digsig admit /tmp/victim
[ "$status" -eq 67 ] || fail "admit of what is revoked: exit $status"
# One of a catalog's files.
digsig revoke -q --file /tmp/listed || fail "digsig revoke -q"
everyone refused hello /tmp/listed
everyone runs hello /tmp/listed-too
# A library that runs: its next map is refused.
runs greetings "$signed/load-library" "$signed/libgreet.so"
digsig revoke -q --file "$signed/libgreet.so"
refused greetings "$signed/load-library" "$signed/libgreet.so"
output=$(digsig verify --trust "$trust" /tmp/victim) && fail "digsig verify does not know"
case $output in
*": revoked: "*) ;;
*) fail "digsig verify says something else" ;;
esac
# Whoever starts the engine again starts with all of it.
engine_stop
everyone runs hello /tmp/victim
engine_start enforcing
everyone refused hello /tmp/victim
everyone runs howdy /tmp/other
# No epoch was signed with, and none of an identity but this one.
digsig revoke -q --identity-below org.example.none=5
everyone runs howdy /tmp/other
[ "$(digsig revoke --show | wc -l)" -eq 4 ] || fail "digsig revoke --show: not four"
# It counts up only.
digsig revoke -q --identity-below org.example.none=4
[ "$(digsig revoke --show | grep -c 'below 5 org.example.none')" -eq 1 ] || fail "an epoch fell"
# An order to forget is none: the store that was emptied counts from the next start on only.
: >$store
everyone refused hello /tmp/victim
# A store that is damaged: nothing is started without what was revoked.
engine_stop
echo 'digest 12' >$store
perform digsig start --trust "$trust"
[ "$status" -eq 1 ] || fail "started without a store that can be read"
case $output in
*"$store:1: digest: expected 64 hexadecimal digits"*) ;;
*) fail "start: says something else" ;;
esac
[ ! -e /sys/fs/bpf/digsig ] || fail "the engine was left running"
# All that a key signed, what the guest itself is made of included: so in mode monitor.
rm $store
engine_start monitor --catalog "$catalogs/trusted.catalog"
everyone runs howdy /tmp/other
everyone runs hello /tmp/listed-too
digsig revoke -q --key "$trust/trusted.crt"
everyone runs howdy /tmp/other
logged revoked /tmp/other allowed
everyone runs hello /tmp/listed-too
logged revoked /tmp/listed-too allowed
perform digsig catalog load "$catalogs/trusted.catalog"
[ "$status" -eq 67 ] || fail "a revoked key's catalog is loaded: exit $status"
perform digsig mode enforcing
[ "$status" -eq 1 ] || fail "mode enforcing, although digsig is revoked: exit $status"
