#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What the engine costs, as ratios, in a guest with a stock kernel: starting a program whose
# verdict is cached, starting one for the first time, admitting signed files.
#
#   bench/enforcement.sh [--kernel 6.1|6.12|newest] [BUILD]
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
kernel=newest
if [[ ${1:-} = --kernel ]]; then
	kernel=$2
	shift 2
fi
build=$(realpath "${1:-$here/../build}")
digsig=$build/digsig/cli/digsig
work=$(mktemp -d "${TMPDIR:-/tmp}/kernkit-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT

mkdir -p "$work"/{keys,programs,tree/bench/admit,tree/bench/admit-nothing}
for name in trusted stranger; do
	"$digsig" key new "$name" --out "$work/keys" >/dev/null
done
openssl x509 -in "$work/keys/trusted.crt" -outform der -out "$work/tree/bench/trusted.der"

cflags=(-std=gnu17 -D_GNU_SOURCE -O2 -static)
gcc "${cflags[@]}" -o "$work/programs/exec-each" "$here/guest/exec-each.c"
gcc "${cflags[@]}" -o "$work/programs/count-io" "$here/guest/count-io.c"
gcc -std=gnu17 -D_GNU_SOURCE -O2 -I"$here/.." -o "$work/programs/signatures-alone" \
	"$here/guest/signatures-alone.c" "$here/../digsig/file/block_io.c" \
	"$here/../digsig/file/fd_source.c" "$here/../digsig/format/inspect.c" -lkeyutils -lcrypto

# Programs that end at once: a small one, and one of 4 MiB; copies differ in their identity, so
# that the engine has to judge each.
echo 'int main(void) { return 0; }' >"$work/small.c"
echo 'char ballast[4 << 20] = { 1 }; int main(void) { return 0; }' >"$work/large.c"
for size in small large; do
	gcc -O2 -static -o "$work/$size" "$work/$size.c"
	for i in $(seq 20); do
		cp "$work/$size" "$work/tree/bench/$size-$i"
		"$digsig" sign -q --key "$work/keys/trusted.key" --identity "bench.$size.$i" \
			"$work/tree/bench/$size-$i"
	done
done
# Five thousand files of a few kilobytes, no two alike.
echo 'const char number[] = "NUMBER:0000"; void _start(void) { for (;;) ; }' >"$work/tiny.c"
gcc -O2 -static -nostdlib -o "$work/tiny" "$work/tiny.c"
for i in $(seq 1000 5999); do
	LC_ALL=C sed "s/NUMBER:0000/NUMBER:$i/" "$work/tiny" >"$work/tree/bench/admit/$i"
done
"$digsig" sign -q --key "$work/keys/trusted.key" "$work"/tree/bench/admit/*

"$here/../tests/guest/run" --kernel "$kernel" --build "$build" --keys "$work/keys" \
	--tree "$work/tree" --add "$work/programs/exec-each" --add "$work/programs/count-io" \
	--add "$work/programs/signatures-alone" --add /usr/bin/sha256sum \
	--timeout 900 --script "$here/guest/enforcement.sh"
