# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# processors: 2
# The weaker engine, in user space: the same answers at exec and for opened libraries, from a kernel
# of which nothing but fanotify is asked. Its limits are shown too.
mkdir -p /tmp/fs
mount -t tmpfs tmpfs /tmp/fs
mkdir /tmp/fs/libraries
cp "$signed/hello" "$signed/hello-static" "$signed/load-library" /tmp/fs/
cp "$unsigned/intruder" "$unsigned/intruder-static" /tmp/fs/
cp "$stranger/intruder" /tmp/fs/stranger
cp "$unsigned/libintruder.so" "$signed/libgreet.so" /tmp/fs/libraries/
cp "$signed/hello" /tmp/fs/tampered
printf X |
	dd of=/tmp/fs/tampered bs=1 seek=5000 conv=notrunc 2>/dev/null
digsig fanotify --trust "$trust" --mode enforcing --file-system /tmp/fs \
	--libraries /tmp/fs/libraries --json >/run/fanotify.log 2>/run/fanotify.error &
engine=$!
for _ in $(seq 1 50); do
	digsig status >/dev/null 2>&1 && break
	sleep 0.2
done
output=$(digsig status 2>&1) || fail "it did not start: $(cat /run/fanotify.error)"
case $output in
*WEAKER*) ;;
*) fail "status does not say that it is the weaker engine" ;;
esac
for who in root user userns; do
	runs hello /tmp/fs/hello
	runs hello /tmp/fs/hello-static
	refused INTRUDER /tmp/fs/intruder
	refused INTRUDER /tmp/fs/intruder-static
	refused INTRUDER /tmp/fs/stranger
	refused hello /tmp/fs/tampered
	runs greetings /tmp/fs/load-library /tmp/fs/libraries/libgreet.so
	perform /tmp/fs/load-library /tmp/fs/libraries/libintruder.so
	case $output in
	*INTRUDER*) fail "$who: an unsigned library was loaded" ;;
	esac
done
who=root
grep -q '"verdict":"unsigned"' /run/fanotify.log || fail "nothing in the log"
cp "$unsigned/intruder" /tmp/fs/hello
refused INTRUDER /tmp/fs/hello
for i in $(seq 1 32); do
	(try /tmp/fs/hello-static >>/tmp/good.out 2>&1) &
	(try /tmp/fs/intruder-static >>/tmp/bad.out 2>&1) &
	storm="${storm-} $!"
done
for i in $(seq 1 100); do
	[ "$(cat /tmp/good.out /tmp/bad.out | grep -c -E "^hello$|$denial")" -lt 64 ] || break
	sleep 0.2
done
[ "$(grep -c '^hello$' /tmp/good.out)" -eq 32 ] || fail "storm: not every signed program ran"
! grep -q INTRUDER /tmp/bad.out || fail "storm: an unsigned program ran"
# The limits: a file that is only mapped, and the end of the process.
runs INTRUDER "$unsigned/ld.so" /tmp/fs/intruder
kill -9 "$engine"
wait "$engine" 2>/dev/null || true
runs INTRUDER /tmp/fs/intruder
perform digsig status
[ "$status" -eq 3 ] || fail "status after the end: exit $status instead of 3"
umount /tmp/fs
