#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# ramswap sources on recorded machines, whose right answer is in the file expected.sources of each. In the Test Anything
# Protocol.
#
#   ramswap-sources.sh RAMSWAP ROOTS
#   UPDATE=yes   writes those files anew, to be looked at
set -uo pipefail

ramswap=$(realpath "${1:?usage: ramswap-sources.sh RAMSWAP ROOTS}")
roots=$(realpath "${2:?usage: ramswap-sources.sh RAMSWAP ROOTS}")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"

# --- usage
expect 2 "an argument" "$ramswap" sources zram0
expect 2 "a column that is not there" "$ramswap" sources -o COLOUR
expect 2 "--root without a folder" "$ramswap" sources --root
expect 3 "a folder that is not there" "$ramswap" sources --root nowhere
says "ramswap: nowhere: No such file or directory" "it says so"
mkdir empty
expect 3 "a folder that is no machine" "$ramswap" sources --root empty
says "ramswap: /proc/meminfo: No such file or directory" "it says what is missing"
touch file
expect 3 "a file" "$ramswap" sources --root file
expect 0 "help" "$ramswap" sources --help
expect 0 "this machine" "$ramswap" sources

# --- recorded machines
for root in "$roots"/*/; do
	root=${root%/}
	name=${root##*/}
	[[ -z ${UPDATE-} ]] || "$ramswap" sources --root "$root" >"$root/expected.sources"
	"$ramswap" sources --root "$root" 2>&1 | diff "$root/expected.sources" - >.output 2>&1
	ok "$name" $?
done

# Each line of JSON says what the table says.
for name in reserved-7.2 nvdimm-devdax soft-reserved far-7.2; do
	"$ramswap" sources --json --root "$roots/$name" >"$name.json"
	"$ramswap" sources -n -r -o SOURCE,KIND,USE,CODE --root "$roots/$name" >"$name.raw"
	python3 - "$name.json" >"$name.said" 2>.output <<'END'
import json, sys
for line in open(sys.argv[1]):
	row = json.loads(line)
	print(row["source"], row["kind"], row["use"], row["code"])
END
	diff "$name.raw" "$name.said" >>.output 2>&1
	ok "--json: $name" $?
done
python3 - >.output 2>&1 <<'END'
import json
rows = {row["source"]: row for row in map(json.loads, open("reserved-7.2.json"))}
numbers = ("size", "node", "distance", "tier")
assert [rows["pmem0"][name] for name in numbers] == [314572800, 0, 10, 4], rows
assert [rows["zram"][name] for name in numbers] == [None] * 4, rows
END
ok "--json: numbers, and null for what is not known" $?

# --- links of a recorded machine lead to what is recorded
mkdir -p outside/block/pmem0
cp -a "$roots/reserved-7.2" linked
rm -r linked/sys/block
ln -s "$work/outside/block" linked/sys/block
echo 614400 >outside/block/pmem0/size
expect 0 "a link out of the folder" "$ramswap" sources --root linked
matches_not "^pmem0 " "it leads nowhere"
ln -sfn /sys/devices linked/sys/block
mkdir -p linked/sys/devices/pmem7
echo 614400 >linked/sys/devices/pmem7/size
expect 0 "a link with a slash in front" "$ramswap" sources --root linked
matches "^pmem7 .* what is on it is not known$" "it stays below"

# --- hostile text is shown safely
cp -a "$roots/nvdimm-7.2" hostile
printf '\033[31m\n' >"$(find hostile/sys/devices -path '*namespace0.0/mode')"
printf 'a\033]0;b\n' >"$(dirname "$(find hostile/sys/devices -path '*namespace0.0/mode')")/alt_name"
"$ramswap" sources --root hostile >.output 2>&1
! grep -q $'\033' .output
ok "escapes in a namespace's name" $?
says 'it is called "a\x1b]0;b"' "they are shown"

echo "1..$count"
