# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# Runs the cases of a list one after the other, each with a machine as if nothing had been before, and
# says "ok NAME (N s)" or "not ok NAME: REASON" for each.
failures=0
# shellcheck disable=SC2016 # the inner shell's
in_case='trap "echo \"ended early, at line \$LINENO\" >/run/early" EXIT; . /lib.sh; . "$0"'

# A case may take as many seconds as its line "# seconds: N" says, 300 without; $limit is for all. From
# the kernel's command line: $list, the list's name, or $case, the one case that this guest was booted
# for; and $from, where to begin, after a guest was lost.
from=${from:-}
for name in ${case:-$(cat "/lists/$list")}; do
	[ -z "$from" ] || [ "$name" = "$from" ] || continue
	from=
	case=/cases/$name.sh
	rm -rf /tmp/* /run/reason /run/early
	echo "case $name"
	begun=$(date +%s)
	seconds=$(sed -n 's/^# seconds: //p' "$case")
	if timeout "${limit:-${seconds:-300}}" sh -euc "$in_case" "$case" >/run/case.log 2>&1; then
		echo "ok $name ($(($(date +%s) - begun)) s)"
	else
		failures=$((failures + 1))
		echo "not ok $name: $(cat /run/reason 2>/dev/null || cat /run/early 2>/dev/null || echo "ended early")"
		tail -n 30 /run/case.log | sed 's/^/# /'
		digsig status 2>&1 | sed 's/^/# status: /'
	fi
	killall -q -9 digsigd notify-listen || true
	rm -rf /run/digsigd /run/digsig.log.lock /run/notify /var/lib/digsig /var/lib/digsig-fleet
	# It returns when nothing of the engine is left.
	[ ! -e /sys/fs/bpf/digsig ] || digsig stop >/dev/null 2>&1
done
exit $((failures > 0))
