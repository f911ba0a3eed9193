#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# digsig catalog on real files, case by case, in the Test Anything Protocol.
#
#   catalog.sh DIGSIG    the command to test
#
# Some commands are for another shell to expand.
# shellcheck disable=SC2016
set -uo pipefail

digsig=$(realpath "${1:?usage: catalog.sh DIGSIG}")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"
unset DPKG_ADMINDIR

create() { "$digsig" catalog create --key me.key "$@"; }
verify() { "$digsig" catalog verify --trust me.crt "$@"; }

"$digsig" key new me >/dev/null
"$digsig" key new other >/dev/null
mkdir -p tree/lib/firmware tree/deep/er
printf '#!/bin/sh\necho hello\n' >tree/script
chmod 755 tree/script
cp /bin/true tree/deep/program
ln tree/deep/program tree/deep/er/link
echo text >tree/text
echo blob >tree/lib/firmware/blob
ln -s script tree/symlink
mkfifo tree/fifo

## create, verify, show

expect 0 "create" create -o a.catalog tree
says "2 digests of 2 files" "create: says how many"
expect 0 "verify" verify a.catalog
says "a.catalog: ok, 2 digests" "verify: says how many"
expect 0 "show --names" "$digsig" catalog show --names a.catalog
says "$(sha256sum tree/script | cut -d' ' -f1)  tree/script" "show --names: as sha256sum has it"
says "tree/deep/er/link" "show --names: a hard link by its own name"
says "tree/deep/program" "show --names: and the other name"
says_not "tree/text" "create: what is no code is left out"
says "intact" "show: without trust, intact"
expect 0 "show --trust" "$digsig" catalog show --trust me.crt a.catalog
says "a.catalog: ok" "show --trust: ok"
expect 0 "show --json" "$digsig" catalog show --json --names a.catalog
python3 - .output <<'END' >.python 2>&1
import json, sys
text = open(sys.argv[1]).read()
catalog, = json.loads(text[:text.rindex("]") + 1])
assert catalog["digests"] == 2 and catalog["parts"] == 1, catalog
assert sorted(n for e in catalog["entries"] for n in e["names"]) == [
    "tree/deep/er/link", "tree/deep/program", "tree/script"], catalog
END
ok "show --json: the same" $?
expect 0 "create --firmware" create -q --firmware -o b.catalog tree
expect 0 "verify: a second one" verify a.catalog b.catalog
says "b.catalog: ok, 3 digests" "create --firmware: one more"
expect 0 "create --all" create -o c.catalog --all tree
says "4 digests of 4 files" "create --all: every regular file"
expect 0 "create: identity and epoch" create -q --identity org.example.host --epoch 12 -o d.catalog tree
expect 0 "show" "$digsig" catalog show d.catalog
says "org.example.host" "show: the identity"
says "epoch:     12" "show: the epoch"
export SOURCE_DATE_EPOCH=1000000000
create -q -o e.catalog tree && create -q -o f.catalog tree
expect 0 "create: the same files, the same catalog" cmp e.catalog f.catalog
expect 0 "show: the time" "$digsig" catalog show e.catalog
says "2001-09-09T01:46:40Z" "create: SOURCE_DATE_EPOCH"
expect 0 "create: the default name" create -q tree
expect 0 "create: the default name is digsig.catalog" verify digsig.catalog
[[ $(stat -c %a digsig.catalog) = 644 ]]
ok "create: mode 644" $?
expect 0 "create: nothing half-written is left" test -z "$(find . -name '.*.kernkit-*')"

## the files themselves

expect 0 "verify --catalog" "$digsig" verify --trust me.crt --catalog a.catalog tree/script tree/deep/program
says "tree/script: ok, by a catalog" "verify --catalog: says what made it ok"
expect 65 "verify --catalog: a file that is in none" "$digsig" verify --trust me.crt --catalog a.catalog tree/text
cp tree/script changed
echo : >>changed
expect 65 "verify --catalog: a changed file" "$digsig" verify --trust me.crt --catalog a.catalog changed
expect 67 "verify --catalog: a stranger's catalog" "$digsig" verify --trust other.crt --catalog a.catalog tree/script
mkdir folder
cp a.catalog c.catalog folder
expect 0 "verify --catalog: a folder" "$digsig" verify --trust me.crt --catalog folder tree/text
"$digsig" sign -q --key me.key --break-links tree/deep/program
expect 0 "verify --catalog: a signed file that is in none" "$digsig" verify --trust me.crt \
	--catalog a.catalog tree/deep/program
says_not "by a catalog" "verify --catalog: its own signature made it ok"

## changed and broken catalogs

expect 67 "verify: a stranger's" "$digsig" catalog verify --trust other.crt a.catalog
says "unknownkey" "verify: says that the key is unknown"
# tampered OFFSET: a.catalog with a bit changed there
tampered() {
	cp a.catalog t.catalog
	printf '%b' "$(printf '\\x%02x' $(($(od -An -tu1 -j "$1" -N 1 t.catalog) ^ 1)))" |
		dd of=t.catalog bs=1 seek="$1" conv=notrunc status=none
}
tampered 260
expect 67 "verify: a changed digest" verify t.catalog
says "badsig" "verify: says that the signature does not fit"
tampered 0
expect 68 "verify: not a catalog" verify t.catalog
tampered $(($(stat -c %s a.catalog) - 3))
expect 66 "verify: a changed name" verify t.catalog
head -c 500 a.catalog >t.catalog
expect 68 "verify: cut short" verify t.catalog
says "cut short" "verify: says that it was cut short"
cat a.catalog b.catalog >t.catalog
expect 68 "verify: something behind it" verify t.catalog
# The two digests in each other's place.
{
	head -c 256 a.catalog
	tail -c +289 a.catalog | head -c 32
	tail -c +257 a.catalog | head -c 32
	tail -c +321 a.catalog
} >t.catalog
expect 68 "verify: reordered" verify t.catalog
says "ascending" "verify: says that the order is wrong"
: >t.catalog
expect 68 "verify: empty" verify t.catalog
expect 68 "verify: a program" verify /bin/true
expect 1 "verify: not there" verify nowhere.catalog
mkdir none
expect 1 "verify: a folder without any" verify none
says "*.catalog" "verify: says what it looked for"

## diff

cp -r tree before
create -q -o before.catalog --all before
rm before/text
echo new >before/new
echo changed >before/lib/firmware/blob
create -q -o after.catalog --all before
expect 0 "diff" "$digsig" catalog diff before.catalog after.catalog
head -n -1 .output | cmp -s - /dev/fd/3 3<<-'EOF'
	CHANGE  NAME
	changed before/lib/firmware/blob
	added   before/new
	removed before/text
EOF
ok "diff: changed, added, removed, and nothing else" $?
expect 0 "diff: none" "$digsig" catalog diff after.catalog after.catalog
[[ $(wc -l <.output) -eq 1 ]] # what expect adds
ok "diff: none is said" $?
old=$(echo blob | sha256sum | cut -d ' ' -f 1) new=$(echo changed | sha256sum | cut -d ' ' -f 1)
echo blob >before/lib/firmware/blob
echo odd >$'before/a b\\\e[2J'
create -q -o odd.catalog --all before
expect 0 "diff -nr" "$digsig" catalog diff -n -r after.catalog odd.catalog
grep -qxF 'added before/a\x20b\x5c\x1b[2J' .output
ok "diff -r: for a script, a name is one word, and nothing of it is lost" $?
expect 0 "diff of an odd name" "$digsig" catalog diff after.catalog odd.catalog
grep -qxF 'added   before/a b\\x1b[2J' .output
ok "diff: a name cannot speak to the terminal" $?
expect 0 "diff -o" "$digsig" catalog diff -n -r -o AFTER,before,name after.catalog odd.catalog
grep -qxF "$old $new before/lib/firmware/blob" .output
ok "diff -o: these columns, in this order" $?
expect 0 "diff -o +" "$digsig" catalog diff -n -r --output +after after.catalog odd.catalog
grep -qxF "changed before/lib/firmware/blob $old" .output
ok "diff -o +: after the usual ones" $?
expect 2 "diff -o: misspelt" "$digsig" catalog diff -o CHANGE,naem after.catalog odd.catalog
says "--output naem: no such column; did you mean NAME?" "diff -o: misspelt: what was meant"
expect 2 "diff -o: unknown" "$digsig" catalog diff -o '' after.catalog odd.catalog
says "there are CHANGE, NAME, BEFORE, AFTER" "diff -o: unknown: which there are"
expect 2 "diff -o: too many" "$digsig" catalog diff -o "NAME$(printf ',NAME%.0s' {1..32})" after.catalog odd.catalog
says "more than 32 columns" "diff -o: too many: says so"
expect 0 "diff --json" "$digsig" catalog diff --json after.catalog odd.catalog
python3 -c '
import json, sys
rows = [json.loads(line) for line in open(".output") if line[0] == "{"]
sys.exit(rows != [
    {"change": "added", "name": "before/a b\\\x1b[2J", "sha256_before": None, "sha256_after": sys.argv[3]},
    {"change": "changed", "name": "before/lib/firmware/blob", "sha256_before": sys.argv[1],
     "sha256_after": sys.argv[2]}])' "$new" "$old" "$(echo odd | sha256sum | cut -d ' ' -f 1)"
ok "diff --json: all of it, and exact" $?
echo odd >$'before/\xff'
create -q -o bytes.catalog --all before
expect 0 "show --json of names that are not UTF-8" "$digsig" catalog show --json --names bytes.catalog
python3 -c '
import json
text = open(".output").read()
[entry] = [entry for entry in json.loads(text[:text.rindex("]") + 1])[0]["entries"] if len(entry["names"]) == 2]
assert set(entry["names"]) == {"before/a b\\\x1b[2J", "before/\ufffd"}, entry
assert set(entry["names_hex"]) == {None, b"before/\xff".hex()}, entry'
ok "show --json: exact, or with its bytes" $?

## dpkg

mkdir -p dpkg/info
printf '/.\n%s\n%s\n%s\n' "$work/tree" "$work/tree/script" "$work/tree/gone" >dpkg/info/a.list
printf '%s\n%s\n' "$work/tree/script" "$work/tree/text" >dpkg/info/b:amd64.list
printf '%s\n%s\n:\n' "$work/tree/x" "$work/tree/deep/program" >dpkg/diversions
echo "$work/tree/lib/firmware/blob" >dpkg/info/a.md5sums
expect 0 "create --from-dpkg" env DPKG_ADMINDIR="$work/dpkg" "$digsig" catalog create --key me.key \
	-o g.catalog --from-dpkg --all
says "3 digests of 3 files" "create --from-dpkg: what is listed, and what was diverted"
says "1 that were listed are not there" "create --from-dpkg: says what is not there"
expect 1 "create --from-dpkg: no database" env DPKG_ADMINDIR="$work/none" "$digsig" catalog create \
	--key me.key -o x.catalog --from-dpkg

## sign: a list that was made elsewhere

sign() { "$digsig" catalog sign --key me.key "$@"; }
sha256sum tree/script tree/deep/program >list
expect 0 "sign" sign -o h.catalog --epoch 3 --identity org.example.host list
says "2 digests of 2 files" "sign: says how many"
expect 0 "sign: verify" verify h.catalog
expect 0 "sign: the standard input" bash -c \
	'"$0" catalog create --list tree | "$0" catalog sign -q --key me.key -o i.catalog -' "$digsig"
create -q -o j.catalog tree
expect 0 "sign: the same as create" cmp i.catalog j.catalog
expect 2 "sign: no key" "$digsig" catalog sign list
expect 2 "sign: no list" sign
expect 2 "sign: two lists" sign list list
expect 2 "sign: nothing but the list" sign --all list
expect 1 "sign: a list that is not there" sign -o x.catalog nowhere
echo "not a digest" >broken
expect 1 "sign: a list that is none" sign -o x.catalog broken
says "broken:1: not a digest and a name" "sign: says where"
expect 0 "sign: after an error there is no catalog" test ! -e x.catalog

## what cannot be done

expect 2 "create: no key" "$digsig" catalog create tree
expect 2 "create: no files" create
expect 2 "no such command" "$digsig" catalog nonsense
expect 2 "catalog alone" "$digsig" catalog
expect 2 "verify: no trust" "$digsig" catalog verify a.catalog
expect 1 "create: a folder that is not there" create -o x.catalog tree nowhere
says "nowhere" "create: names what it could not read"
expect 1 "create: nothing to put in" create -o x.catalog none
expect 1 "create: a folder as the output" create -o none tree
expect 1 "create: an output in no folder" create -o nowhere/x.catalog tree
expect 0 "create: after an error there is no catalog" test ! -e x.catalog
# Root reads every file.
ordinary=() key=me
if [[ $(id -u) -eq 0 ]]; then
	ordinary=(setpriv --reuid 65534 --regid 65534 --clear-groups)
	key=user
	chmod 755 . && cp me.key user.key && cp me.crt user.crt && chown 65534 user.key
fi
mkdir -m 777 theirs
cp tree/script tree/closed && chmod 0 tree/closed
expect 1 "create: a file that may not be read" "${ordinary[@]}" "$digsig" catalog create \
	--key $key.key -o theirs/x.catalog tree
says "tree/closed: cannot be read: Permission denied" "create: names it"
expect 0 "create: and makes no catalog" test ! -e theirs/x.catalog
rm -f tree/closed
before=$(sha256sum <a.catalog)
expect 1 "create: an error keeps the old catalog" create -o a.catalog tree nowhere
[[ $(sha256sum <a.catalog) = "$before" ]]
ok "create: byte for byte" $?

## names that sha256sum escapes, in both directions

mkdir odd
names=('plain' 'a  b ' $'new\nline' 'back\slash' $'return\r' $'all\\\n\r\\n' $'tab\tescape\e\377' '\leads')
for name in "${names[@]}"; do
	{ cat tree/script && printf '%s' "$name"; } >"odd/$name"
	chmod 755 "odd/$name"
done
(LC_ALL=C && sha256sum odd/*) >sums
expect 0 "create --list: what sha256sum prints" bash -c \
	'"$0" catalog create --list odd >listed && cmp listed sums' "$digsig"
expect 0 "create --list: sha256sum -c finds every file" sha256sum --strict -c listed
expect 0 "sign: a list of sha256sum's" sign -q -o odd.catalog sums
create -q -o same.catalog odd
expect 0 "sign: the same as create" cmp odd.catalog same.catalog
"$digsig" catalog show --names odd.catalog | grep -a '  odd/' | LC_ALL=C sort >shown
expect 0 "show --names: what sha256sum prints" cmp shown <(LC_ALL=C sort sums)
expect 0 "show --names: sha256sum -c finds every file" sha256sum --strict -c shown
sha256sum --binary odd/* | sed 's/$/\r/' >windows
expect 0 "sign: binary marks, and lines that end with a carriage return" sign -q -o same.catalog windows
expect 0 "sign: the same again" cmp odd.catalog same.catalog
printf '\\%s\\x\n' "$(sha256sum odd/plain)" >broken
expect 1 "sign: an escape that sha256sum does not have" sign -o x.catalog broken
says "broken:1: not a digest and a name" "sign: says where"
expect 0 "show --names on a terminal" script -qec "'$digsig' catalog show --names odd.catalog" /dev/null
says 'odd/tab\x09escape\x1b\xff' "show --names: what could speak to a terminal is escaped there"
expect 0 "create --list on a terminal" script -qec "'$digsig' catalog create --list odd" /dev/null
says 'odd/tab\x09escape\x1b\xff' "create --list: the same"

echo "1..$count"
