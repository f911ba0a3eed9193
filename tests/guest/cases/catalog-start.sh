# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# kernels: newest
# Catalogs are loaded before the mode is set; one that is not good keeps the engine from starting.
# digsig itself may be allowed by a catalog instead of a signature.
engine_start enforcing --catalog "$catalogs/trusted.catalog"
everyone runs hello "$unsigned/hello"
everyone refused INTRUDER "$unsigned/intruder"
engine_stop

# The folder holds a stranger's too.
perform digsig start --trust "$trust" --mode enforcing --catalog "$catalogs"
[ "$status" -eq 67 ] || fail "exit $status, not 67, with a stranger's catalog"
[ ! -e /sys/fs/bpf/digsig ] || fail "the engine was left running"
runs INTRUDER "$unsigned/intruder"

cp /usr/bin/digsig /tmp/digsig
digsig strip -q /tmp/digsig
perform /tmp/digsig start --trust "$trust" --mode enforcing
[ "$status" -eq 1 ] || fail "exit $status, not 1: digsig unsigned, in no catalog"
perform /tmp/digsig start --trust "$trust" --mode enforcing --catalog "$catalogs/digsig.catalog"
[ "$status" -eq 0 ] || fail "exit $status: digsig in a catalog"
everyone refused INTRUDER "$unsigned/intruder"
runs 'enforcing' /tmp/digsig mode
perform /tmp/digsig stop
[ "$status" -eq 0 ] || fail "exit $status: digsig stop, by a catalog"
