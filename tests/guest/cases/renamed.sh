# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# attack: 13
# What a path names changes under the kernel's hands: mounted over, replaced while it is executed.
attacks() {
	mkdir -p /tmp/bin
	cp "$signed/hello-static" /tmp/bin/hello-static
	everyone runs hello /tmp/bin/hello-static
	cp "$unsigned/intruder-static" /tmp/over
	mount --bind /tmp/over /tmp/bin/hello-static
	everyone attack INTRUDER /tmp/bin/hello-static
	umount /tmp/bin/hello-static
	everyone runs hello /tmp/bin/hello-static
	# Two files take turns at one name while it is executed.
	while :; do
		cp "$signed/hello-static" /tmp/bin/new && mv -f /tmp/bin/new /tmp/bin/turn
		cp "$unsigned/intruder-static" /tmp/bin/new && mv -f /tmp/bin/new /tmp/bin/turn
	done 2>/dev/null &
	swapper=$!
	sleep 0.3
	ran=0 intruded=0
	for i in $(seq 1 150); do
		perform /tmp/bin/turn
		case $output in
		*hello*) ran=$((ran + 1)) ;;
		*INTRUDER*) intruded=$((intruded + 1)) ;;
		esac
	done
	kill "$swapper"
	wait "$swapper" 2>/dev/null || true
	if [ "$expect" = works ]; then
		[ "$intruded" -gt 0 ] || fail "the attack does not work: $ran, $intruded"
	else
		[ "$intruded" -eq 0 ] || fail "an unsigned program ran $intruded times of 150"
	fi
	[ "$ran" -gt 0 ] || fail "the signed program never ran"
}
prove enforcing attacks
