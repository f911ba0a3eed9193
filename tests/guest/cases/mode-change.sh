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
