#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# digsig revoke on a store of its own, and digsig verify by that; what the engine makes of it is in
# tests/guest. In the Test Anything Protocol.
#
#   revoke.sh DIGSIG
set -uo pipefail

digsig=$(realpath "${1:?usage: revoke.sh DIGSIG}")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"

revoke() { "$digsig" revoke --store store "$@"; }
verify() { "$digsig" verify --trust me.crt --revoked store "$@"; }

"$digsig" key new me >/dev/null
"$digsig" key new other >/dev/null
cp /bin/true one
cp /bin/false two
cp /bin/echo three
"$digsig" sign -q --key me.key --identity org.example.tool --epoch 3 one
"$digsig" sign -q --key me.key --identity org.example.tool --epoch 4 two
"$digsig" sign -q --key me.key three
digest=$(sha256sum <three | cut -d ' ' -f 1)

expect 0 "nothing is revoked" verify one two three
expect 0 "--show of nothing" revoke --show
matches_not 'digest|key|below' "--show of nothing: prints nothing"
expect 0 "--digest" revoke --digest "${digest^^}"
says "digest $digest: noted" "--digest: says so"
expect 67 "verify: revoked" verify three
says "three: revoked: once trusted, since taken back" "verify: in words"
expect 0 "verify: the others" verify one two
expect 0 "--identity-below" revoke --identity-below org.example.tool=4
expect 67 "an epoch below" verify one
says "one: rollback: older than a build" "an epoch below: in words"
expect 0 "the epoch itself" verify two
expect 0 "a lower epoch" revoke --identity-below org.example.tool=2
expect 67 "a lower epoch changes nothing" verify one
expect 0 "--show" revoke --show
says "below 4 org.example.tool" "--show: the epoch"
says_not "below 2" "--show: not the lower one"
expect 0 "--key with a stranger's certificate" revoke --key other.crt
expect 0 "--key: not ours" verify two
expect 0 "--key CERT --file FILE" revoke --key me.crt --file /bin/true
expect 67 "--key: ours" verify two
key=$(sed -n 's/^key //p' store | tail -1)
expect 0 "--key HEX" "$digsig" revoke --store hex --key "$key"
expect 67 "--key HEX: the same" "$digsig" verify --trust me.crt --revoked hex two
cp store before
expect 0 "again" revoke --key me.crt --digest "$digest"
expect 0 "again: the store is the same" cmp store before

## what is wrong changes nothing

for wrong in "--digest 12" "--digest ${digest}0" "--key nowhere.crt" "--file nowhere" \
	"--identity-below tool" "--identity-below =3" "--identity-below tool=-1" \
	"--identity-below tool=3x" "--identity-below $(printf 'x%.0s' {1..65})=1" "" "argument" \
	"--show --digest $digest"; do
	# shellcheck disable=SC2086 # words
	revoke $wrong >.output 2>&1 </dev/null
	code=$?
	[[ $code -eq 1 || $code -eq 2 ]] && [[ -s .output ]]
	ok "wrong: ${wrong:0:40}" $?
done
expect 2 "an identity of two lines" revoke --identity-below $'tool\ndigest=3'
expect 2 "an identity that ends in a remark" revoke --identity-below 'tool #x=3'
expect 1 "one of two is wrong" revoke --digest "$(sha256sum <two | cut -d ' ' -f 1)" --file nowhere
expect 0 "the store is the same" cmp store before

## a store that somebody wrote

printf '# by hand\n\n  digest  %s  # three\r\nbelow 9 a b\n' "$digest" >store
expect 67 "remarks, white space and CR" verify three
expect 0 "an identity with a space" revoke --show
says "below 9 a b" "an identity with a space: whole"
expect 0 "adding keeps what is there" revoke --digest "$(sha256sum <two | cut -d ' ' -f 1)"
[[ $(head -1 store) == "# by hand" && $(wc -l <store) -eq 5 ]]
ok "adding keeps what is there, remarks too" $?
for line in 'digest 12' 'key 12' 'below x y' 'below 3' 'nonsense' "digest" $'\x1b[2J'; do
	printf 'key %s\n%s\n' "$key" "$line" >store
	cp store before
	expect 1 "a bad line: $(printf %q "$line")" verify one
	says "store:2: " "a bad line: which"
	expect 1 "a bad line: nothing is added" revoke --digest "$digest"
	expect 0 "a bad line: the store is the same" cmp store before
done
printf 'key %s\n\0digest %s\n' "$key" "$digest" >store
expect 1 "a NUL in it" verify one
printf 'key %s' "$key" >store
expect 0 "no newline at its end" revoke --digest "$digest"
expect 0 "no newline at its end: both" revoke --show
says "key $key" "no newline at its end: the first"
says "digest $digest" "no newline at its end: the second"
rm store
mkdir store
expect 1 "a folder" revoke --digest "$digest"
rmdir store
seq 1 8193 | sed 's/.*/below 1 identity-&/' >store
expect 1 "more than the engine has room for" verify one
says "store:8193: more than 8192" "more than the engine has room for: where"

## signed lists, made with OpenSSL

# sign_list NAME FILE: with NAME's key; the list is then FILE.signed.
sign_list() {
	openssl cms -sign -binary -noattr -nosmimecap -nocerts -keyid -md sha256 -outform PEM \
		-signer "$1.crt" -inkey "$1.key" -in "$2" | cat "$2" - >"$2.signed"
}
rm -rf store
printf '# what we know\nsequence 7\nbelow 4 org.example.tool\n' >seven
printf 'sequence 6\ndigest %s\n' "$digest" >six
printf 'sequence 8\ndigest %s\n' "$digest" >eight
for name in six seven eight; do
	sign_list me $name
done
expect 0 "--list" revoke --trust me.crt --list seven.signed
says "below 4 org.example.tool: noted" "--list: says so"
expect 67 "--list: what it says holds" verify one
expect 0 "--list: again" revoke --trust me.crt --list seven.signed
cp store before
expect 1 "--list: an older one" revoke --trust me.crt --list six.signed
says "six.signed: the list is older, sequence 6, than one that was taken before, 7" \
	"--list: an older one: says so"
expect 0 "--list: an older one: the store is the same" cmp store before
expect 0 "verify: what the older one would have revoked" verify three
expect 67 "--list: a stranger's" revoke --trust other.crt --list eight.signed
sed 's/^sequence 8$/sequence 9/' eight.signed >forged.signed
expect 67 "--list: changed" revoke --trust me.crt --list forged.signed
cat six eight.signed >longer.signed
expect 67 "--list: something before it" revoke --trust me.crt --list longer.signed
expect 1 "--list: not signed" revoke --trust me.crt --list eight
says "eight: no signature" "--list: not signed: says so"
cat eight.signed eight.signed >twice.signed
expect 1 "--list: two of them" revoke --trust me.crt --list twice.signed
head -c -60 eight.signed >cut.signed
expect 68 "--list: cut off" revoke --trust me.crt --list cut.signed
printf 'digest %s\n' "$digest" >endless
sign_list me endless
expect 1 "--list: without a sequence" revoke --trust me.crt --list endless.signed
says 'no line "sequence N"' "--list: without a sequence: says so"
printf 'sequence 9\nnonsense\n' >nonsense
sign_list me nonsense
expect 1 "--list: a bad line" revoke --trust me.crt --list nonsense.signed
says "nonsense.signed:2: " "--list: a bad line: which"
expect 1 "--list: nowhere" revoke --trust me.crt --list nowhere
expect 0 "the store is the same" cmp store before
expect 0 "--list: the next one" revoke --trust me.crt --list eight.signed
expect 67 "--list: the next one holds" verify three

## verify by a list as it is, and what was signed through a catalog

expect 67 "verify --revoked: a signed list" "$digsig" verify --trust me.crt --revoked eight.signed three
says "three: revoked" "verify --revoked: a signed list: what it says"
expect 0 "verify --revoked: a signed list: what it does not say" \
	"$digsig" verify --trust me.crt --revoked eight.signed one
expect 67 "verify --revoked: a stranger's list" \
	"$digsig" verify --trust other.crt --revoked eight.signed one
says "eight.signed: unknownkey" "verify --revoked: a stranger's list: says so"
expect 67 "verify --revoked: a forged list" "$digsig" verify --trust me.crt --revoked forged.signed one
says "forged.signed: badsig" "verify --revoked: a forged list: says so"
cp /bin/true plain
"$digsig" catalog create -q --key me.key --identity org.example.list --epoch 2 -o plain.catalog plain
listed() { "$digsig" verify --trust me.crt --catalog plain.catalog --revoked "$1" plain; }
expect 0 "a catalog's file" listed none
"$digsig" revoke -q --store by-epoch --identity-below org.example.list=3
expect 67 "a catalog's file: the catalog's epoch" listed by-epoch
says "plain: rollback" "a catalog's file: the catalog's epoch: says so"
"$digsig" revoke -q --store by-key --key me.crt
expect 67 "a catalog's file: the catalog's key" listed by-key
cp /bin/false beside
"$digsig" sign -q --detached --key me.key beside
expect 0 "a detached signature" "$digsig" verify --trust me.crt --revoked none beside
expect 67 "a detached signature: its key" "$digsig" verify --trust me.crt --revoked by-key beside
says "beside: revoked" "a detached signature: its key: says so"

## two at a time

rm -f store
for i in $(seq 40); do
	revoke -q --identity-below "identity-$i=1" &
done
wait
[[ $(grep -c '^below 1 identity-' store) -eq 40 ]]
ok "forty at a time: none is lost" $?

echo "1..$count"
