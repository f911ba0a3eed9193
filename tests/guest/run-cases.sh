# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# Runs the cases in /cases one after the other, but those that want a guest of their own, each with
# a machine as if nothing had been before, and says "ok NAME (N s)" or "not ok NAME: REASON" for each.
failures=0

# A case may take as many seconds as its line "# seconds: N" says, 180 without; $limit is for all.
# $case, if set, is from the kernel's command line: the one case that this guest was booted for.
only=${case:-}
# $from, too: where to begin, after a guest was lost.
from=${from:-}
for case in /cases/${only:-*}.sh; do
	[ -n "$only" ] || ! grep -q '^# boot: ' "$case" || continue
	name=${case##*/}
	name=${name%.sh}
	[ -z "$from" ] || [ "$name" = "$from" ] || continue
	from=
	rm -rf /tmp/* /run/reason
	echo "case $name"
	begun=$(date +%s)
	seconds=$(sed -n 's/^# seconds: //p' "$case")
	# shellcheck disable=SC2016 # the inner shell's
	if timeout "${limit:-${seconds:-300}}" sh -euc '. /lib.sh; . "$0"' "$case" >/run/case.log 2>&1; then
		echo "ok $name ($(($(date +%s) - begun)) s)"
	else
		failures=$((failures + 1))
		[ -s /run/reason ] || echo "ended early" >/run/reason
		echo "not ok $name: $(cat /run/reason)"
		tail -n 30 /run/case.log | sed 's/^/# /'
		digsig status 2>&1 | sed 's/^/# status: /'
	fi
	killall -q -9 digsigd notify-listen || true
	rm -rf /run/digsigd /run/digsig.log.lock /run/notify /var/lib/digsig
	# It returns when nothing of the engine is left.
	[ ! -e /sys/fs/bpf/digsig ] || digsig stop >/dev/null 2>&1
done
exit $((failures > 0))
