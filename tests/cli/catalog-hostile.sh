#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Large catalogs that somebody took apart, and what cannot be taken out of an engine: a clear error
# each, soon. In the Test Anything Protocol.
#
#   catalog-hostile.sh DIGSIG
set -uo pipefail

digsig=$(realpath "${1:?usage: catalog-hostile.sh DIGSIG}")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"

# refuses CODE WORDS FILE: verify, show and diff all say so, in one line, within a minute.
refuses() {
	local code=$1 words=$2 file=$3 command got

	for command in "verify --trust me.crt" show "diff good.catalog"; do
		# shellcheck disable=SC2086 # words
		timeout 60 "$digsig" catalog $command "$file" >.output 2>&1
		got=$?
		echo "exit code $got, expected $code: $command $file" >>.output
		[[ $got -eq $code && $(wc -l <.output) -eq 2 ]] && grep -q -F "$file: " .output &&
			grep -q -F "$words" .output
		ok "${command%% *}: $file: $words" $?
	done
}

"$digsig" key new me >/dev/null
mkdir files
python3 - <<'END'
for i in range(40000):
    with open("files/%d" % i, "w") as file:
        file.write("%d\n" % i)
END
"$digsig" catalog create -q --all --key me.key -o good.catalog files >.output 2>&1
ok "create: 40,000 files" $?
"$digsig" catalog verify --trust me.crt good.catalog >.output 2>&1
grep -q "ok, 40000 digests" .output
ok "verify: in two parts" $?

python3 - <<'END'
import struct
data = open("good.catalog", "rb").read()
first_size, = struct.unpack_from("<I", data, 16)
first, rest = data[:first_size], data[first_size:]
second_size, = struct.unpack_from("<I", rest, 16)
second, names = rest[:second_size], rest[second_size:]

def write(name, *pieces):
    with open(name + ".catalog", "wb") as file:
        for piece in pieces:
            file.write(piece)

def numbered(part, number, parts):
    return part[:24] + struct.pack("<II", number, parts) + part[32:]

# A million times the same digest: within parts, and a part that is there thirty times.
digest = first[256:288]
same = first[:256] + digest * 32768 + first[256 + 32 * 32768:]
write("million", *[numbered(same, i, 31) for i in range(31)], names)
write("thirty", *[numbered(first, i, 30) for i in range(30)], names)
# One digest twice, the last two in each other's place, the first moved to the end.
at = 256 + 32 * 20000
write("twice", first[:at], first[at - 32:at], first[at + 32:], second, names)
end = 256 + 32 * 32768
write("swapped", first[:end - 64], first[end - 32:end], first[end - 64:end - 32], first[end:],
      second, names)
write("rotated", first[:256], first[288:end], digest, first[end:], second, names)
# Parts.
write("reordered", second, first, names)
write("missing", first, names)
write("doubled", first, first, second, names)
# Truncated: in the header, the digests, the CMS, between the parts, in the names, by a byte.
for name, size in ("header", 100), ("digests", 500000), ("cms", first_size - 100), \
        ("between", first_size), ("names", len(data) - 1000), ("byte", len(data) - 1):
    write("cut-" + name, data[:size])
write("longer", data, b"\0")
# Numbers that promise much.
write("count", data[:20] + struct.pack("<I", 0xffffffff) + data[24:])
write("parts", data[:28] + struct.pack("<I", 0xffffffff) + data[32:])
write("size", data[:16] + struct.pack("<I", 0xffffffc0) + data[20:])
write("zero", bytes(1 << 20))
END

for name in million twice swapped rotated; do
	refuses 68 "digests are not in ascending order, each once" $name.catalog
done
refuses 68 "not in ascending order" thirty.catalog
refuses 68 "belongs to another catalog or place" reordered.catalog
refuses 68 "not a catalog" missing.catalog
refuses 68 "belongs to another catalog or place" doubled.catalog
for name in header digests cms names byte; do
	refuses 68 "it was cut short" cut-$name.catalog
done
refuses 68 "not a catalog" cut-between.catalog
refuses 68 "something follows behind its end" longer.catalog
refuses 68 "impossible number of digests" count.catalog
refuses 68 "impossible number of digests, parts" parts.catalog
refuses 68 "the size of a part" size.catalog
refuses 68 "not a catalog" zero.catalog

## unload, without an engine

expect() {
	local code=$1 words=$2

	shift 2
	"$@" >.output 2>&1
	local got=$?
	echo "exit code $got, expected $code: $*" >>.output
	[[ $got -eq $code ]] && grep -q -F -e "$words" .output
	ok "${*:2}: $words" $?
}
expect 2 "digsig catalog unload: FILE is missing" "$digsig" catalog unload
expect 1 "cannot be read" "$digsig" catalog unload nowhere.catalog
expect 0 "unload" "$digsig" catalog unload --help
if [[ ! -e /sys/fs/bpf/digsig ]]; then
	expect 3 "digsig: " "$digsig" catalog unload -q good.catalog
	expect 3 "digsig: " "$digsig" catalog unload --force good.catalog
fi

echo "1..$count"
