#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The fanotify engine on the machine that the tests run on: in a mount namespace of its own, on a
# tmpfs that nobody else sees, which is all that is marked. In the Test Anything Protocol; needs
# root, and is skipped without.
#
#   fanotify.sh DIGSIG
# shellcheck disable=SC2016 # commands for another shell to expand
set -uo pipefail

digsig=$(realpath "${1:?usage: fanotify.sh DIGSIG}")
if [[ ${FANOTIFY_TEST_INSIDE-} != yes ]]; then
	if [[ $(id -u) -ne 0 ]] || ! unshare -m true 2>/dev/null; then
		echo "1..0 # SKIP not root, or no mount namespaces"
		exit 0
	fi
	FANOTIFY_TEST_INSIDE=yes exec unshare -m --propagation private "$0" "$digsig"
fi
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"
fs=$work/fs
engine=

clean_up() {
	stop_engine
	umount -l "$fs" 2>/dev/null
}

# runs NAME COMMAND...: succeeds.
runs() {
	local name=$1 status

	shift
	timeout 60 "$@" >"$work/.output" 2>&1 </dev/null
	status=$?
	echo "exit $status: $*" >>"$work/.output"
	ok "$name" $((status != 0))
}

# denied NAME COMMAND...: fails, and because it was not permitted.
denied() {
	local name=$1 status

	shift
	timeout 60 "$@" >"$work/.output" 2>&1 </dev/null
	status=$?
	echo "exit $status: $*" >>"$work/.output"
	[[ $status -ne 0 ]] && grep -q -E 'Operation not permitted|EPERM' "$work/.output"
	ok "$name" $?
}

# start_engine MODE [OPTION...]
start_engine() {
	local mode=$1

	shift
	: >"$work/log"
	"$digsig" fanotify --trust "$work/me.crt" --mode "$mode" --file-system "$fs" --json "$@" \
		>"$work/log" 2>"$work/errors" &
	engine=$!
	for _ in {1..100}; do
		"$digsig" status >/dev/null 2>&1 && return
		kill -0 "$engine" 2>/dev/null || break
		sleep 0.1
	done
	echo "# the engine did not start: $(cat "$work/errors")"
}

stop_engine() {
	[[ -n $engine ]] || return 0
	kill "$engine" 2>/dev/null
	wait "$engine" 2>/dev/null
	engine=
}

# logged VERDICT PATH ACTION: within two seconds.
logged() {
	for _ in {1..20}; do
		grep -F "\"path\":\"${2//\//\\\/}\"" "$work/log" | grep -F "\"verdict\":\"$1\"" |
			grep -q -F "\"action\":\"$3\"" && break
		sleep 0.1
	done
	cp "$work/log" "$work/.output"
	grep -F "\"path\":\"${2//\//\\\/}\"" "$work/log" | grep -F "\"verdict\":\"$1\"" |
		grep -q -F "\"action\":\"$3\""
	ok "the log says: $1, $3: ${2##*/}" $?
}

sign() { "$digsig" sign -q --key "$work/me.key" "$@"; }

# What was just written is judged at every use; this makes it as old as what is cached.
age() { sleep 2.2; }

mkdir fs
mkdir -p /var/lib
if ! mount -t tmpfs tmpfs fs || ! mount -t tmpfs tmpfs /run || ! mount -t tmpfs tmpfs /var/lib; then
	echo "1..0 # SKIP no right to mount"
	exit 0
fi
"$digsig" key new me >/dev/null
"$digsig" key new other >/dev/null
mkdir fs/libraries
cp /bin/true fs/unsigned
cp /bin/true fs/signed && sign fs/signed
cp /bin/cat fs/cat && sign fs/cat
cp fs/signed fs/tampered && printf X | dd of=fs/tampered bs=1 seek=5000 conv=notrunc status=none
cp /bin/true fs/stranger && "$digsig" sign -q --key other.key fs/stranger
library=$(ldd /bin/cat | grep -o '/[^ ]*libc\.so[^ ]*' | head -n 1)
cp "$library" fs/libraries/unsigned.so
cp "$library" fs/libraries/signed.so && sign fs/libraries/signed.so
cp "$library" fs/elsewhere.so
printf '#!%s/signed\n' "$fs" >fs/script && chmod +x fs/script
printf '#!%s/unsigned\n' "$fs" >fs/badscript && chmod +x fs/badscript

runs "before: the unsigned program runs" fs/unsigned
"$digsig" status >.output 2>&1
ok "status without an engine: exit code 3" $(($? != 3))

start_engine enforcing --libraries "$fs/libraries"
runs "signed: runs" fs/signed
denied "unsigned: denied" fs/unsigned
denied "tampered: denied" fs/tampered
denied "signed by a stranger: denied" fs/stranger
logged unsigned "$fs/unsigned" denied
logged tampered "$fs/tampered" denied
logged unknownkey "$fs/stranger" denied
logged ok "$fs/signed" allowed
digest=$(sha256sum <fs/unsigned | cut -d ' ' -f 1)
grep -F '"verdict":"unsigned"' log | grep -q -F "\"digest\":\"$digest\""
ok "the log has the digest" $?
grep -F '"verdict":"unsigned"' log | grep -q -F '"hook":"exec"'
ok "the log has the hook" $?
runs "script of a signed interpreter: runs" fs/script
denied "script of an unsigned interpreter: denied" fs/badscript
runs "outside of the marked file system everything runs" /bin/true
if command -v setpriv >/dev/null; then
	chmod 755 "$work"
	denied "unsigned, as another user: denied" setpriv --reuid=65534 --regid=65534 \
		--clear-groups fs/unsigned
fi
denied "through another mount of the file system: denied" unshare -m --propagation private sh -c '
	mkdir -p /run/m && mount --bind "$1" /run/m && exec /run/m/unsigned' sh "$fs"

"$digsig" status >.output
grep -q 'mode  *enforcing' .output && grep -q WEAKER .output
ok "status says that the weaker engine runs" $?
"$digsig" status --json | grep -q '"engine":"fanotify"'
ok "status --json says so" $?
"$digsig" fanotify --trust me.crt --file-system "$fs" >.output 2>&1
ok "a second one is refused" $(($? != 1))
grep -q "running already" .output
ok "and says why" $?

# Which library was mapped: cat prints its own map.
preload() { LD_PRELOAD=$fs/libraries/$1 fs/cat /proc/self/maps; }
preload signed.so >.output 2>&1
grep -q libraries/signed.so .output
ok "a signed library is loaded" $?
preload unsigned.so >.output 2>&1
! grep -q 'r-xp.*libraries/unsigned.so' .output && grep -q 'cannot be preloaded' .output
ok "an unsigned library is not loaded" $?
logged unsigned "$fs/libraries/unsigned.so" denied
if command -v python3 >/dev/null; then
	denied "dlopen of an unsigned library: denied" python3 -c '
import ctypes, sys
try:
    ctypes.CDLL(sys.argv[1])
except OSError as error:
    sys.exit(str(error))' "$fs/libraries/unsigned.so"
	runs "dlopen of a signed library" python3 -c '
import ctypes, sys
ctypes.CDLL(sys.argv[1])' "$fs/libraries/signed.so"
else
	skip "dlopen" "no python3"
fi
echo text >fs/libraries/data
runs "what is not ELF is opened in a library folder" cat fs/libraries/data

## changed files are judged afresh

cp fs/signed fs/changing && age
runs "changing: runs" fs/changing
runs "changing: runs from the cache" fs/changing
printf X | dd of=fs/changing bs=1 seek=5000 conv=notrunc status=none
denied "changing: denied after a write" fs/changing
cp fs/signed fs/changing && runs "changing: runs when it is good again" fs/changing
age
runs "changing: is cached" fs/changing
if command -v python3 >/dev/null; then
	# tmpfs sets no time for what is written to a page that was read through the mapping before.
	python3 -c '
import mmap, os, sys
with open(sys.argv[1], "r+b") as file:
    before = os.stat(sys.argv[1])
    with mmap.mmap(file.fileno(), 0) as m:
        m[5000:5001] = bytes([m[5000] ^ 1])
after = os.stat(sys.argv[1])
sys.exit((before.st_mtime_ns, before.st_ctime_ns) != (after.st_mtime_ns, after.st_ctime_ns))
' fs/changing
	ok "changing: a shared mapping leaves the times as they were" $?
	denied "changing: denied after a write through a shared mapping" fs/changing
	cp fs/signed fs/held && age
	runs "held: runs" fs/held
	exec 7<>fs/held
	preload_held=$(fs/held 2>&1)
	exec 7>&-
	[[ $preload_held == *"busy"* || $preload_held == *"not permitted"* ]]
	ok "held: not while somebody has it open for writing" $?
	runs "held: runs again" fs/held
fi
cp fs/signed fs/replaced && age
runs "replaced: runs" fs/replaced
cp fs/unsigned fs/new && mv fs/new fs/replaced
denied "replaced by rename: denied" fs/replaced
cp -p fs/signed fs/first && age
runs "inode: runs" fs/first
rm fs/first && cp -p fs/unsigned fs/second
denied "inode, perhaps the same one again: denied" fs/second

## what is revoked while it runs

store=/var/lib/digsig/revoked # on a tmpfs: see above
# revoke OPTION...: by the command that tells no engine in the kernel of it.
revoke() { "$digsig" revoke -q --store "$store" "$@"; }
sign --identity org.example.old --epoch 3 fs/replaced 2>/dev/null
cp /bin/true fs/old && sign --identity org.example.old --epoch 3 fs/old
cp /bin/true fs/young && sign --identity org.example.old --epoch 4 fs/young
cp /bin/true fs/victim && sign --identity org.example.victim fs/victim
age
for name in old young victim; do
	runs "revoke: $name runs" "fs/$name"
	runs "revoke: $name runs from the cache" "fs/$name"
done
revoke --file fs/victim
denied "revoke --file: the next exec is denied" fs/victim
logged revoked "$fs/victim" denied
runs "revoke --file: others run" fs/old
revoke --identity-below org.example.old=4
denied "revoke --identity-below: denied" fs/old
logged rollback "$fs/old" denied
runs "revoke --identity-below: the epoch itself" fs/young
"$digsig" verify --trust me.crt --revoked "$store" fs/victim fs/old fs/young >.output 2>&1
grep -q 'victim: revoked' .output && grep -q 'old: rollback' .output && grep -q 'young: ok' .output
ok "verify agrees" $?
# As in the kernel, nothing is taken back by changing the file.
cp "$store" kept && rm "$store"
denied "the store is gone: what was revoked stays so" fs/victim
echo nonsense >"$store"
denied "a damaged store: what was revoked stays so" fs/victim
runs "a damaged store: the engine goes on" fs/young
grep -q "$store:1: .*stays so" errors
ok "a damaged store: says so" $?
ok "a damaged store: says so once" $(($(grep -c "$store:1: " errors) != 1))
cp kept "$store"
revoke --file fs/young
denied "a store that is well again counts" fs/young
# Whoever has it in the cache, and whoever asks while it changes.
for i in {1..20}; do
	cp /bin/true "fs/race.$i"
	sign --identity "org.example.race.$i" "fs/race.$i"
done
age
: >late
for i in {1..20}; do
	"fs/race.$i" && "fs/race.$i"
	revoke --file "fs/race.$i"
	! "fs/race.$i" 2>/dev/null || echo "$i" >>late
done
cp late .output
ok "20 revocations: none of them comes too late" $(($(wc -l <late) != 0))
cp "$library" fs/libraries/revoked.so && sign --identity org.example.library fs/libraries/revoked.so
age
preload revoked.so >.output 2>&1
grep -q libraries/revoked.so .output
ok "revoke: a library is loaded" $?
revoke --identity-below org.example.library=1
preload revoked.so >.output 2>&1
! grep -q 'r-xp.*libraries/revoked.so' .output
ok "revoke: a library is not loaded any more" $?

## many at once

for i in {1..8}; do
	cp fs/signed "fs/good.$i"
	cp fs/unsigned "fs/bad.$i"
done
: >good && : >bad
pids=()
for i in {1..64}; do
	n=$((i % 8 + 1))
	(timeout 60 "fs/good.$n" && echo ran >>good) &
	pids+=($!)
	(timeout 60 "fs/bad.$n" 2>/dev/null && echo ran >>bad) &
	pids+=($!)
done
wait "${pids[@]}" 2>/dev/null
cat good bad >.output
ok "storm: every signed one of 64 ran" $(($(wc -l <good) != 64))
ok "storm: no unsigned one of 64 ran" $(($(wc -l <bad) != 0))
kill -0 "$engine"
ok "storm: the engine is still there" $?

## limits, shown so that the day they change is noticed

loader=$(readlink -f /lib64/ld-linux-x86-64.so.2 || true)
if [[ -x $loader ]]; then
	runs "limit: ld.so PROGRAM is not seen: the file is only mapped" "$loader" "$fs/unsigned"
fi
cp fs/elsewhere.so fs/other.so
LD_PRELOAD=$fs/other.so fs/cat /proc/self/maps >.output 2>&1
grep -q 'r-xp.*other.so' .output
ok "limit: a library outside of the library folders is not seen" $?
if command -v python3 >/dev/null; then
	runs "limit: a program in memory is on no marked file system" python3 -c '
import os, sys
fd = os.memfd_create("x")
os.write(fd, open(sys.argv[1], "rb").read())
pid = os.fork()
if not pid:
    os.execve("/proc/self/fd/%d" % fd, ["x"], {})
sys.exit(os.waitpid(pid, 0)[1])' "$fs/unsigned"
fi
kill -9 "$engine"
wait "$engine" 2>/dev/null
engine=
runs "limit: killed, it fails open" fs/unsigned
"$digsig" status >.output 2>&1
ok "killed: status does not believe the file that is left" $(($? != 3))

## the other modes

start_engine monitor
runs "monitor: unsigned runs" fs/unsigned
runs "monitor: tampered runs" fs/tampered
logged unsigned "$fs/unsigned" allowed
"$digsig" learn --list log >.output
grep -q -x "$fs/unsigned" .output && ! grep -q tampered .output
ok "learn takes its log: unsigned is to be signed, tampered is not" $?
stop_engine
runs "stopped: unsigned runs" fs/unsigned
[[ ! -e /run/digsig/fanotify ]]
ok "stopped: the state file is gone" $?
start_engine permissive
runs "permissive: unsigned runs" fs/unsigned
denied "permissive: tampered is denied" fs/tampered
stop_engine

echo nonsense >"$store"
"$digsig" fanotify --trust me.crt --file-system "$fs" >.output 2>&1
ok "a damaged store at the start: it does not start" $(($? != 1))
grep -q "$store:1: " .output
ok "a damaged store at the start: says so" $?
rm "$store"
printf 'sequence 1\ndigest %s\n' "$(sha256sum <fs/signed | cut -d ' ' -f 1)" >list
openssl cms -sign -binary -noattr -nosmimecap -nocerts -keyid -md sha256 -outform PEM \
	-signer me.crt -inkey me.key -in list | cat list - >list.signed
start_engine enforcing --no-libraries --revoked "$work/list.signed"
denied "--revoked with a signed list: denied" fs/signed
runs "--revoked with a signed list: others run" fs/young
stop_engine
"$digsig" fanotify --trust other.crt --revoked list.signed --file-system "$fs" >.output 2>&1
ok "--revoked with a stranger's list: it does not start" $(($? != 67))

if command -v setpriv >/dev/null; then
	setpriv --reuid=65534 --regid=65534 --clear-groups "$digsig" fanotify --trust me.crt \
		>.output 2>&1
	ok "an ordinary user may not" $(($? != 1))
	grep -q 'root is needed' .output
	ok "and is told why" $?
fi
"$digsig" fanotify --trust me.crt --file-system "$work/nowhere" >.output 2>&1
ok "a file system that is not there: an error" $(($? != 1))
"$digsig" fanotify --mode nonsense >.output 2>&1
ok "a mode that is not there: wrong usage" $(($? != 2))

echo "1..$count"
