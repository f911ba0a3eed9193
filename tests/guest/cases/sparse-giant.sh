# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# attack: 22
# boot: loglevel=5
# A user executes files of 1 TiB that take no storage. SIGKILL ends that, and others are served
# meanwhile. In a guest of its own: while one of them goes on, the engine cannot be stopped.
giants() {
	local count=0

	pids=
	while [ $count -lt "$1" ]; do
		truncate -s 1024G /dev/shm/giant.$count
		chmod 755 /dev/shm/giant.$count
		try -u /dev/shm/giant.$count >/dev/null 2>&1 &
		pids="$pids $!"
		count=$((count + 1))
	done
}
# The guest says so itself, and ends.
give_up() {
	ps
	printf 'not ok sparse-giant: %s\nguest: exit 1\n' "$1" >/dev/ttyS1
	sleep 1
	poweroff -f
}
gone() {
	local pid

	for pid in $pids; do
		[ ! -e "/proc/$pid" ] || grep -q ') Z ' "/proc/$pid/stat" || return 1
	done
}
# killed_within TENTHS: SIGKILL ends all of them in that time.
killed_within() {
	local tenths=0

	# shellcheck disable=SC2086 # words
	kill -9 $pids 2>/dev/null || true
	until gone; do
		tenths=$((tenths + 1))
		if [ $tenths -gt "$1" ]; then
			give_up "still there $1 tenths of a second after SIGKILL"
		fi
		usleep 100000
	done
}
engine_start enforcing
giants 1
sleep 1
killed_within 30
giants 20
sleep 1
cp "$signed/hello" /tmp/fresh
timeout 20 try /tmp/fresh >/dev/null || give_up "a first use was not served"
timeout 20 digsig status --json >/dev/null || give_up "digsig status was not served"
killed_within 100
rm /dev/shm/giant.*
