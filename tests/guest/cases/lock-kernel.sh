# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# attack: 17
# Switches of the kernel and ways into its memory that a locked engine refuses: what takes all BPF
# programs off their hooks, and what lockdown=integrity refuses. Ordinary work goes on.
# boot: digsig-guest=locked

mount -t debugfs debugfs /sys/kernel/debug
# A file that can be written, and changes nothing.
debug=/sys/kernel/debug/fault_around_bytes
[ -e "$debug" ] || debug=/sys/kernel/debug/clear_warn_once

engine_start enforcing
refused INTRUDER "$unsigned/intruder-static"
echo 0 >/proc/sys/kernel/ftrace_enabled
runs INTRUDER "$unsigned/intruder-static"
perform digsig status
[ "$status" -eq 1 ] || fail "digsig status: exit $status"
case $output in
*'nothing is enforced'*) ;;
*) fail "digsig status does not say that nothing is enforced" ;;
esac
echo 1 >/proc/sys/kernel/ftrace_enabled
refused INTRUDER "$unsigned/intruder-static"
runs '' head -c 1 "$debug"
runs '' sh -c 'dd if=/dev/mem of=/run/mem bs=1 skip=1048000 count=1 2>&1'

runs locked digsig lock
refused INTRUDER sh -c 'echo 0 >/proc/sys/kernel/ftrace_enabled'
mkdir -p /tmp/proc
mount -t proc proc /tmp/proc
refused INTRUDER sh -c 'echo 0 >/tmp/proc/sys/kernel/ftrace_enabled'
[ "$(cat /proc/sys/kernel/ftrace_enabled)" = 1 ] || fail "ftrace_enabled is off"
refused INTRUDER sh -c 'echo "measure func=BPRM_CHECK" >/sys/kernel/security/ima/policy'
refused INTRUDER head -c 1 "$debug"
refused INTRUDER sh -c 'dd if=/dev/mem of=/run/mem bs=1 skip=1048000 count=1 2>&1'

# What is not a way in still works: programs for packets and devices, tracefs, sysctl, files.
for kind in socket-filter cgroup-device; do
	runs INTRUDER bpf-attack load "$kind"
done
runs '' head -c 1 /sys/kernel/tracing/README
runs '' sh -c 'echo 1 >/proc/sys/kernel/panic_on_oops; echo 0 >/proc/sys/kernel/panic_on_oops'
runs '' sh -c 'mkdir /tmp/d && touch /tmp/d/f && mv /tmp/d /tmp/e && rm -r /tmp/e'
everyone refused INTRUDER "$unsigned/intruder-static"
everyone runs hello "$signed/hello"
logged none 'writing ftrace_enabled' denied
logged none 'writing policy' denied
logged none 'kernel lockdown: /dev/mem,kmem,port' denied
logged none 'kernel lockdown: debugfs access' denied
