# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# With kernel.kptr_restrict=2 the kernel hides addresses without which no signature can be read, and
# everything would be refused. So the engine does not start, and says why; one that runs goes on.
restrict=/proc/sys/kernel/kptr_restrict
usual=$(cat $restrict)
trap 'echo "$usual" >$restrict' EXIT
echo 2 >$restrict
perform digsig start --trust "$trust" --mode enforcing
[ "$status" -eq 1 ] || fail "exit $status instead of 1"
case $output in
"digsig: start: "*kernel.kptr_restrict=1*) ;;
*) fail "does not say what to do" ;;
esac
[ ! -e /sys/fs/bpf/digsig ] || fail "pins are left in /sys/fs/bpf/digsig"
everyone runs INTRUDER "$unsigned/intruder"
perform digsig doctor
[ "$status" -eq 1 ] || fail "doctor: exit $status instead of 1"
echo "$output" | grep -q '^addresses  *missing' || fail "doctor does not see it"
echo "$output" | grep -q 'sysctl kernel.kptr_restrict=1' || fail "doctor does not say what to type"

# Root without CAP_SYSLOG is not told either, whatever the setting.
echo 1 >$restrict
perform setpriv --bounding-set=-syslog digsig start --trust "$trust" --mode enforcing
[ "$status" -eq 1 ] || fail "without CAP_SYSLOG: exit $status instead of 1"
case $output in
*CAP_SYSLOG*) ;;
*) fail "does not say that CAP_SYSLOG is missing" ;;
esac
[ ! -e /sys/fs/bpf/digsig ] || fail "without CAP_SYSLOG: pins are left"

engine_start enforcing
echo 2 >$restrict
everyone runs hello "$signed/hello"
everyone refused INTRUDER "$unsigned/intruder"
perform digsig start --trust "$trust" --mode enforcing
case $output in
*"running already"*) ;;
*) fail "while it runs: does not say that it is running" ;;
esac
perform digsig doctor
[ "$status" -eq 0 ] || fail "doctor while it runs: exit $status instead of 0"
engine_stop
