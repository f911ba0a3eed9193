#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# prefetch explain beside scripts/decodecode of the kernel tree: the same faulting instruction on each line "Code:". In the
# Test Anything Protocol.
#
#   prefetch-decodecode.sh PREFETCH FAULTER
#
# decodecode is what DECODECODE names, or that of a kernel tree on this machine, or the one that tests/guest/prefetch-patch has
# kept. Without any, all is skipped.
set -uo pipefail

usage='usage: prefetch-decodecode.sh PREFETCH FAULTER'
prefetch=$(realpath "${1:?$usage}")
faulter=$(realpath "${2:?$usage}")
here=$(dirname "$(realpath "$0")")
# shellcheck source=tests/lib/tap.sh
. "$here/../lib/tap.sh"

cache=${KERNKIT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kernkit}
peer=${DECODECODE:-}
for place in "/lib/modules/$(uname -r)"/{source,build}/scripts/decodecode /usr/src/linux*/scripts/decodecode \
	"$cache"/patched/*/decodecode; do
	[[ -n $peer || ! -f $place ]] || peer=$place
done

# compare NAME LOG...
compare() {
	local name=$1

	shift
	"$here/../prefetch/compare-decodecode" "$prefetch" "$peer" "$@" >.output 2>errors
	ok "$name" $?
}

if [[ -z $peer ]]; then
	skip "explain: as decodecode" "no decodecode: DECODECODE names one, or tests/guest/prefetch-patch fetches it"
elif ! command -v objdump >/dev/null || ! command -v python3 >/dev/null; then
	skip "explain: as decodecode" "no objdump, or no python3"
else
	compare "explain: oopses: the same instructions as decodecode" "$here"/../fuzz/corpus/faultlog/*
	# A program that has prefetches and is there everywhere: its own experiment.
	printf '%s\n' 'prefetcht0 (%rax); prefetchw 0x10(%rbx,%rcx,8); prefetchnta %gs:8(%r12); lock incl (%rdx); prefetcht1 -4(%rbp)' \
		'movzbl (%rax), %eax; prefetcht2 0x12345(%rip); nopl (%rax); prefetch (%rsi); xorl %eax, %eax; ret' |
		sed '1s/^/.rept 6; nop; nop; nop; nop; nop; nop; nop; nop; .endr\n/' | as -o code.o -
	"$here/../prefetch/code-lines" code.o 12 >prefetches
	compare "explain: prefetches: the same instructions as decodecode" prefetches
	"$here/../prefetch/code-lines" "$faulter" 12 >others
	compare "explain: a program's code: the same instructions as decodecode" others
fi
echo "1..$count"
