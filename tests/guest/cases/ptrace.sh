# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# limit: 24
# Code that is written into a running process runs, by ptrace(2) and by /proc/PID/mem: what is judged
# are files. What closes it is the kernel's own; the status says how it stands.
# boot: digsig-guest=ptrace-scope
write_itself() {
	perform poke self
	# Newer kernels let only a debugger do it (proc_mem.force_override).
	case $output in
	*INTRUDER* | *EIO*) ;;
	*) fail "$who: poke self: exit $status" ;;
	esac
}

engine_start enforcing
for how in ptrace mem; do
	everyone runs INTRUDER poke "$how"
done
everyone write_itself
runs 'ptrace_scope         0' digsig status
runs '"ptrace_scope":{"value":"0","grade":"open"' digsig status --json

# Yama's strictest setting ends it, until the machine restarts. What a process does to its own memory
# is left.
echo 3 >/proc/sys/kernel/yama/ptrace_scope
for how in ptrace mem; do
	everyone refused INTRUDER poke "$how"
done
everyone write_itself
runs '"ptrace_scope":{"value":"3","grade":"closed"' digsig status --json
