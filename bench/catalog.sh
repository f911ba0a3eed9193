#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What catalogs cost: making one of a tree against hashing it with sha256sum on as many processors;
# and in a guest, loading 100,000 digests, and the memory of 250,000.
#
#   bench/catalog.sh [--kernel 6.1|6.12|newest] [--tree DIR] [BUILD]
#
# Needs 2 GiB and 250,000 inodes in TMPDIR for a while. DIR is /usr by default; ROUNDS are three.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
kernel=newest
tree=/usr
while [[ ${1:-} == --* ]]; do
	case $1 in
	--kernel) kernel=$2 ;;
	--tree) tree=$2 ;;
	*) echo "catalog.sh: $1: no such option" >&2 && exit 2 ;;
	esac
	shift 2
done
build=$(realpath "${1:-$here/../build}")
digsig=$build/digsig/cli/digsig
work=$(mktemp -d "${TMPDIR:-/tmp}/kernkit-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
export TIMEFORMAT=%R

mkdir -p "$work"/{keys,programs,files,tree/bench}
for name in trusted stranger; do
	"$digsig" key new "$name" --out "$work/keys" >/dev/null
done

# In turn, after a round that brings the tree into memory.
cpus=$(nproc)
find "$tree" -xdev -type f -print0 | xargs -0 -r cat >/dev/null 2>&1 || true
for round in $(seq "${ROUNDS:-3}"); do
	ours=$( { time "$digsig" catalog create -q --key "$work/keys/trusted.key" --all \
		-o "$work/all.catalog" "$tree"; } 2>&1)
	theirs=$( { time find "$tree" -xdev -type f -print0 |
		xargs -0 -n 64 -P "$cpus" sha256sum >/dev/null; } 2>&1)
	echo "round $round: catalog create --all $tree $ours s, xargs -P$cpus sha256sum $theirs s"
done
"$digsig" catalog show "$work/all.catalog" | sed -n 2p

# A quarter of a million files, no two alike: 100,000, and the others.
mkdir "$work/files/a" "$work/files/b"
(cd "$work/files/a" && seq 100000 | split -l 1 -a 6 -d -)
(cd "$work/files/b" && seq 100001 250000 | split -l 1 -a 6 -d -)
catalog_of() {
	local name=$1

	shift
	(cd "$work/files" && "$digsig" catalog create -q --key "$work/keys/trusted.key" --all \
		-o "$work/tree/bench/$name.catalog" "$@")
}
catalog_of 100000 a
catalog_of 250000 a b
rm -rf "$work/files"

cflags=(-std=gnu17 -D_GNU_SOURCE -O2 -static)
gcc "${cflags[@]}" -o "$work/programs/map-memory" "$here/guest/map-memory.c"
gcc "${cflags[@]}" -o "$work/programs/count-io" "$here/guest/count-io.c"

"$here/../tests/guest/run" --kernel "$kernel" --build "$build" --keys "$work/keys" \
	--tree "$work/tree" --add "$work/programs/map-memory" --add "$work/programs/count-io" \
	--timeout 900 --script "$here/guest/catalog.sh"
