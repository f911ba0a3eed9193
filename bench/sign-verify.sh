#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What signing and verifying cost beyond hashing: a file of 1 GiB against openssl dgst -sha256, and
# 1,000 small files in one process. The best of several rounds counts, the rounds taking turns, so
# that other work on the machine disturbs both sides alike.
#
#   bench/sign-verify.sh DIGSIG [FOLDER]    FOLDER: on a disk with 4 GiB of room (default: .)
set -euo pipefail

digsig=$(realpath "${1:?usage: sign-verify.sh DIGSIG [FOLDER]}")
work=$(mktemp -d "$(realpath "${2:-.}")/digsig-bench-XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
rounds=${ROUNDS:-5}

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

peak_memory() {
	/usr/bin/time -f %M "$@" 2>&1 >/dev/null | tail -n 1
}

"$digsig" key new bench >/dev/null

# An ELF file whose one big section nobody loads, and which does not compress.
head -c 1073741824 /dev/urandom >blob
cp /bin/true plain
objcopy --add-section .blob=blob plain large 2>/dev/null
rm blob

for ((i = 0; i < rounds; i++)); do
	cp --reflink=never large signed
	sync
	cat signed >/dev/null
	best openssl openssl dgst -sha256 signed
	best sign "$digsig" sign -q --key bench.key signed
	cat signed >/dev/null
	best openssl openssl dgst -sha256 signed
	best verify "$digsig" verify -q --trust bench.crt signed
done
cp --reflink=never large signed
sign_memory=$(peak_memory "$digsig" sign -q --key bench.key signed)
verify_memory=$(peak_memory "$digsig" verify -q --trust bench.crt signed)

mkdir small
for ((i = 0; i < 1000; i++)); do
	cp plain small/$i
done
best small_sign "$digsig" sign -q --key bench.key small/*
for ((i = 0; i < rounds; i++)); do
	best small_hash openssl dgst -sha256 small/*
	best small_verify "$digsig" verify -q --trust bench.crt small/*
done

awk -v openssl="${best[openssl]}" -v sign="${best[sign]}" -v verify="${best[verify]}" \
	-v hash="${best[small_hash]}" -v small="${best[small_verify]}" \
	-v small_sign="${best[small_sign]}" -v memory="$sign_memory $verify_memory" 'BEGIN {
	split(memory, kib, " ")
	printf "openssl dgst -sha256, 1 GiB:      %.2f s\n", openssl / 1e6
	printf "sign, 1 GiB:                      %.2f s, %.2f of its bandwidth, %.1f MiB\n", \
		sign / 1e6, openssl / sign, kib[1] / 1024
	printf "verify, 1 GiB:                    %.2f s, %.2f of its bandwidth, %.1f MiB\n", \
		verify / 1e6, openssl / verify, kib[2] / 1024
	printf "openssl dgst -sha256, 1,000 files: %.3f ms each\n", hash / 1e6
	printf "verify, 1,000 files:               %.3f ms each, %.3f ms beyond hashing\n", \
		small / 1e6, (small - hash) / 1e6
	printf "sign, 1,000 files:                 %.3f ms each, synced to the disk\n", \
		small_sign / 1e6
}'
