# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# limit: 24
# Code that is written into a running process runs, by ptrace(2) and by /proc/PID/mem: what is judged
# are files. What closes it is the kernel's own; the status says how it stands.
# boot: digsig-guest=ptrace-scope
engine_start enforcing
for how in ptrace mem self; do
	everyone runs INTRUDER poke "$how"
done
runs 'may write into others of its user' digsig status
runs '"ptrace_scope":{"value":"0","grade":"open"' digsig status --json

# Yama's strictest setting ends ptrace(2) and another process' memory, until the machine restarts.
# A process' own memory stays open to it.
echo 3 >/proc/sys/kernel/yama/ptrace_scope
for how in ptrace mem; do
	everyone refused INTRUDER poke "$how"
done
everyone runs INTRUDER poke self
runs '"ptrace_scope":{"value":"3","grade":"closed"' digsig status --json
