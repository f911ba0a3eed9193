# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# The kernel's own verdict on a guest.

# What a stock kernel says,
complaints='BUG:|Oops|WARNING:|Kernel panic|general protection|RCU.*stall|hung task'
# and one that looks for mistakes: KASAN's, lockdep's and most other reports begin with BUG: or WARNING:.
complaints="$complaints|BUG [^ ]+ \\((Not tainted|Tainted)|kernel BUG at|UBSAN:|kmemleak: [0-9]+ new|kmemleak: .*disabled"
# shellcheck disable=SC2034 # used by who reads this
complaints="$complaints|ODEBUG:|INFO: trying to register|turning off the locking correctness"

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

# again_if_lost LOG COMMAND...: once more if it was a guest that the emulator lost, whose kernel's log is in LOG; three times are no
# accident. Its status.
again_if_lost() {
	local log=$1 attempt status

	shift
	for attempt in 1 2 3; do
		[ "$attempt" -eq 1 ] || echo "    the emulator lost the guest; once more"
		status=0
		"$@" || status=$?
		emulator_lost_it "$log" || break
	done
	return "$status"
}
