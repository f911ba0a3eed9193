#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Detached signatures, FILE.digsig, on real files. In the Test Anything Protocol.
#
#   detached.sh DIGSIG
set -uo pipefail

digsig=$(realpath "${1:?usage: detached.sh DIGSIG}")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"

sign() { "$digsig" sign --detached --key me.key "$@"; }
verify() { "$digsig" verify --trust me.crt "$@"; }

"$digsig" key new me >/dev/null
"$digsig" key new other >/dev/null
mkdir files
printf '#!/bin/sh\necho hello\n' >files/script && chmod 755 files/script
printf 'blob' >files/firmware.bin
: >files/empty
cp files/script before

## sign

expect 0 "sign --detached" sign files/script files/firmware.bin files/empty
says "files/script: signed, in files/script.digsig" "sign: says where"
expect 0 "sign: the file is as it was" cmp files/script before
expect 0 "verify" verify files/script files/firmware.bin files/empty
says "files/script: ok, by files/script.digsig" "verify: says what made it ok"
expect 0 "verify: from within the folder" env -C files "$digsig" verify --trust ../me.crt script
says "script: ok, by script.digsig" "verify: FILE.digsig as the user would name it"
expect 0 "it is a catalog" "$digsig" catalog verify --trust me.crt files/script.digsig
says "1 digests" "it is a catalog: of one"
expect 0 "it serves as --catalog, wherever it is" "$digsig" verify --trust me.crt \
	--catalog files/script.digsig before
# What any tool can say of its CMS: the signed bytes are the first 320.
size=$(python3 -c '
import struct, sys
data = open("files/script.digsig", "rb").read()
part = struct.unpack_from("<I", data, 16)[0]
cms = struct.unpack_from("<I", data, part - 64 + 16)[0]
open("signed", "wb").write(data[:320])
open("cms", "wb").write(data[320:320 + cms])
print(data[256:288].hex())')
[[ $size == "$(sha256sum <files/script | cut -d ' ' -f 1)" ]]
ok "the digest in it is that of sha256sum" $?
expect 0 "openssl verifies it" openssl cms -verify -binary -inform DER -in cms -content signed \
	-certfile me.crt -CAfile me.crt -purpose any -out /dev/null
SOURCE_DATE_EPOCH=1000000000 sign -q files/script && cp files/script.digsig once
SOURCE_DATE_EPOCH=1000000000 "$digsig" sign --detached -q --key me.key "$work/files/script"
expect 0 "the same file and time, the same bytes, whatever the folder" cmp once files/script.digsig
[[ $(stat -c %a files/script.digsig) == 644 ]]
ok "sign: mode 644" $?
expect 0 "sign: identity and epoch" sign -q --identity org.example.script --epoch 7 files/script
expect 0 "show" "$digsig" show files/script.digsig
says "org.example.script" "show: the identity"
says "epoch:     7" "show: the epoch"
says "$(sha256sum <files/script | cut -d ' ' -f 1)  script" "show: what it is of"
says "intact" "show: without trust, intact"
expect 0 "show --trust" "$digsig" show --trust me.crt files/script.digsig
says "files/script.digsig: ok" "show --trust: ok"
expect 67 "show --trust: a stranger's" "$digsig" show --trust other.crt files/script.digsig
expect 0 "show --json" "$digsig" show --json files/script.digsig
says '"identity":"org.example.script"' "show --json: the same"

## what FILE.digsig does not vouch for

cp files/script changed && cp files/script.digsig changed.digsig && echo : >>changed
expect 66 "verify: a changed file" verify changed
says "changed.digsig is of another file" "verify: says that it is of another file"
expect 67 "verify: a stranger's" "$digsig" verify --trust other.crt files/script
says "unknownkey" "verify: says that the key is unknown"
says "files/script.digsig is not good" "verify: says which file is not good"
expect 65 "verify: none" verify before
cp before cut
head -c 300 files/script.digsig >cut.digsig
expect 68 "verify: cut short at the front" verify cut
says "not a detached signature" "verify: says so"
head -c 800 files/script.digsig >cut.digsig
expect 68 "verify: cut short" verify cut
says "cut short" "verify: says that it was cut short"
for offset in 40 257 330; do
	cp files/script.digsig cut.digsig
	printf '%b' "$(printf '\\x%02x' $(($(od -An -tu1 -j $offset -N 1 cut.digsig) ^ 1)))" |
		dd of=cut.digsig bs=1 seek=$offset conv=notrunc status=none
	verify cut >.output 2>&1
	[[ $? -ge 66 ]]
	ok "verify: a bit changed at $offset" $?
done
"$digsig" catalog create -q --all --key me.key -o cut.digsig cut before files
expect 68 "verify: a catalog of several files is none" verify cut
rm cut.digsig && mkfifo cut.digsig
expect 65 "verify: a FIFO in its place does not hang" timeout 20 "$digsig" verify --trust me.crt before
timeout 20 "$digsig" verify --trust me.crt cut >.output 2>&1
[[ $? -ge 65 && $? -ne 124 ]]
ok "verify: a FIFO is no signature" $?
rm cut.digsig

## with a block

cp /bin/true tool && cp /bin/true tool2
sign -q tool && "$digsig" sign -q --key me.key tool2
expect 0 "verify: a program by FILE.digsig" verify tool
says "ok, by tool.digsig" "verify: a program: says so"
sign -q tool2 && printf 'x' >tool2.digsig
expect 0 "verify: a good block needs no FILE.digsig" verify tool2
says_not "tool2.digsig" "verify: a good block decides alone"
cp tool2 tool3 && printf 'X' | dd of=tool3 bs=1 seek=100 conv=notrunc status=none
expect 66 "sign: a tampered block" sign tool3
says "tool3: it was changed after it was signed" "sign: a tampered block: says so"
expect 1 "sign: a tampered block: nothing is written" test -e tool3.digsig
sign -q --force tool3
expect 0 "verify: a bad block, as the kernel has it: the digest is trusted" verify tool3
rm tool3.digsig
expect 66 "verify: a bad block alone" verify tool3

## check, learn

mkdir tree
printf '#!/bin/sh\n' >tree/good && printf '#!/bin/sh\nexit 1\n' >tree/bad
cp /bin/true tree/program
chmod 755 tree/*
sign -q tree/good tree/program
expect 65 "check" "$digsig" check --trust me.crt --list=catalog tree
says "tree/bad" "check: the script without a signature"
says_not "tree/good" "check: not the one that has one"
expect 65 "check --list" "$digsig" check --trust me.crt --list tree
says_not "tree/program" "check: not the program that has one"
sign -q tree/bad
expect 0 "check: all of it is signed" "$digsig" check --trust me.crt tree
expect 65 "check: but not by a stranger" "$digsig" check --trust other.crt tree
echo : >>tree/bad
expect 65 "check: a changed script" "$digsig" check --trust me.crt --list=catalog tree
says "tree/bad" "check: names the changed script"
printf '{"time":"2026-01-01T00:00:00.000000Z","action":"allowed","hook":"exec","verdict":"unsigned","path":"%s","path_cut":false,"pid":1,"ppid":1,"uid":0,"comm":"sh","digest":"%s","lost_before":0}\n' \
	"$work/tree/good" "$(sha256sum <tree/good | cut -d ' ' -f 1)" >log
expect 0 "learn" "$digsig" learn --trust me.crt log
says_not "tree/good" "learn: leaves out what has been signed since"

## what cannot be done

expect 68 "sign: a signature" sign files/script.digsig
says "itself a detached signature" "sign: says that it is one"
expect 68 "sign: a folder" sign files
expect 1 "sign: not there" sign nowhere
expect 0 "sign: nothing is left of that" test ! -e nowhere.digsig
expect 2 "sign: --wx" sign --wx files/script
expect 2 "sign: --break-links" sign --break-links files/script
expect 2 "sign: no key" "$digsig" sign --detached files/script
mkdir blocked blocked/file.digsig && echo x >blocked/file
expect 70 "sign: a folder in its place" sign blocked/file
ln -s ../before files/link
expect 70 "sign: a link out of its folder" sign files/link
says "leads out of its folder" "sign: a link out of its folder: says so"
expect 0 "sign: a link out of its folder: there is no signature" test ! -e files/link.digsig
expect 0 "sign: by a symbolic link" sign --allow-outside-links files/link
expect 0 "verify: by a symbolic link" verify files/link
expect 3 "admit: no engine" "$digsig" admit files/script
expect 0 "nothing half-written is left" test -z "$(find . -name '.*.kernkit-*')"

# Many, in one go.
mkdir many
for i in {1..200}; do echo "$i" >"many/$i"; done
expect 0 "sign: 200 files" sign -q many/*
expect 0 "verify: 200 files" verify -q $(seq -f many/%.0f 200)

echo "1..$count"
