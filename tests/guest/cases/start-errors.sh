# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# kernels: newest
# What can go wrong at the start is said in one line, and leaves nothing behind.
complains() {
	local word=$1
	shift
	perform "$@"
	[ "$status" -ne 0 ] || fail "$who: succeeded, and should not have: $*"
	[ "$(echo "$output" | wc -l)" -eq 1 ] || fail "more than one line: $*"
	# An error of usage names the subcommand too.
	echo "$output" | grep -q -E "^digsig( $2)?: " || fail "does not say who speaks: $*"
	echo "$output" | grep -q -i -E "$word" || fail "does not speak of $word: $*"
}
complains /nowhere digsig start --trust /nowhere --mode monitor
mkdir /tmp/empty
complains /tmp/empty digsig start --trust /tmp/empty --mode monitor
complains mode digsig start --trust "$trust" --mode nonsense
complains 'max-file-size' digsig start --trust "$trust" --mode enforcing --max-file-size 8K
who=user
complains 'root|privilege|permi' digsig start --trust "$trust" --mode monitor
who=root
[ ! -e /sys/fs/bpf/digsig ] || fail "pins are left in /sys/fs/bpf/digsig"
runs INTRUDER "$unsigned/intruder"

engine_start enforcing
complains 'already|running' digsig start --trust "$trust" --mode monitor
who=user
complains 'root|privilege|permi' digsig stop
who=root
refused INTRUDER "$unsigned/intruder"
engine_stop
complains 'not running|not started|no engine|not loaded' digsig stop
