#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# libramswap: what it exports, its headers, and the example, which plans for recorded machines. In the Test Anything
# Protocol.
#
#   ramswap-library.sh LIBRARY PROJECT
set -uo pipefail

library=$(realpath "${1:?usage: ramswap-library.sh LIBRARY PROJECT}")
project=$(realpath "${2:?usage: ramswap-library.sh LIBRARY PROJECT}")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"
roots=$project/tests/ramswap/roots

# Each function that a header declares, and nothing else.
grep -hoE '\bramswap_[a-z_]+\(' "$project"/ramswap/{ramswap,facts,plan,settings}.h | tr -d '(' | LC_ALL=C sort -u >declared
nm -D --defined-only "$library" | awk '$2 == "T" { sub(/@.*/, "", $3); print $3 }' | LC_ALL=C sort >exported
expect 0 "what the headers declare is exported, and no more" diff declared exported
expect 0 "its soname" grep -q 'SONAME.*libramswap\.so\.1$' <(objdump -p "$library")

# As installed: the headers have a folder of their own.
mkdir -p include/ramswap
cp "$project"/ramswap/{ramswap,facts,plan,settings}.h include/ramswap/
ln -s "$library" libramswap.so
ln -s "$library" libramswap.so.1
expect 0 "the example compiles against the library alone" \
	"${CC:-cc}" -std=c17 -pedantic -Wall -Wextra -Werror -Iinclude -o plan "$project/examples/ramswap.c" -L. -lramswap
echo '#include <ramswap/ramswap.h>' >alone.cc
if command -v c++ >/dev/null; then
	expect 0 "the headers are C++ too" c++ -Wall -Wextra -Werror -fsyntax-only -Iinclude alone.cc
else
	skip "the headers are C++ too" "no C++ compiler"
fi

export LD_LIBRARY_PATH=$work
expect 0 "reserved memory: there is something to set up" ./plan "$roots/reserved-7.2"
says "reserved memory pmem0: " "it is planned"
expect 1 "a container: there is not" ./plan "$roots/container"
expect 2 "a folder that is no machine" ./plan include
says "plan: /proc/meminfo: No such file or directory" "it says what is missing"
expect 2 "a folder that is not there" ./plan nowhere
echo "1..$count"
