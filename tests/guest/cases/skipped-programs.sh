# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154
# boot: maxcpus=1
# attack: 22
# A program that sleeps in a hash is running as far as the kernel's guard against recursion is concerned.
# On one processor, other tasks' calls come to the same hooks meanwhile: all of them are judged.
[ "$(grep -c ^processor /proc/cpuinfo)" = 1 ] || fail "more than one processor"
head -c 150000000 /dev/zero >/tmp/large
chmod 755 /tmp/large
everyone runs INTRUDER "$unsigned/intruder-static"
engine_start enforcing
cp "$unsigned/intruder-static" /tmp/intruder
/tmp/large 2>/run/large.error &
large=$!
tries=0
while [ -d "/proc/$large" ] && [ $tries -lt 200 ]; do
	# Another inode each time, so that it is judged anew and not by what is cached.
	cp "$unsigned/intruder-static" /tmp/intruder.new
	mv /tmp/intruder.new /tmp/intruder
	refused INTRUDER /tmp/intruder
	tries=$((tries + 1))
done
wait "$large" || true
echo "$tries unsigned programs while one was hashed"
[ "$tries" -ge 5 ] || fail "only $tries programs were tried while one was hashed"
[ "$(status_number calls_missed)" = 0 ] || fail "$(status_number calls_missed) calls were missed"
