# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# The kernel's own verdict on a guest.

# shellcheck disable=SC2034 # used by who reads this
complaints='BUG:|Oops|WARNING:|Kernel panic|general protection|RCU.*stall|hung task'

# console_is_clean CONSOLE
console_is_clean() {
	! grep -a -E "$complaints" "$1" >/dev/null
}
