# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# Once the engine is stopped, nothing of it is left and everything runs again.
engine_start enforcing
everyone refused INTRUDER "$unsigned/intruder"
engine_stop
everyone runs INTRUDER "$unsigned/intruder"
everyone runs INTRUDER env LD_PRELOAD="$unsigned/libintruder.so" "$signed/hello"
[ ! -e /sys/fs/bpf/digsig ] || fail "pins are left in /sys/fs/bpf/digsig"
# And it can be started again.
engine_start enforcing
everyone refused INTRUDER "$unsigned/intruder"
