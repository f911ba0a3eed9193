#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Files as bsign 0.4.5 signed them: made here byte for byte as it did, with real signatures by the real
# gpg. In the Test Anything Protocol.
#
#   legacy.sh DIGSIG
set -uo pipefail

digsig=$(realpath "${1:?usage: legacy.sh DIGSIG}")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"
export GNUPGHOME=$work/gnupg
clean_up() { gpgconf --kill all 2>/dev/null; }

legacy() { "$digsig" verify --legacy "$@"; }

# What bsign does to FILE: section names and section headers move to the end, with one section more.
# bsign.py FILE NEW [VERSION [SIZE]]: with a hash; bsign.py --signature FILE SIGNATURE: puts that in.
cat >bsign.py <<'END'
import hashlib, struct, sys

def section_of(data):
    shoff, = struct.unpack_from("<Q", data, 40)
    entry, number, _ = struct.unpack_from("<HHH", data, 58)
    for i in range(number):
        header = data[shoff + i * entry:shoff + (i + 1) * entry]
        if struct.unpack_from("<I", header, 4)[0] == 0x80736967:
            return struct.unpack_from("<Q", header, 24)[0]

def hash_file(name, new, version="0.4.5", size=512):
    data = bytearray(open(name, "rb").read())
    shoff, = struct.unpack_from("<Q", data, 40)
    entry, number, names = struct.unpack_from("<HHH", data, 58)
    headers = bytearray(data[shoff:shoff + entry * number])
    offset, length = struct.unpack_from("<QQ", headers, names * entry + 24)
    strings = data[offset:offset + length] + b"signature\0"
    data += bytes(-len(data) % 16)
    struct.pack_into("<QQ", headers, names * entry + 24, len(data), len(strings))
    data += strings + bytes(-len(strings) % 16)
    section = len(data) + entry * (number + 1)
    headers += struct.pack("<IIQQQQIIQQ", length, 0x80736967, 0, 0, section, size, 0, 0, 1, 0)
    struct.pack_into("<Q", data, 40, len(data))
    struct.pack_into("<H", data, 60, number + 1)
    data += headers + bytes(size)
    line = b"#1; bsign v" + version.encode("latin-1") + b"\n"
    statement = line + hashlib.sha1(data).digest()
    data[section:section + len(statement)] = statement
    open(new, "wb").write(data)
    open(new + ".statement", "wb").write(statement)

def put_signature(name, signature):
    data = bytearray(open(name, "rb").read())
    signed = open(signature, "rb").read()
    at = section_of(data) + len("#1; bsign v0.4.5\n") + 20
    data[at:at + 2 + len(signed)] = struct.pack(">H", len(signed)) + signed
    open(name, "wb").write(data)

if sys.argv[1] == "--signature":
    put_signature(sys.argv[2], sys.argv[3])
elif sys.argv[1] == "--offset":
    print(section_of(open(sys.argv[2], "rb").read()))
else:
    hash_file(sys.argv[1], sys.argv[2], *sys.argv[3:4], *map(int, sys.argv[4:5]))
END

"$digsig" key new me >/dev/null
mkdir -m 700 gnupg
for who in packager stranger; do
	gpg -q --batch --passphrase '' --quick-generate-key "$who@example.org" rsa2048 sign never 2>/dev/null
	gpg -q --export "$who@example.org" >$who.gpg
done
cp /bin/true plain
python3 bsign.py plain hashed
cp hashed signed
gpg -q --batch -u packager@example.org --detach-sign -o signature hashed.statement
python3 bsign.py --signature signed signature
chmod 755 hashed signed
expect 0 "a file as bsign makes it runs" ./signed
readelf -S -W signed >.output 2>&1
says " signature " "and has the section"

## verify --legacy

expect 64 "nothing from bsign" legacy plain
says "plain: no section of bsign's" "nothing from bsign: says so"
expect 65 "a hash alone" legacy hashed
says "hashed: legacy, by bsign 0.4.5: its SHA-1 is that of the file; nobody signed it" "a hash alone: says so"
expect 67 "signed, and not checked" legacy signed
says "was not checked" "signed, and not checked: says so"
expect 0 "signed by the packager" legacy --keyring packager.gpg signed
says "gpgv finds its OpenPGP signature good" "signed by the packager: says so"
expect 67 "not by a stranger" legacy --keyring stranger.gpg signed
says "not in the keyring" "not by a stranger: says so"
expect 1 "a keyring that is not there" legacy --keyring nowhere.gpg signed
for region in 100 $(($(stat -c %s signed) - 900)); do
	cp signed changed
	printf '%b' "$(printf '\\x%02x' $(($(od -An -tu1 -j "$region" -N 1 signed) ^ 1)))" |
		dd of=changed bs=1 seek="$region" conv=notrunc status=none
	expect 66 "a bit changed at $region" legacy --keyring packager.gpg changed
done
{ cat signed && echo; } >changed
expect 66 "something appended" legacy --keyring packager.gpg changed
at=$(python3 bsign.py --offset signed)
cp signed changed
printf 'X' | dd of=changed bs=1 seek=$((at + 100)) conv=notrunc status=none
expect 67 "the signature changed" legacy --keyring packager.gpg changed
expect 67 "several files: the first that is not good" legacy --keyring packager.gpg signed changed hashed

## never trusted

expect 65 "verify: unsigned" "$digsig" verify --trust me.crt signed
expect 65 "check: would be denied" "$digsig" check --trust me.crt signed
expect 65 "show: unsigned" "$digsig" show signed
says "legacy:    by bsign 0.4.5, never trusted: its SHA-1 is that of the file" "show: tells it"
expect 65 "show: a plain file" "$digsig" show plain
says_not "legacy" "show: a plain file has none"
expect 65 "show --json" "$digsig" show --json signed hashed
says '"sha1_fits":true' "show --json: tells it"
says '"version":"0.4.5"' "show --json: the version"
expect 2 "no --trust with it" legacy --trust me.crt signed
expect 2 "no --keyring without it" "$digsig" verify --trust me.crt --keyring packager.gpg signed
expect 2 "no file" legacy

## signed again

cp signed both
expect 0 "sign" "$digsig" sign --key me.key both
expect 0 "sign: good" "$digsig" verify --trust me.crt both
expect 0 "sign: runs" ./both
expect 66 "sign: bsign's hash does not fit any more" legacy --keyring packager.gpg both
expect 0 "show: a good signature" "$digsig" show --trust me.crt both
says_not "legacy" "show: of a signed file, that one"
expect 0 "strip" "$digsig" strip both
expect 0 "strip: byte for byte" cmp both signed
expect 0 "strip: good again, by bsign" legacy --keyring packager.gpg both

## what only looks like it

python3 bsign.py plain other "0.4.5" 256
expect 64 "another size: somebody else's section" legacy other
python3 bsign.py plain other "$(printf 'v%.0s' {1..40})"
expect 64 "a version without end" legacy other
python3 bsign.py plain other "$(printf '1\e[2J')"
expect 64 "a version that speaks to the terminal" legacy other
cp signed other
printf '\xff\xff' | dd of=other bs=1 seek=$((at + 37)) conv=notrunc status=none
expect 64 "a signature larger than its section" legacy other
head -c $((at + 300)) signed >other
expect 64 "cut short" legacy other
expect 64 "no ELF file" legacy me.crt
expect 68 "a folder" legacy gnupg
: >empty
expect 64 "an empty file" legacy empty

## by hand, as docs/signature-format.md has it

objcopy -O binary --dump-section signature=section signed /dev/null
head -c $((17 + 20)) section >statement
tail -c +$((17 + 20 + 2 + 1)) section |
	head -c "$(od -An -tu2 --endian=big -j 37 -N 2 section | tr -d ' ')" >section.sig
expect 0 "gpg says the same" gpg --verify section.sig statement

echo "1..$count"
