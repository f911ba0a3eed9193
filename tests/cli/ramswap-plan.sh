#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# ramswap plan of recorded machines: words and JSON are as expected. In the Test Anything Protocol.
#
#   ramswap-plan.sh RAMSWAP MACHINES
#   ramswap-plan.sh RAMSWAP MACHINES --record NAME...     what is printed becomes what is expected: read it first
#
# MACHINES/roots/NAME is a machine, with expected.plan and expected.json. MACHINES/plans/NAME has the name of one,
# "root", and a ramswap.conf for it.
set -uo pipefail

ramswap=$(realpath "${1:?usage: ramswap-plan.sh RAMSWAP MACHINES}")
machines=$(realpath "${2:?usage: ramswap-plan.sh RAMSWAP MACHINES}")
shift 2
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"

# plan FOLDER OPTION...: that of the machine, or of the machine and its settings.
plan() {
	local folder=$1

	shift
	if [[ -e $folder/root ]]; then
		"$ramswap" plan --root "$machines/roots/$(cat "$folder/root")" --config "$folder/ramswap.conf" "$@"
	else
		"$ramswap" plan --root "$folder" "$@"
	fi
}

record() {
	local name folder

	for name; do
		for folder in "$machines"/{roots,plans}/"$name"; do
			[[ -d $folder ]] || continue
			plan "$folder" >"$folder/expected.plan"
			plan "$folder" --json >"$folder/expected.json"
		done
	done
}

if [[ ${1-} == --record ]]; then
	shift
	record "$@"
	exit
fi

# code ANSWER: the exit code for it.
code() {
	case $1 in
	*'"answer":"refused"'*) echo 4 ;;
	*) echo 0 ;;
	esac
}

# --- each machine
for folder in "$machines"/{roots,plans}/*/; do
	folder=${folder%/}
	name=${folder#"$machines/"}
	if [[ ! -e $folder/expected.plan || ! -e $folder/expected.json ]]; then
		echo "there is no $folder/expected.plan: see the head of $0" >.output
		ok "$name: there is an expected plan" 1
		continue
	fi
	plan "$folder" >words 2>errors
	status=$?
	diff -u "$folder/expected.plan" words >.output
	ok "$name: the words" $?
	[[ $status -eq $(code "$(<"$folder/expected.json")") && ! -s errors ]]
	ok "$name: exit code $status" $?
	plan "$folder" --json >json 2>errors
	diff -u "$folder/expected.json" json >.output
	ok "$name: JSON" $?
done

# What stands in both is the same.
for folder in "$machines"/{roots,plans}/*/; do
	jq -r '.reasons[].code' "$folder/expected.json"
done | sort -u >codes
[[ $(wc -l <codes) -ge 45 ]]
ok "the machines have many reasons: $(wc -l <codes)" $?
jq -es 'all(.answer as $a | .reasons | any(.severity == "refusal") == ($a == "refused"))' \
	"$machines"/{roots,plans}/*/expected.json >.output
ok "a plan is refused if there is a refusal" $?
jq -es 'all([.devices[] | .priority | select(. != null)] | . == (unique | reverse))' \
	"$machines"/{roots,plans}/*/expected.json >.output
ok "the first device is used first" $?

# --- usage and errors
plain=$machines/roots/plain-7.2
expect 2 "no such option" "$ramswap" plan --mesure
says "did you mean --measure?" "it says which may be meant"
expect 2 "an argument" "$ramswap" plan pmem0
expect 2 "--corpus without --measure" "$ramswap" plan --corpus /etc/passwd
says "--corpus is for --measure" "it says so"
expect 2 "--measure of another machine" "$ramswap" plan --measure --root "$plain"
says "--measure is about this machine" "it says so"
expect 0 "help" "$ramswap" plan --help
says "Exit codes: 0" "the help has the exit codes"
expect 3 "no such folder" "$ramswap" plan --root "$work/nobody"
says "ramswap: $work/nobody: No such file or directory" "it says so"
mkdir empty
expect 3 "a machine without memory" "$ramswap" plan --root empty
matches "^ramswap: .*meminfo" "it says what is missing"
expect 3 "no such settings" "$ramswap" plan --root "$plain" --config "$work/nobody"
says "$work/nobody: No such file or directory" "it says so"
printf '[zram]\nsice = 5\n' >wrong.conf
expect 3 "settings that are wrong" "$ramswap" plan --root "$plain" --config wrong.conf
says "wrong.conf:2: sice: no such setting in [zram]; did you mean size?" "it says where"
printf '[zram]\nsize = ram / (ram - ram)\n' >divided.conf
expect 4 "an expression that divides by 0" "$ramswap" plan --root "$plain" --config divided.conf
says "Refused: nothing will be set up." "the answer is the first line"

# The settings of a machine are below its root.
cp -r "$plain" machine
mkdir -p machine/etc/ramswap.conf.d
printf '[zram]\nuse = no\n' >machine/etc/ramswap.conf.d/50-none.conf
expect 0 "settings below the root" "$ramswap" plan --root machine
says "Nothing to set up: leave this machine as it is." "they count"
says "[zram] use=no" "it says which"
: >empty.conf
expect 0 "other settings" "$ramswap" plan --root machine --config empty.conf
says "To set up: 1 swap device" "--config replaces them"

# Writeback to a disk by a link, as /dev/disk/by-id has them; what is on it is looked at.
cp -r "$machines/roots/partitions" disk
rm -rf disk/dev
mkdir -p disk/dev/disk/by-id
ln -s ../../vda disk/dev/disk/by-id/virtio-1
printf '[zram]\nwriteback = /dev/disk/by-id/virtio-1\n' >writeback.conf
expect 4 "writeback to a disk with partitions" "$ramswap" plan --root disk --config writeback.conf
says "vda: writeback=/dev/vda" "the link is followed"
printf '[zram]\nwriteback = /dev/disk/by-id/nobody\n' >writeback.conf
expect 4 "writeback to nobody" "$ramswap" plan --root disk --config writeback.conf
says "there is no such block device" "it says so"

# --- what a terminal sees
"$ramswap" plan --root "$plain" >words
! grep -q $'\033' words
ok "no colour in a file" $?
env -u NO_COLOR TERM=xterm script -qec "stty columns 70; '$ramswap' plan --root '$plain'" /dev/null </dev/null >coloured
grep -q $'\033\\[1mTo set up' coloured
ok "colour on a terminal" $?
sed 's/\x1b\[[0-9;]*m//g; s/\r//' coloured | grep -v '^  \(zram (new)\|DEVICE\)' |
	awk 'length > 70 { print; found = 1 } END { exit found }' >.output
ok "lines fit the terminal" $?

# --- this machine, as it is
"$ramswap" plan >words 2>.output
status=$?
[[ $status -eq 0 || $status -eq 4 ]]
ok "this machine has a plan, or none, with reasons" $?
echo "1..$count"
