#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Shows what DigSig does: signs copies of this machine's own programs, boots Debian's newest kernel
# in a guest, and tries there, as root, to run what nobody signed.
#
#   demo.sh [BUILD]
set -euo pipefail

project=$(cd "$(dirname "$0")/.." && pwd)
build=$(cd "${1:-$project/build}" && pwd)
digsig=$build/digsig/cli/digsig
programs=(ls date id uname sha256sum)

work=$(mktemp -d "${TMPDIR:-/tmp}/kernkit-demo.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/tree/demo/unsigned" "$work/keys"
cp "$project/demo/say.sh" "$work/tree/demo/say.sh"
# The guest cannot know whether its output ends on a terminal.
[[ ! -t 1 || -n ${NO_COLOR:-} ]] || touch "$work/tree/demo/colour"
# shellcheck source=demo/say.sh
. "$work/tree/demo/say.sh"

say "On this machine: make a key, and sign copies of ${#programs[@]} of its programs."
show "digsig key new trusted"
"$digsig" key new trusted --out "$work/keys" >/dev/null
"$digsig" key new stranger --out "$work/keys" >/dev/null
for program in "${programs[@]}"; do
	cp -L "$(command -v "$program")" "$work/tree/demo/$program"
	cp "$work/tree/demo/$program" "$work/tree/demo/unsigned/$program"
done
cp "$work/tree/demo/id" "$work/tree/demo/wrong-key"
cp "$build"/tests/guest/helpers/{libintruder.so,intruder-static} "$work/tree/demo/unsigned/"
show "digsig sign --key trusted.key ${programs[*]}"
cd "$work/tree/demo"
"$digsig" sign --key "$work/keys/trusted.key" "${programs[@]}" | indent
"$digsig" sign --key "$work/keys/stranger.key" wrong-key >/dev/null
show "digsig verify --trust trusted.crt ls unsigned/ls"
"$digsig" verify --trust "$work/keys/trusted.crt" ls unsigned/ls 2>&1 | indent || true

say "The signature is inside the file. Next, Debian's stock kernel boots in a guest. All commands" \
	"below run there, as root."
options=()
for program in "${programs[@]}"; do
	options+=(--libraries "$(command -v "$program")")
done
if ! "$project/tests/guest/run" --kernel newest --build "$build" --keys "$work/keys" \
	--tree "$work/tree" "${options[@]}" --script "$project/demo/guest.sh"; then
	echo "demo: something ran that should be refused, or the other way round" >&2
	exit 1
fi
