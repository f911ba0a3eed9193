# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# The part of bench that runs in the guest.
count=500
baseline=

measure() {
	local label=$1 program=$2 result median

	bench-exec 50 "$program" >/dev/null
	result=$(bench-exec $count "$program") || return 1
	median=${result##* }
	[ -n "$baseline" ] || baseline=$median
	printf '%-34s %s us, %d.%02d times\n' "$label" "$result" \
		$((median / baseline)) $((median * 100 / baseline % 100))
}

echo "kernel $(uname -r), $count starts each"
for program in /t/signed/silent-static /t/signed/silent; do
	echo "$program"
	baseline=
	measure "  no engine" "$program"
	for mode in monitor enforcing; do
		digsig start --trust /etc/digsig/trust --mode $mode >/dev/null || exit 1
		measure "  $mode" "$program" || exit 1
		digsig stop >/dev/null
	done
done
