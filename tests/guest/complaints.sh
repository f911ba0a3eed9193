# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The kernel's own verdict on a guest.

# shellcheck disable=SC2034 # used by who reads this
complaints='BUG:|Oops|WARNING:|Kernel panic|general protection|RCU.*stall|hung task'

# console_is_clean CONSOLE
console_is_clean() {
	! grep -a -E "$complaints" "$1" >/dev/null
}

# A kernel that changes its own code puts a breakpoint there meanwhile. The emulator with a thread a
# processor now and then lets another processor run into one that the kernel does not expect any more.
# emulator_lost_it CONSOLE...
emulator_lost_it() {
	grep -a -E 'Oops: int3|int3: 0000' "$@" >/dev/null
}
