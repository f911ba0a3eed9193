#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What signing whole trees costs: sign -r of large files against sha256sum of them on as many
# processors; of 2,000 small files against what openssl speed says that the key can do; and
# both against evmctl ima_sign -r. The best of several rounds counts, the rounds taking turns.
#
#   bench/trees.sh DIGSIG [FOLDER]    FOLDER: with 3 GiB of room (default: .)
#   ROUNDS=3 SIZE=1024 JOBS=...       rounds; MiB of large files; -j
set -euo pipefail

digsig=$(realpath "${1:?usage: trees.sh DIGSIG [FOLDER]}")
work=$(mktemp -d "$(realpath "${2:-.}")/digsig-bench-XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
rounds=${ROUNDS:-3}
size=${SIZE:-1024}
processors=$(nproc)
jobs=(${JOBS:+-j "$JOBS"})

# best NAME COMMAND...: times a command; keeps the shortest in best[NAME], in microseconds.
declare -A best
best() {
	local name=$1 start end

	shift
	start=${EPOCHREALTIME/./}
	"$@" >/dev/null
	end=${EPOCHREALTIME/./}
	if [[ -z ${best[$name]:-} || $((end - start)) -lt ${best[$name]} ]]; then
		best[$name]=$((end - start))
	fi
}

hash_all() { find "$1" -type f -print0 | xargs -0 -P "$processors" -n "$2" sha256sum; }
sign_all() { "$digsig" sign -r -q --force "${jobs[@]}" --key "$1.key" "$2"; }
# It goes into each folder, so the key needs its whole path; and it ends with 0 also if it fails.
evm_all() { evmctl ima_sign -r -t f -a sha256 --key "$work/rsa.key" "$1" 2>/dev/null; }
is_evm_signed() { [[ $(getfattr -n security.ima -e hex --only-values "$1" | wc -c) -gt 300 ]]; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }

# speed ALGORITHM: signatures a second, on all processors, by openssl.
speed() {
	openssl speed -seconds 2 -multi "$processors" "$1" 2>/dev/null | tail -n 1 |
		awk '{ print int($(NF - 1)) }'
}

"$digsig" key new rsa >/dev/null
"$digsig" key new ecdsa --algo ecdsa-p256 >/dev/null

mkdir large small
cp /bin/true plain
for i in 1 2 3 4 5 6 7 8; do
	head -c "$((size / 8))M" /dev/urandom >blob
	objcopy --add-section .blob=blob plain "large/$i" 2>/dev/null
done
rm blob
for ((i = 0; i < 2000; i++)); do
	mkdir -p "small/$((i % 20))"
	cp plain "small/$((i % 20))/$i"
done
sync

has_evmctl=
command -v evmctl >/dev/null && setfattr -n security.ima -v 0x00 plain 2>/dev/null && has_evmctl=yes
for ((i = 0; i < rounds; i++)); do
	cat large/* >/dev/null
	best hash hash_all large 1
	best sign sign_all rsa large
	cat large/* >/dev/null
	if [[ $has_evmctl ]]; then
		best evm_large evm_all large
		best evm_small evm_all small
		is_evm_signed large/1 && is_evm_signed small/0/0
	fi
	for key in rsa ecdsa; do
		algorithm=rsa3072
		[[ $key == ecdsa ]] && algorithm=ecdsap256
		now=$(speed "$algorithm")
		[[ $now -gt ${best[speed_$key]:-0} ]] && best[speed_$key]=$now
		best "small_$key" sign_all "$key" small
	done
done

echo "sign -r, $size MiB in 8 files, of the bandwidth of sha256sum -P$processors: $(ratio "${best[hash]}" "${best[sign]}")"
for key in rsa ecdsa; do
	per_second=$(ratio 2000000000 "${best[small_$key]}")
	echo "sign -r, 2,000 small files, $key: $per_second a second," \
		"of openssl speed -multi $processors (${best[speed_$key]}): $(ratio "$per_second" "${best[speed_$key]}")"
done
if [[ $has_evmctl ]]; then
	echo "evmctl ima_sign -r of sign -r, time, large: $(ratio "${best[evm_large]}" "${best[sign]}")"
	echo "evmctl ima_sign -r of sign -r, time, small, rsa: $(ratio "${best[evm_small]}" "${best[small_rsa]}")"
else
	echo "evmctl: not measured: no ima-evm-utils, or security.ima cannot be written here"
fi
