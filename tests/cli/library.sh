#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# libdigsig as it is installed: what it exports, and a program that is compiled with pkg-config
# against it alone. In the Test Anything Protocol.
#
#   library.sh DIGSIG PROJECT BUILD
set -uo pipefail

digsig=$(realpath "${1:?usage: library.sh DIGSIG PROJECT BUILD}")
project=$(realpath "${2:?usage: library.sh DIGSIG PROJECT BUILD}")
build=$(realpath "${3:?usage: library.sh DIGSIG PROJECT BUILD}")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"

expect 0 "meson install" env DESTDIR="$work/root" meson install -C "$build" --no-rebuild
library=$(find root -name libdigsig.so.1.0.0)
libdir=$work/$(dirname "$library")
header=$(find root -path '*/include/digsig/digsig.h')
page=$(find root -name libdigsig.3)

# An ABI is kept: to remove or change a line is to break programs. New functions add to the list.
expect 0 "exported are the kept symbols, no others" diff "$project/tests/cli/libdigsig.symbols" <(
	nm -D --defined-only "$library" | awk '{ print $2, $3 }' | LC_ALL=C sort)
expect 0 "its soname" grep -q 'SONAME.*libdigsig\.so\.1$' <(objdump -p "$library")
functions=$(grep -o -E '\bdigsig_[a-z_]+\(' "$header" | tr -d '(' | LC_ALL=C sort -u)
expect 0 "the header declares what is exported" diff <(echo "$functions") <(
	sed -n 's/^T \(.*\)@@LIBDIGSIG_1$/\1/p' "$project/tests/cli/libdigsig.symbols")
expect 0 "libdigsig(3) has every function" diff <(echo "$functions") <(
	sed -n '/^\.Sh SYNOPSIS/,/^\.Sh DESC/s/^\.Fn \(digsig_[a-z_]*\).*/\1/p' "$page" | LC_ALL=C sort)

export PKG_CONFIG_SYSROOT_DIR=$work/root PKG_CONFIG_LIBDIR=$libdir/pkgconfig
export PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 PKG_CONFIG_ALLOW_SYSTEM_LIBS=1
expect 0 "pkg-config knows digsig" pkg-config --print-errors --exists 'digsig >= 0.1'
read -ra flags < <(pkg-config --cflags --libs digsig)
cp "$project/examples/verify.c" .
expect 0 "the example compiles against the installed library alone" \
	"${CC:-cc}" -std=c17 -pedantic -Wall -Wextra -Werror -o example verify.c "${flags[@]}"
echo '#include <digsig/digsig.h>' >alone.cc
if command -v c++ >/dev/null; then
	read -ra include < <(pkg-config --cflags digsig)
	expect 0 "the header is C++ too" c++ -Wall -Wextra -Werror -fsyntax-only "${include[@]}" \
		alone.cc
else
	skip "the header is C++ too" "no C++ compiler"
fi
expect 0 "it needs libdigsig.so.1" grep -q 'NEEDED.*libdigsig\.so\.1$' <(objdump -p example)
expect 1 "and not libcrypto itself" grep -q 'NEEDED.*libcrypto' <(objdump -p example)

export LD_LIBRARY_PATH=$libdir
"$digsig" key new me >/dev/null
"$digsig" key new other >/dev/null
cp /bin/true signed
cp /bin/true unsigned
"$digsig" sign -q --key me.key --identity org.example.tool --epoch 3 signed
cp signed tampered
printf 'x' | dd of=tampered bs=1 seek=4000 conv=notrunc status=none
expect 0 "verify: a signed file" ./example me.crt signed
says "signed: ok: every byte is what a trusted key signed" "verify: says so"
says "epoch 3, signed at " "verify: what the block says"
expect 0 "verify: trust of a folder" ./example . signed
expect 1 "verify: another key" ./example other.crt signed
says "signed: unknownkey: " "another key: in words"
expect 1 "verify: a changed byte" ./example me.crt tampered
says "tampered: tampered: " "a changed byte: in words"
expect 1 "verify: no signature" ./example me.crt unsigned
says "unsigned: unsigned: " "no signature: in words"
expect 2 "verify: a folder" ./example me.crt .
says "verify: .: not a regular file" "a folder: in words"
expect 2 "verify: nothing there" ./example me.crt none
expect 2 "verify: no certificate" ./example signed signed
says "verify: signed: not a certificate" "no certificate: in words"

echo "1..$count"
