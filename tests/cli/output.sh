#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What a command prints and cannot write is an error: an exit code and a line on stderr, for each
# subcommand of digsig that prints, and for the other commands. A closed descriptor and a file size
# limit are errors too. In the Test Anything Protocol.
#
#   output.sh DIGSIG DIGSIGD KEVENTS SLABTOP PTCHECK NETCON [PREFETCH]    the commands to test
# Some commands are for another shell to expand.
# shellcheck disable=SC2016
set -uo pipefail

usage='usage: output.sh DIGSIG DIGSIGD KEVENTS SLABTOP PTCHECK NETCON [PREFETCH]'
digsig=$(realpath "${1:?$usage}")
digsigd=$(realpath "${2:?$usage}")
kevents=$(realpath "${3:?$usage}")
slabtop=$(realpath "${4:?$usage}")
ptcheck=$(realpath "${5:?$usage}")
netcon=$(realpath "${6:?$usage}")
prefetch=${7:+$(realpath "$7")}
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"

# full NAME ARGUMENT...: with a standard output that is full.
full() {
	local name=$1 status

	shift
	"$digsig" "$@" >/dev/full 2>.output </dev/null
	status=$?
	echo "exit code $status" >>.output
	ok "$name: exit code 1 on a full output" $((status != 1))
	says "digsig: standard output cannot be written" "$name: says so"
}

"$digsig" key new me --algo ecdsa-p256 >/dev/null
cp /bin/true plain && cp plain good && "$digsig" sign -q --key me.key good
mkdir tree && cp plain tree
"$digsig" catalog create -q --key me.key -o a.catalog plain
"$digsig" catalog create -q --key me.key -o b.catalog good --all

full --version --version
full --help --help
for subcommand in $("$digsig" --help | sed -n 's/^  \([a-z][a-z]*\)  *.*/\1/p'); do
	full "$subcommand --help" "$subcommand" --help
done
full verify verify --trust me.crt good
full "verify, unsigned" verify --trust me.crt plain
full "verify -r" verify -r --trust me.crt tree
full show show good
full "show --json" show --json good
full sign sign --key me.key tree/plain
full "sign -r --json" sign -r --json --key me.key tree
full "catalog show --names" catalog show --names a.catalog
full "catalog diff" catalog diff a.catalog b.catalog
full "check --list0" check --trust me.crt --list0 "$work"
full doctor doctor
full "catalog create --list" catalog create --list plain
(
	trap '' PIPE
	{ sleep 0.2; "$digsig" --help 2>.output; echo $? >status; } | true
)
ok "a reader that has gone: no error" $(($(cat status) != 0))
ok "a reader that has gone: no word" "$([[ ! -s .output ]]; echo $?)"
"$digsig" verify --trust me.crt good >&- 2>.output
ok "a closed output: exit code 1" $(($? != 1))

cp /bin/bash big
expect 70 "sign: a file size limit" bash -c 'ulimit -f 8; exec "$@"' sh \
	"$digsig" sign --key me.key big
says "big: cannot write: File too large" "sign: a file size limit: says so"
expect 0 "sign: the file is as it was" cmp big /bin/bash
expect 1 "key new: a file size limit" bash -c 'ulimit -f 0; exec "$@"' sh "$digsig" key new other

## the other commands

# refused CODE NAME COMMAND...: cannot write what it prints, to a full or to a closed output.
refused() {
	local code=$1 name=$2

	shift 2
	expect "$code" "$name: a full output" bash -c '"$@" >/dev/full' sh "$@"
	says "${1##*/}: standard output cannot be written: No space left on device" "$name: says so"
	[[ $(wc -l <.output) -eq 2 ]]
	ok "$name: says it once" $?
	expect "$code" "$name: a closed output" bash -c '"$@" >&-' sh "$@"
	says "${1##*/}: standard output cannot be written: Bad file descriptor" "$name: closed: says so"
}

# limited COMMAND...: where no file can be written. What it says goes through a pipe.
limited() { bash -c '(ulimit -f 0; exec "$@") 2>&1 | cat; exit "${PIPESTATUS[0]}"' sh "$@"; }

refused 1 "digsigd --help" "$digsigd" --help
refused 1 "digsigd --version" "$digsigd" --version
refused 1 "kevents --help" "$kevents" --help
refused 1 "kevents resolve --help" "$kevents" resolve --help
refused 3 "slabtop --help" "$slabtop" --help
printf '%s\n' 'slabinfo - version: 2.1' '# name' \
	'one 1 2 64 64 1 : tunables 0 0 0 : slabdata 1 1 0' >slabs
refused 3 "slabtop -o" "$slabtop" -o --file slabs
refused 3 "slabtop diff --help" "$slabtop" diff --help
expect 3 "slabtop record: a file size limit" limited "$slabtop" record out --file slabs --for 1s
says "File too large" "slabtop record: a file size limit: says so"
head -c 65536 /dev/zero >disk
printf '\x83\xfe\xff\xff\x08\0\0\0\x08\0\0\0' | dd of=disk bs=1 seek=450 conv=notrunc status=none
printf '\x55\xaa' | dd of=disk bs=1 seek=510 conv=notrunc status=none
for arguments in --help "list --help" "tell --help" "forget --help" disk "--json disk" "--export disk" "--explain disk" \
	"list disk" "list --json disk" "list --pairs disk"; do
	# shellcheck disable=SC2086 # words
	refused 3 "ptcheck $arguments" "$ptcheck" $arguments
done
for arguments in --help "recv --help"; do
	# shellcheck disable=SC2086 # words
	refused 3 "netcon $arguments" "$netcon" $arguments
done
if [[ -n $prefetch ]]; then
	for subcommand in test run explain scan decode; do
		refused 3 "prefetch $subcommand --help" "$prefetch" "$subcommand" --help
	done
	refused 3 "prefetch decode" "$prefetch" decode 0f1808
	refused 3 "prefetch decode --list" "$prefetch" decode --list
	refused 3 "prefetch scan" "$prefetch" scan /lib/x86_64-linux-gnu/libc.so.6
	refused 3 "prefetch scan --json" "$prefetch" scan --json /lib/x86_64-linux-gnu/libc.so.6
	echo 'Code: <0f> 18 08' >code
	refused 3 "prefetch explain" "$prefetch" explain code
fi

## closed descriptors

# What digsig opens itself must not become its output: it waits here for a passphrase.
mkfifo fifo
timeout 20 "$digsig" key new closed --passphrase-file fifo <&- >&- 2>&- &
waiting=$!
digsig_of_timeout=
for ((i = 0; i < 100; i++)); do
	digsig_of_timeout=$(pgrep -P $waiting) && [[ -e /proc/$digsig_of_timeout/fd/2 ]] && break
	sleep 0.05
done
ls -l "/proc/$digsig_of_timeout/fd" >.output 2>&1
for descriptor in 0 1 2; do
	[[ $(readlink "/proc/$digsig_of_timeout/fd/$descriptor") == /dev/null ]]
	ok "a closed descriptor $descriptor is /dev/null" $?
done
kill $waiting
wait $waiting

## what a command that is started inherits

# The machine may forbid it to watch.
if "$kevents" -- true >.output 2>&1; then
	expected=$(grep SigIgn /proc/self/status)
	expect 0 "kevents: runs a command" "$kevents" -- grep SigIgn /proc/self/status
	says "$expected" "kevents: the command ignores no more signals than without it"
	expect 1 "kevents: a closed output" bash -c '"$@" >&-' sh "$kevents" -- true
	says "kevents: standard output cannot be written" "kevents: a closed output: says so"
	expect 1 "kevents record: a file size limit" limited "$kevents" record out -- true
	says "File too large" "kevents record: a file size limit: says so"
else
	skip "kevents: runs a command" "kevents cannot watch here: $(tail -n 1 .output)"
fi
if [[ -n $prefetch ]]; then
	expected=$(grep SigIgn /proc/self/status)
	expect 0 "prefetch: runs a command" "$prefetch" run grep SigIgn /proc/self/status
	says "$expected" "prefetch: the command ignores no more signals than without it"
fi

echo "1..$count"
