# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2034
# What the cases are written in. Runs inside the guest, under "set -eu"; the first expectation that
# is not met ends the case.
#
# The specimens, all made when the guest's root was built:
#   $signed    hello howdy hello-static load-library libgreet.so ...: signed by the trusted key
#   $unsigned  hello hello-static intruder intruder-static libintruder.so: not signed
#   $stranger  the same, signed by a key that nobody trusts
#   $issued    hello: signed by a key that $ca/ca.crt issued $ca/issued.crt for
#   $foreign   intruder: by a key with $ca/foreign.crt, of another CA that bears the same name and
#              key identifier
#   $keys      own, foreign: .key and .crt, to sign with; nobody trusts them
#   $catalogs  trusted.catalog: of $unsigned/hello, hello-static and silent-static; one.catalog: of
#              hello-static alone; digsig.catalog: of digsig before it was signed; all by the trusted
#              key. stranger.catalog: of the intruders, by a key that nobody trusts
# Intruders print INTRUDER as soon as code of theirs runs.

signed=/t/signed
unsigned=/t/unsigned
stranger=/t/stranger
issued=/t/issued
foreign=/t/foreign
ca=/t/ca
keys=/t/keys
catalogs=/t/catalogs
trust=/etc/digsig/trust
seen=/run/events

denial='EACCES|EPERM|Permission denied|Operation not permitted|failed to map segment'

# Who does it: root, user (id 1000), or userns (that user, in a user namespace of its own).
who=root
# Whether attacks are expected to work or to be refused.
expect=works
output=
status=0

fail() {
	echo "$*" >/run/reason
	[ -z "$output" ] || echo "$output" | sed 's/^/output: /' >&2
	exit 1
}

# with_module NAME: the kernel has that module, loaded or built in. Before the engine is started.
with_module() {
	[ ! -e "/sys/module/$1" ] || return 0
	if [ -e "/lib/modules/$1.ko.xz" ]; then
		unxz -c "/lib/modules/$1.ko.xz" >"/run/$1.ko"
		insmod "/run/$1.ko"
		rm "/run/$1.ko"
	elif [ -e "/lib/modules/$1.ko" ]; then
		insmod "/lib/modules/$1.ko"
	fi
}

# What code lies on: directories below /fs, of a file system of that kind. The last two are overlays.
file_systems='tmpfs ext4 xfs btrfs overlay-ext4 overlay-xfs'

mount_file_systems() {
	local module kind

	for module in loop overlay libcrc32c xor raid6_pq zstd_compress blake2b_generic libblake2b xfs btrfs; do
		with_module $module
	done
	trap unmount_file_systems EXIT
	mkdir -p /fs/tmpfs
	mount -t tmpfs tmpfs /fs/tmpfs || fail "no tmpfs"
	for kind in ext4 xfs btrfs; do
		mkdir -p /fs/$kind /fs/overlay-$kind
		gunzip -c /t/images/$kind.gz >/tmp/image.$kind
		mount -o loop -t $kind /tmp/image.$kind /fs/$kind || fail "no $kind"
	done
	for kind in ext4 xfs; do
		mkdir -p /fs/$kind/lower /fs/$kind/upper /fs/$kind/work
		mount -t overlay -o "lowerdir=/fs/$kind/lower,upperdir=/fs/$kind/upper,workdir=/fs/$kind/work" \
			overlay /fs/overlay-$kind || fail "no overlayfs"
	done
	for kind in $file_systems; do
		chmod 1777 "/fs/$kind"
	done
}

unmount_file_systems() {
	local kind

	for kind in overlay-ext4 overlay-xfs $file_systems; do
		umount "/fs/$kind" 2>/dev/null || umount -l "/fs/$kind" 2>/dev/null || true
	done
}

# on_file_systems COMMAND...: in a new directory $there on each of them, where everybody may write.
on_file_systems() {
	local kind

	for kind in $file_systems; do
		there=/fs/$kind/there
		mkdir -m 777 "$there"
		"$@"
		rm -r "$there"
	done
}

# everyone COMMAND...: once as root, once as an ordinary user.
everyone() {
	for who in root user; do
		"$@"
	done
	who=root
}

engine_start() {
	local mode=$1
	shift
	: >"$seen"
	output=$(digsig start --trust "$trust" --mode "$mode" "$@" 2>&1) ||
		fail "digsig start --mode $mode failed"
}

engine_stop() {
	output=$(digsig stop 2>&1) || fail "digsig stop failed"
}

# perform COMMAND...: runs it as $who; its output and status are in $output and $status.
perform() {
	local options=
	case $who in
	user) options=-u ;;
	userns) options="-u -n" ;;
	esac
	status=0
	# shellcheck disable=SC2086 # options are words
	output=$(timeout 60 try $options "$@" 2>&1 </dev/null) || status=$?
}

# runs WORD COMMAND...: must succeed and print WORD.
runs() {
	local word=$1
	shift
	perform "$@"
	[ "$status" -eq 0 ] || fail "$who: exit $status instead of 0: $*"
	case $output in
	*"$word"*) ;;
	*) fail "$who: did not print $word: $*" ;;
	esac
}

# refused WORD COMMAND...: WORD, which tells that the code ran, must not appear, and the reason
# must be that the kernel denied it, nothing else.
refused() {
	local word=$1
	shift
	perform "$@"
	case $output in
	*"$word"*) fail "$who: ran, and should not have: $*" ;;
	esac
	echo "$output" | grep -q -E "$denial" || fail "$who: failed, but was not denied: $*"
}

# killed WORD COMMAND...: as refused, where it is too late for an error and a signal ends it.
killed() {
	local word=$1
	shift
	perform "$@"
	case $output in
	*"$word"*) fail "$who: ran, and should not have: $*" ;;
	esac
	[ "$status" -gt 128 ] || fail "$who: exit $status, no signal: $*"
}

# attack WORD COMMAND...: must work or be refused, whichever part of the proof this is.
attack() {
	if [ "$expect" = works ]; then
		runs "$@"
	else
		refused "$@"
	fi
}

# attack_in_use WORD COMMAND...: as attack, where the command changes code that is in use or about to be:
# ETXTBSY is a denial, too.
attack_in_use() {
	local denial="$denial|ETXTBSY"

	attack "$@"
}

# stays_loyal WHAT: $output is that of a process which says loyalty!, and of somebody who tried to change
# its code so that it says INTRUDER. With the engine he was denied it, and the process went on.
stays_loyal() {
	case $expect$output in
	works*INTRUDER*) ;;
	works*) fail "$who: $1: not changed without the engine" ;;
	*INTRUDER*) fail "$who: $1: changed while in use" ;;
	*loyalty!*) echo "$output" | grep -q -E "$denial|ETXTBSY" || fail "$who: $1: was not denied" ;;
	*) fail "$who: $1: its process was disturbed" ;;
	esac
}

# Attacks on a library in use, $there/a.so.

new_library() {
	cp "$signed/libgreet.so" "$there/a.so"
	chmod 777 "$there/a.so"
}

# overwrite_in_use HOW [COMMAND]: opened for writing, three times, after the command: see overwrite.
overwrite_in_use() {
	new_library
	perform "$signed/load-library" "$there/a.so" sh -c "${2-} overwrite $1 $there/a.so"
	stays_loyal "$there: $1"
	rm "$there/a.so"
}

cut_in_use() {
	new_library
	perform "$signed/load-library" "$there/a.so" overwrite cut "$there/a.so"
	case $expect$output in
	works*loyalty!*) fail "$who: $there: not cut off without the engine" ;;
	works*) [ ! -s "$there/a.so" ] || fail "$who: $there: not cut off without the engine" ;;
	*loyalty!*) echo "$output" | grep -q -E "$denial|ETXTBSY" || fail "$who: $there: was not denied" ;;
	*) fail "$who: $there: its process was disturbed" ;;
	esac
	rm "$there/a.so"
}

# prove MODE FUNCTION: the function's attacks work without the engine, and are refused with it.
prove() {
	expect=works
	"$2"
	engine_start "$1"
	expect=refused
	"$2"
}

# logged VERDICT PATH [ACTION]: the log says so; ACTION is allowed or denied.
logged() {
	local line

	digsig log --json >>"$seen" 2>/run/log.error || fail "digsig log: $(cat /run/log.error)"
	# The spaces and escapes that JSON leaves open are made one; the line must hold all three.
	line=$(sed 's/": "/":"/g; s,\\/,/,g' "$seen" | grep -F "\"path\":\"$2\"" |
		grep -F "\"verdict\":\"$1\"" | grep -F "\"action\":\"${3-}" | head -n 1)
	if [ -z "$line" ]; then
		output=$(tail -n 8 "$seen")
		fail "not in the log: $1 $2 ${3-}"
	fi
}

# tampered_copy REGION: a signed program in /tmp/REGION, changed there.
tampered_copy() {
	cp "$signed/hello" "/tmp/$1"
	output=$(tamper "$1" "/tmp/$1" 2>&1) || fail "tamper $1 failed"
}

# What follows asks the engine very often. $soak is "full" in "make soak".

# soak_count FEW MANY: how often.
soak_count() {
	if [ "${soak:-}" = full ]; then
		echo "$2"
	else
		echo "$1"
	fi
}

# soaks KIND COUNT PROCESSES: no answer may be wrong, or missing; how many were right is in
# $soak_right.
soaks() {
	local kind=$1

	shift
	output=$(soak "$kind" "$@" "$signed/nothing" "$unsigned/nothing" /tmp 2>&1) ||
		fail "soak $kind $*: wrong answers"
	case $output in
	*" 0 wrong, 0 no answer") soak_right=${output%% *} ;;
	*) fail "soak $kind $*: answers are missing" ;;
	esac
}

# status_number NAME: a number of digsig status.
status_number() {
	digsig status --json | tr ',{}' '\n' | sed -n "s/^ *\"$1\": *\([0-9]*\)\$/\1/p"
}

# events_so_far: how many events there ever were, lost ones included. Reads those that are there.
events_so_far() {
	digsig log --json >>"$seen"
	echo $(($(wc -l <"$seen") + $(status_number events_lost)))
}

# In kilobytes: what the kernel has taken for good, and what is left.
kernel_memory() { sed -n 's/^SUnreclaim: *\([0-9]*\) .*/\1/p' /proc/meminfo; }
free_memory() { sed -n 's/^MemAvailable: *\([0-9]*\) .*/\1/p' /proc/meminfo; }

# Memory that is given back is given back a little later.
settle() {
	sync
	echo 3 >/proc/sys/vm/drop_caches
	sleep 2
	echo 3 >/proc/sys/vm/drop_caches
}

measure_memory() {
	settle
	kernel_memory_before=$(kernel_memory)
	free_memory_before=$(free_memory)
}

# expect_memory: as much of it as at measure_memory, but for what moves in a kernel anyway. A word
# left behind for each of some ten thousand files would be more.
expect_memory() {
	local grown shrunk

	settle
	grown=$(($(kernel_memory) - kernel_memory_before))
	shrunk=$((free_memory_before - $(free_memory)))
	echo "kernel memory $grown kB more, available memory $shrunk kB less"
	[ "$grown" -lt 4096 ] || fail "the kernel holds $grown kB more than before"
	[ "$shrunk" -lt 16384 ] || fail "$shrunk kB of memory less than before"
}

# What digsigd tells systemd, and what it says on stderr.
notices=/run/notices
daemon_says=/run/digsigd.out
daemon=

# daemon_start: digsigd with the configuration on standard input, until it is ready.
daemon_start() {
	cat >/run/digsig.conf
	if [ ! -S /run/notify ]; then
		: >"$notices"
		notify-listen /run/notify >"$notices" 2>&1 &
		wait_until test -S /run/notify
	fi
	: >"$notices"
	NOTIFY_SOCKET=/run/notify digsigd --config /run/digsig.conf >"$daemon_says" 2>&1 </dev/null &
	daemon=$!
	wait_until grep -q READY=1 "$notices"
}

# daemon_kill [SIGNAL]: by default so that it has no say in it.
daemon_kill() {
	kill "-${1:-KILL}" "$daemon"
	wait "$daemon" 2>/dev/null || true
}

# What a fleet says, as digsig-fleetd hands it over: below $fleet a set each, for group web and host guest1, by $fleet/fleet.crt.
#   unblock    2, enforcing: a catalog of $unsigned/hello; $signed/howdy is revoked
#   replace    3, enforcing: a catalog of $unsigned/hello-static instead
#   forged     its number was changed;  unknown: by nobody;  other-group: of group db
#   expired    4, by a day;  swapped: a blob has other bytes
#   monitor    5: mode monitor
#   own        the same 5, and for the host 1, enforcing, with the catalog of $unsigned/hello
#   trust      6, host 2: the certificate of stranger
#   large      7, host 3: a catalog of 40,000 digests, and that of $unsigned/hello
fleet=/t/fleet
fleet_spool=/var/lib/digsig-fleet
fleet_set=0

# fleet_start GROUP: digsigd for a host of that group, which was told nothing else.
fleet_start() {
	mkdir -p /var/lib "$fleet_spool/set" /etc/digsig
	chown 1000 "$fleet_spool" "$fleet_spool/set"
	cat >/etc/digsig/digsig.conf <<-END
		[engine]
		trust = $trust
		[daemon]
		roots = $signed
		log-file = /tmp/events
		[fleet]
		group = $1
		host = guest1
		trust = $fleet/fleet.crt
	END
	daemon_start </etc/digsig/digsig.conf
}

# hand_over SET
hand_over() {
	fleet_set=$((fleet_set + 1))
	cp -r "$fleet/$1" "$fleet_spool/set/$fleet_set"
	chown -R 1000 "$fleet_spool/set/$fleet_set"
	ln -s "set/$fleet_set" "$fleet_spool/new"
	mv -T "$fleet_spool/new" "$fleet_spool/ready"
}

# In hundredths of a second.
fleet_clock() {
	cut -d ' ' -f 1 /proc/uptime | tr -d .
}

# fleet_says MEMBER-AND-VALUE...: digsigd's report has each of them.
fleet_says() {
	local words

	for words; do
		grep -qF -- "$words" /run/digsigd/fleet.json || return 1
	done
}

# wait_until COMMAND...: at most a minute.
wait_until() {
	local tries=0

	until "$@" 2>/dev/null; do
		tries=$((tries + 1))
		if [ $tries -gt 300 ]; then
			output=$(tail -n 8 "$daemon_says" "$notices" 2>/dev/null)
			fail "waited in vain for: $*"
		fi
		sleep 0.2
	done
}

# leaks KIND CACHE: while objects of that kind leak, slabtop says so, and that this cache grows. What it
# printed is in $output.
leaks() {
	local leaker

	leak-objects "$1" 400 &
	leaker=$!
	status=0
	output=$(slabtop watch --leak --for 12s -d 0.25 2>&1) || status=$?
	kill "$leaker"
	wait "$leaker" 2>/dev/null || true
	[ "$status" -eq 1 ] || fail "$1 leak: exit $status instead of 1"
	echo "$output" | sed -n '/^Growing:/,/^$/p' | grep -qw "$2" || fail "$1 leak: $2 is not named"
}
