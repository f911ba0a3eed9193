# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# attack: 1
# A CA in the trust: what it issued a certificate for runs; a certificate of another CA, which bears the
# same name and key identifier, is not let in; and the CA's own key vouches for no code.
cp "$issued/hello" /tmp/issued
attacks() {
	attack hello /tmp/issued
	attack INTRUDER "$foreign/intruder"
}
prove enforcing attacks
engine_stop
mkdir /tmp/hosts
cp "$ca/ca.crt" "$ca/issued.crt" "$ca/foreign.crt" /tmp/hosts/
output=$(digsig start --trust "$trust" --trust /tmp/hosts --mode enforcing 2>&1) || fail "digsig start"
case $output in
*"CN=foreign: left out of the trust: it bears a CA's name, but not its signature"*) ;;
*) fail "the foreign certificate is not left out" ;;
esac
everyone runs hello /tmp/issued
everyone runs hello "$signed/hello"
everyone refused INTRUDER "$foreign/intruder"
logged ok /tmp/issued
logged unknownkey "$foreign/intruder" denied
# The trusted key and the issued one are in the keyring, and the CA is not.
number=$(sed -n 's/.* keyring *digsig: \([0-9]*\)$/\1/p' /proc/keys)
[ "$number" = 2 ] || fail "in the keyring are: $(grep 'keyring *digsig' /proc/keys)"
# The same certificates, but without the CA: then each counts by being there, as ever.
engine_stop
mkdir /tmp/without
cp "$ca/foreign.crt" /tmp/without/
engine_start enforcing --trust /tmp/without
expect=works
attack INTRUDER "$foreign/intruder"
refused hello /tmp/issued
engine_stop
# What the kernel itself makes of the two, in a keyring like the one that issued certificates come in by.
runs INTRUDER add-key issued "$ca/ca.der" "$ca/issued.der"
perform add-key issued "$ca/ca.der" "$ca/foreign.der"
case $output in
*EKEYREJECTED* | *EINVAL* | *EBADMSG*) ;; # what is deciphered with another key has no shape
*) fail "the kernel let a foreign certificate in" ;;
esac
perform add-key issued "$ca/foreign.der" "$ca/issued.der"
case $output in
*ENOKEY*) ;;
*) fail "the kernel let in a certificate whose issuer it does not know" ;;
esac
# What the kernel cannot check is said, and nothing is started.
perform digsig start --trust "$trust" --trust "$ca/edward.crt"
[ "$status" -eq 1 ] || fail "started with a CA that the kernel cannot check: exit $status"
case $output in
*"the kernel does not take the certificate of CN=edward: "*"algorithm"*) ;;
*) fail "start: says something else" ;;
esac
[ ! -e /sys/fs/bpf/digsig ] || fail "the engine was left running"
# Nothing stays behind of the keyrings that were used to check.
for i in $(seq 1 50); do
	grep -q 'digsig-' /proc/keys || break
	sleep 0.2
done
! grep 'digsig-' /proc/keys || fail "a keyring was left"
