# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# The mode can be changed while the engine runs, and what was judged before is held to it.
engine_start monitor
runs INTRUDER "$unsigned/intruder"
runs hello "$signed/hello"
output=$(digsig mode enforcing 2>&1) || fail "digsig mode enforcing failed"
everyone refused INTRUDER "$unsigned/intruder"
everyone runs hello "$signed/hello"
output=$(digsig mode 2>&1)
[ "$output" = enforcing ] || fail "digsig mode does not say enforcing"
output=$(digsig mode monitor 2>&1) || fail "digsig mode monitor failed"
everyone runs INTRUDER "$unsigned/intruder"

# An engine that hashes no file of that size would refuse all, digsig too, which could not take it back.
engine_stop
engine_start monitor --max-file-size 8K
perform digsig mode enforcing
[ "$status" -eq 1 ] || fail "an engine that finds nothing ok: exit $status instead of 1"
echo "$output" | grep -q max-file-size || fail "an engine that finds nothing ok: not what to look at"
[ "$(digsig mode)" = monitor ] || fail "an engine that finds nothing ok: enforces"
