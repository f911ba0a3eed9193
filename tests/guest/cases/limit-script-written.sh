# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# limit: 11
# A script that was found good can be changed while its interpreter still reads it: no more of it is
# in the kernel's hands than the first line.
attacks() {
	cp "$signed/slow-script" /tmp/slow
	mkdir /tmp/go
	everyone runs "from a script" /tmp/slow
	# It says that it is being read, and waits until it is told to go on.
	rmdir /tmp/go /tmp/reading
	(
		until [ -e /tmp/reading ]; do usleep 100000; done
		printf 'echo INTRUDER\nexit\n' | dd of=/tmp/slow bs=64 seek=500 conv=notrunc 2>/dev/null
		mkdir /tmp/go
	) &
	runs INTRUDER /tmp/slow
	wait
	rmdir /tmp/go /tmp/reading
}
attacks
engine_start enforcing
attacks
# It does not run a second time.
refused INTRUDER /tmp/slow
