# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2154,SC2034
# attack: 13
# A program on an overlayfs is hashed once, and again after whatever changed the file below it or put
# another one there; also where that happens while others start it.
with_module overlay
mkdir /tmp/lower /tmp/upper /tmp/work /tmp/merged

mount_merged() {
	mount -t overlay -o lowerdir=/tmp/lower,upperdir=/tmp/upper,workdir=/tmp/work overlay /tmp/merged ||
		fail "no overlayfs"
}

cp "$signed/hello" /tmp/lower/often
cp "$signed/hello" /tmp/lower/raced
for file in written cut copied; do
	cp "$signed/hello" "/tmp/lower/$file"
done
mount_merged
trap 'umount /tmp/merged' EXIT
# As large as the signed one: an overlayfs remembers the size that it saw first, and a file below of
# another size is refused for that.
cp "$unsigned/intruder" /tmp/intruder
truncate -s "$(stat -c %s "$signed/hello")" /tmp/intruder

# restore FILE: what was signed, in the same inode.
restore() {
	cat "$signed/hello" >"/tmp/lower/$1"
	everyone runs hello "/tmp/merged/$1"
	everyone runs hello "/tmp/merged/$1"
}

# start_often: prints what the raced program prints, until the race is over.
start_often() {
	while [ -e /run/racing ]; do
		/tmp/merged/raced 2>/dev/null || true
	done
}

# put FILE: into the raced one, which cannot be written while somebody runs it.
put() {
	local tries=0

	until cat "$1" >/tmp/lower/raced || [ "$tries" -ge 20 ]; do
		tries=$((tries + 1))
	done
}

# Some rounds, and then ever longer ones until what is to run has run. The overlayfs sees the file for the
# first time when all of it is there.
race() {
	local times=0 wanted=hello

	[ "$expect" = refused ] || wanted=INTRUDER
	put "$signed/hello"
	runs hello /tmp/merged/raced
	touch /run/racing
	start_often >/run/starter.1 &
	start_often >/run/starter.2 &
	while [ "$times" -lt 15 ] || { [ "$times" -lt 60 ] && ! grep -q $wanted /run/starter.1 /run/starter.2; }; do
		times=$((times + 1))
		put "$signed/hello"
		sleep $((times / 15)).$((times % 4 + 1))
		put /tmp/intruder
		sleep 0.0$((times % 3 * 3 + 1))
	done 2>/dev/null
	rm /run/racing
	wait
	output=$(sort /run/starter.1 /run/starter.2 | uniq -c)
}

# balance TIMES: the file below is written that often, judged, copied up; and the copy is replaced.
balance() {
	local file=balanced.$1 time=0

	cp "$signed/hello" "/tmp/lower/$file"
	while [ "$time" -lt "$1" ]; do
		: >>"/tmp/lower/$file"
		time=$((time + 1))
	done
	everyone runs hello "/tmp/merged/$file"
	chmod 700 "/tmp/merged/$file"
	chmod 755 "/tmp/merged/$file"
	cat "$unsigned/intruder" >"/tmp/upper/$file"
	everyone attack INTRUDER "/tmp/merged/$file"
}

attacks() {
	for file in written cut copied; do
		everyone runs hello "/tmp/merged/$file"
	done
	printf '\001' | dd of=/tmp/lower/written bs=1 seek=48 conv=notrunc 2>/dev/null
	everyone attack hello /tmp/merged/written
	restore written
	cat "$unsigned/intruder" >/tmp/lower/written
	everyone attack INTRUDER /tmp/merged/written
	restore written
	tamper truncate /tmp/lower/cut
	everyone attack hello /tmp/merged/cut
	restore cut
	# Copied up, and then written; the one below stays what it was.
	chmod 700 /tmp/merged/copied
	chmod 755 /tmp/merged/copied
	everyone runs hello /tmp/merged/copied
	cat "$unsigned/intruder" >/tmp/merged/copied
	everyone attack INTRUDER /tmp/merged/copied
	# Written as often below as above, and not by way of the overlay: the two are told apart by more.
	for times in 0 1 2 3 4; do
		balance "$times"
	done
	race
	case $expect$output in
	works*INTRUDER*) ;;
	works*) fail "the race was not run" ;;
	*INTRUDER*) fail "an intruder won the race" ;;
	*hello*) ;;
	*) fail "nothing ran in the race" ;;
	esac
}
expect=works
attacks
umount /tmp/merged
rm -rf /tmp/upper /tmp/work
mkdir /tmp/upper /tmp/work
mount_merged
engine_start enforcing
everyone runs hello /tmp/merged/often
hashed=$(status_number files_hashed)
for _ in 1 2 3 4 5 6 7 8; do
	everyone runs hello /tmp/merged/often
done
[ "$(status_number files_hashed)" -eq "$hashed" ] || fail "hashed again, though nothing changed"
expect=refused
attacks

# Of another size than the overlayfs remembers: refused, though it is signed, until it forgets.
everyone runs hello /tmp/merged/often
cat "$signed/hello-static" >/tmp/lower/often
refused hello /tmp/merged/often
umount /tmp/merged
mount_merged
everyone runs hello /tmp/merged/often
