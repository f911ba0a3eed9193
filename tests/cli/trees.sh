#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# digsig sign, verify and strip on whole trees, and sign --output-dir. In the Test Anything Protocol.
#
#   trees.sh DIGSIG
set -uo pipefail

digsig=$(realpath "${1:?usage: trees.sh DIGSIG}")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"
chmod 755 "$work"

holds() {
	local name=$1

	shift
	"$@" >>"$work/.output" 2>&1
	ok "$name" $?
}

inode() { stat -c %i "$1"; }
digests() { (cd "$1" && find . -type f -print0 | sort -z | xargs -0 sha256sum); }
sign() { "$digsig" sign --key me.key "$@"; }
nothing_temporary() { [[ -z $(find "$1" -name '*.digsig-*') ]]; }

"$digsig" key new me >/dev/null
"$digsig" key new other >/dev/null
"$digsig" key new fast --algo ecdsa-p256 >/dev/null

# A small tree with one of each.
plant() {
	rm -rf "$1"
	mkdir -p "$1/bin" "$1/lib/deep/er" "$1/share"
	cp /bin/true "$1/bin/true"
	cp /bin/ls "$1/bin/ls"
	cp /bin/true "$1/lib/libone.so"
	cp /bin/true "$1/lib/deep/er/libtwo.so"
	printf '#!/bin/sh\n' >"$1/bin/script" && chmod +x "$1/bin/script"
	echo data >"$1/share/data"
	ln -s ../bin/true "$1/share/link"
	ln -s /bin "$1/share/folder"
	{ cat /bin/true && echo payload; } >"$1/bin/self-extractor"
}

plant t
digests t >before
expect 68 "--dry-run" sign -r --dry-run t
matches '^t/bin/ls: would be signed' "--dry-run: says which"
matches '^4 would be signed, 1 cannot carry a signature; of 7 files 2 are not ELF' "--dry-run: the summary"
digests t >after
holds "--dry-run: changes nothing" cmp before after
expect 68 "sign -r" sign -r t
matches '^4 signed, 1 cannot carry a signature; of 7 files 2 are not ELF' "sign -r: the summary"
matches '^digsig: t/bin/self-extractor: ' "sign -r: what cannot carry a signature"
matches '^ +1 cannot carry a signature: ' "sign -r: and why, in the summary"
matches_not 'script|share|t/bin/ls' "sign -r: silent about the rest"
expect 65 "verify -r: one is not signed" "$digsig" verify -r --trust me.crt t
matches '^t/bin/self-extractor: unsigned' "verify -r: which"
matches '^4 ok, 1 not ok' "verify -r: the summary"
expect 0 "verify -r --exclude" "$digsig" verify -r --trust me.crt --exclude 'self-*' t
expect 67 "verify -r: another key" "$digsig" verify -r --trust other.crt t
expect 67 "verify -r -q" "$digsig" verify -rq --trust other.crt t
[[ $(wc -l <.output) -eq 1 ]]
ok "verify -r -q: prints nothing" $?
holds "links in the tree are not followed" "$digsig" verify --trust me.crt t/share/link
holds "the symbolic link stays" test -L t/share/link

expect 68 "sign -r, again" sign -r t
matches '^0 signed, 4 signed already' "again: there is nothing to do"
stamp=$(stat -c %i:%Z t/bin/ls)
expect 68 "sign -r with another identity" sign -r --identity org.example t
matches '^4 signed' "another identity: signs again"
holds "another identity: replaces the file" test "$stamp" != "$(stat -c %i:%Z t/bin/ls)"
expect 68 "sign -r --epoch" sign -r --identity org.example --epoch 2 t
matches '^4 signed' "another epoch: signs again"
expect 68 "sign -r --wx" sign -r --identity org.example --epoch 2 --wx t
matches '^4 signed' "--wx: signs again"
expect 68 "the same" sign -r --identity org.example --epoch 2 --wx t
matches '^0 signed, 4 signed already' "the same options: nothing to do"
expect 68 "--force" sign -r --force --identity org.example --epoch 2 --wx t
matches '^4 signed' "--force: signs again"
expect 68 "another key" "$digsig" sign -r --key other.key t
matches '^4 signed' "another key: signs again"
expect 68 "SOURCE_DATE_EPOCH" env SOURCE_DATE_EPOCH=1000 "$digsig" sign -r --key other.key t
matches '^4 signed' "SOURCE_DATE_EPOCH: signs again"
digests t >before
expect 68 "SOURCE_DATE_EPOCH, the same" env SOURCE_DATE_EPOCH=1000 "$digsig" sign -r --key other.key t
matches '^0 signed, 4 signed already' "SOURCE_DATE_EPOCH, the same: nothing to do"
digests t >after
holds "SOURCE_DATE_EPOCH, the same: nothing changed" cmp before after

# What was changed after signing is not vouched for in passing.
plant t
rm t/bin/self-extractor
sign -rq t
printf 'X' | dd of=t/bin/ls bs=1 seek=5000 conv=notrunc status=none
expect 66 "a tampered file is not signed" sign -r t
matches '^digsig: t/bin/ls: .*--force' "a tampered file: what to do"
expect 66 "nor by another key" "$digsig" sign -r --key other.key t
matches '^3 signed, 1 failed' "another key: the others are"
expect 66 "verify -r: tampered" "$digsig" verify -r --trust me.crt --trust other.crt t
expect 66 "a tampered file: --dry-run knows it" sign -r --dry-run t
expect 66 "a tampered file: not into an output folder" sign -r --output-dir elsewhere t
expect 0 "--force signs it" sign -r --force t
expect 0 "as verify says" "$digsig" verify -r --trust me.crt t

expect 0 "strip -r --dry-run" "$digsig" strip -r --dry-run t
matches '^4 would be stripped' "strip -r --dry-run: the summary"
expect 0 "strip -r" "$digsig" strip -r t
matches '^4 stripped; of 6 files' "strip -r: the summary"
holds "strip -r: the original again" cmp /bin/true t/lib/deep/er/libtwo.so
expect 0 "strip -r, again" "$digsig" strip -r t
matches '^0 stripped, 4 not signed' "strip -r, again: nothing to do"

# Files of debug information: gdb finds them by their checksum.
if command -v objcopy >/dev/null && command -v eu-strip >/dev/null; then
	mkdir debug
	cp /bin/ls debug/program
	objcopy --only-keep-debug debug/program debug/program.debug
	eu-strip -f debug/other.debug -o debug/other debug/program
	cp -r debug before-debug
	expect 0 "debug files: sign -r" sign -r debug
	matches '^2 signed; of 4 files 0 are not ELF, 2 hold only debug information$' \
		"debug files: the summary"
	expect 0 "debug files: are left alone" cmp debug/program.debug before-debug/program.debug
	expect 0 "debug files: eu-strip's too" cmp debug/other.debug before-debug/other.debug
	expect 0 "debug files: verify -r leaves them out" "$digsig" verify -r --trust me.crt debug
	sign -r --json --force debug 2>/dev/null | grep -q '"only_debug":2'
	ok "debug files: --json counts them" $?
	expect 0 "debug files: one that is named is signed" "$digsig" sign --key me.key debug/program.debug
	expect 0 "debug files: strip -r takes it" "$digsig" strip -r debug
	expect 0 "debug files: the original again" cmp debug/program.debug before-debug/program.debug
else
	skip "debug files" "no binutils or no elfutils"
fi

# Who synchronises by size and time gets what was signed last.
plant t
rm t/bin/self-extractor
sign -rq t
"$digsig" sign -rq --key me.key --output-dir out-times t
cp -rp t copy
"$digsig" sign -rq --key other.key t
cp -rp copy copy-again
cp -rpu t/. copy
expect 0 "cp -u sees a new signature" "$digsig" verify -r --trust other.crt copy
if command -v rsync >/dev/null; then
	rsync -a t/ copy-again/
	expect 0 "rsync -a sees a new signature" "$digsig" verify -r --trust other.crt copy-again
else
	skip "rsync -a sees a new signature" "no rsync"
fi
cp -rp out-times copy-times
rm -r copy copy-again && "$digsig" strip -rq t && "$digsig" sign -rq --key other.key --output-dir out-times t
[[ $(stat -c %Y out-times/bin/ls) != "$(stat -c %Y copy-times/bin/ls)" ]]
ok "--output-dir: a new signature has a new time" $?
before=$(stat -c %y t/bin/ls)
sign -rq t && sign -rq --key other.key --keep-times t
[[ $(stat -c %y t/bin/ls) == "$before" ]]
ok "--keep-times keeps it" $?
rm -r out-times copy-times

# Patterns.
patterns() {
	local name=$1 expected=$2

	shift 2
	"$digsig" sign -r --key me.key --dry-run "$@" t 2>&1 | sed -n 's/: would be signed$//p' |
		sort | paste -s -d ' ' >.output
	[[ $(cat .output) == "$expected" ]]
	ok "$name" $?
}
patterns "--include a name" "t/lib/deep/er/libtwo.so t/lib/libone.so" --include '*.so'
patterns "--include twice" "t/bin/ls t/lib/deep/er/libtwo.so t/lib/libone.so" --include '*.so' --include ls
patterns "--exclude wins" "t/lib/libone.so" --include '*.so' --exclude 'libtwo*'
patterns "--exclude a folder by name" "t/bin/ls t/bin/true t/lib/libone.so" --exclude deep
patterns "--exclude a path" "t/bin/true t/lib/deep/er/libtwo.so t/lib/libone.so" --exclude bin/ls
patterns "--include a path: * matches slashes" "t/lib/deep/er/libtwo.so t/lib/libone.so" --include 'lib/*'
patterns "--include from the root" "t/bin/ls t/bin/true" --include '/bin/*'
patterns "a pattern for nothing" "" --include nothing
expect 0 "excluded files are counted" sign -r --dry-run --exclude '*.so' t
matches ' excluded$' "excluded: in the summary"

# Hard links.
plant t
rm t/bin/self-extractor
ln t/bin/ls t/lib/ls && ln t/bin/ls t/bin/dir
expect 0 "hard links in the tree" sign -r t
matches '^4 signed; of 8 files' "hard links: signed once"
[[ $(inode t/bin/ls) == "$(inode t/lib/ls)" && $(inode t/bin/ls) == "$(inode t/bin/dir)" ]]
ok "hard links: all names are one file" $?
expect 0 "hard links: it is signed" "$digsig" verify --trust me.crt t/lib/ls t/bin/dir
expect 0 "hard links: again" sign -r t
matches '^0 signed, 4 signed already' "hard links, again: nothing to do"
expect 0 "strip -r: hard links" "$digsig" strip -r t
[[ $(inode t/bin/ls) == "$(inode t/lib/ls)" ]] && cmp t/lib/ls /bin/ls
ok "strip -r: all names are one file" $?
ln t/bin/ls outside
expect 70 "a hard link from outside" sign -r t
matches 'other hard links than the 3 here' "outside: says so"
matches '^3 signed, 1 failed' "outside: the others are signed"
holds "outside: the file is as it was" cmp outside /bin/ls
expect 70 "a name that is excluded counts as outside" sign -r --exclude lib t
expect 70 "--dry-run: a hard link from outside" sign -r --dry-run t
expect 0 "--break-links" sign -r --break-links t
[[ $(inode t/bin/ls) == "$(inode t/lib/ls)" ]] && cmp outside /bin/ls
ok "--break-links: one file here, the old one there" $?
rm outside

# A file named twice.
plant t
rm t/bin/self-extractor
expect 0 "a folder, and a file in it" sign -r t t/bin/ls t/bin/../bin/true t
holds "a folder, and a file in it: nothing is left over" nothing_temporary t
expect 0 "a folder, and a file in it: signed" "$digsig" verify -r --trust me.crt t
ln -s t named
"$digsig" strip -rq t
expect 0 "a symbolic link that is named is followed" sign -r named
matches '^4 signed' "named: what is behind it is signed"
mkdir links && ln -s ../t links/out
expect 70 "a named link out of its folder" sign -r links/out
says "leads out of its folder" "a named link out of its folder: says so"
says_not "signed" "a named link out of its folder: nothing else is done"
expect 70 "strip: a named link out of its folder" "$digsig" strip -r --dry-run links/out
expect 0 "a named link out of its folder, with a slash" sign -r --dry-run links/out/
expect 0 "--allow-outside-links" sign -r --dry-run --allow-outside-links links/out

# Into another folder.
plant t
rm t/bin/self-extractor
ln t/bin/ls t/lib/ls
digests t >before
expect 0 "--output-dir -r" sign -r --output-dir out t
matches '^4 signed' "--output-dir: the summary"
digests t >after
holds "--output-dir: the source stays" cmp before after
(cd out && find . ! -type d | sort | paste -s -d ' ') >.output
[[ $(cat .output) == "./bin/ls ./bin/true ./lib/deep/er/libtwo.so ./lib/libone.so ./lib/ls" ]]
ok "--output-dir: what is signed, by its path, and nothing else" $?
expect 0 "--output-dir: verify" "$digsig" verify -r --trust me.crt out
[[ $(inode out/bin/ls) == "$(inode out/lib/ls)" ]]
ok "--output-dir: hard links stay hard links" $?
[[ $(stat -c %a:%Y t/bin/ls) == "$(stat -c %a:%Y out/bin/ls)" ]]
ok "--output-dir: mode and time" $?
expect 0 "--output-dir, again" sign -r --output-dir out t
matches '^0 signed, 4 signed already' "--output-dir, again: nothing to do"
# Same size, same time, one other byte: as builds with a fixed time make them.
stamp=$(stat -c %y t/bin/true)
printf 'X' | dd of=t/bin/true bs=1 seek=5000 conv=notrunc status=none
touch -d "$stamp" t/bin/true
expect 0 "--output-dir: a source that changed" sign -r --output-dir out t
matches '^1 signed, 3 signed already' "--output-dir: it is signed again"
expect 2 "--output-dir: the folder itself" sign -r --output-dir t t
expect 2 "--output-dir: a folder above" sign -r --output-dir . t
expect 0 "--output-dir: a folder inside" sign -r --output-dir t/signed t
expect 0 "--output-dir: a folder inside, again" sign -r --output-dir t/signed t
matches '^0 signed, 4 signed already' "--output-dir: is not entered itself"
rm -rf t/signed out
expect 0 "--output-dir --dry-run" sign -r --dry-run --output-dir out t
holds "--output-dir --dry-run: makes no folder" test ! -e out
mkdir out && ln -s "$work/t/bin" out/bin
expect 70 "--output-dir: a symbolic link inside is not followed" sign -r --output-dir out t
digests t >after
holds "--output-dir: and the source stays" test "$(grep -c . before)" = "$(grep -c . after)"
cp -r t u
expect 2 "--output-dir: two files of one name" sign -r --output-dir out2 t u
rm -rf out out2 u
expect 0 "--output-dir with files" sign --output-dir out t/bin/ls /bin/true
expect 0 "--output-dir with files: verify" "$digsig" verify --trust me.crt out/ls out/true
holds "--output-dir with files: the source stays" cmp t/bin/ls /bin/ls
expect 2 "--output-dir with files: their own folder" sign --output-dir t/bin t/bin/ls
expect 68 "--output-dir with files: what is not ELF" sign --output-dir out t/bin/script
holds "--output-dir with files: puts nothing there" test ! -e out/script

# JSON.
plant t
cp /bin/true t/bin/$'new\nline'
sign -r --json t >json 2>.output
holds "--json: no other output" test ! -s .output
python3 -c '
import json
lines = [json.loads(line) for line in open("json")]
summary = lines.pop()["summary"]
assert [line["path"] for line in lines] == ["t/bin/self-extractor"], lines
assert lines[0]["result"] == "cannot_carry" and lines[0]["reason"] == "refused"
assert summary["signed"] == 5 and summary["cannot_carry"] == 1, summary
assert summary["files"] == 8 and summary["not_elf"] == 2, summary
assert summary["reasons"][0]["count"] == 1 and not summary["interrupted"]
' >>.output 2>&1
ok "--json: only what is not well, and the summary" $?
sign -r --json --dry-run --force t >json
python3 -c '
import json
lines = [json.loads(line) for line in open("json")]
assert lines[-1]["summary"]["would_sign"] == 5
assert sum(line.get("result") == "would_sign" for line in lines) == 5
assert any("new\nline" in line.get("path", "") for line in lines), lines
' >>.output 2>&1
ok "--json --dry-run: every file" $?
"$digsig" verify -r --json --trust other.crt t >json
python3 -c '
import json
lines = [json.loads(line) for line in open("json")]
assert lines.pop()["summary"]["not_ok"] == 6
assert sorted({line["reason"] for line in lines}) == ["unknownkey", "unsigned"], lines
' >>.output 2>&1
ok "verify --json" $?

# Usage.
expect 2 "--json without -r" sign --json t/bin/ls
expect 2 "--dry-run without -r" sign --dry-run t/bin/ls
expect 2 "-j 0" sign -r -j 0 t
expect 2 "-j with letters" sign -r -j two t
expect 2 "-r without a folder" sign -r
expect 1 "a folder that is not there" sign -r nowhere
matches 'nowhere: cannot be opened' "a folder that is not there: says so"
expect 68 "without -r a folder is refused" sign t

# A program that runs.
plant t
cp /bin/sleep t/bin/sleep
t/bin/sleep 60 &
sleeper=$!
sleep 0.5
expect 0 "a program that runs" sign -r --include sleep t
holds "a program that runs: runs on" kill -0 $sleeper
[[ $(readlink /proc/$sleeper/exe) == "$work/t/bin/sleep (deleted)" ]]
ok "a program that runs: the old file" $?
kill $sleeper
wait $sleeper 2>/dev/null
expect 0 "a program that runs: is signed" "$digsig" verify --trust me.crt t/bin/sleep

# Paths that are too long are said, and what is not too long is signed.
mkdir long
name=$(printf 'n%.0s' {1..250})
(
	cd long || exit
	for _ in {1..20}; do
		cp /bin/true true && mkdir "$name" && cd "$name" || exit
	done
)
expect 1 "paths longer than the system takes" sign -r long
matches 'File name too long' "long paths: are said"
matches '^1[567] signed, 1 failed' "long paths: the others are signed"
rm -rf long

# As an ordinary user.
if [[ $(id -u) -eq 0 ]] && command -v setpriv >/dev/null; then
	user() { setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }
	plant t
	rm t/bin/self-extractor
	chown -R 65534:65534 t
	mkdir -m 700 t/closed && cp /bin/true t/closed/
	mkdir -m 755 t/theirs && cp /bin/true t/theirs/
	cp /bin/true t/secret && chmod 600 t/secret
	cp me.key me-user.key && cp me.crt me-user.crt && chown 65534 me-user.key
	expect 70 "as a user" user "$digsig" sign -r --key me-user.key t
	matches '^digsig: t/closed: cannot be opened: Permission denied' "as a user: a closed folder"
	matches '^digsig: t/secret: cannot be opened: Permission denied' "as a user: a closed file"
	matches '^digsig: t/theirs/true: cannot create a temporary file' "as a user: a folder of others"
	matches '^4 signed, 3 failed' "as a user: the rest is signed"
	expect 70 "as a user: --dry-run knows it" user "$digsig" sign -r --force --dry-run --key me-user.key t
	matches '^4 would be signed, 3 would fail' "as a user: --dry-run, the summary"
	mkdir -m 777 theirs-out
	cp /bin/ls t/theirs/ls && chmod 4755 t/theirs/ls
	expect 1 "as a user, into another folder" user "$digsig" sign -r --key me-user.key --output-dir theirs-out t
	[[ $(stat -c %u:%a theirs-out/theirs/ls) == 65534:755 ]]
	ok "as a user, into another folder: another owner, and no set-user-id bit" $?
else
	skip "as a user" "not root"
fi

# Full and read-only file systems, in a mount namespace of their own.
if unshare -m true 2>/dev/null; then
	cat >in-namespace <<-'END'
		set -u
		mkdir -p small/t && mount -t tmpfs -o size=1m none small && mkdir small/t
		for i in 1 2 3 4 5; do cp /bin/true small/t/$i; done
		head -c 350k /dev/urandom >blob
		objcopy --add-section .blob=blob /bin/true small/t/large
		head -c 300k /dev/zero >small/fill
		"$1" sign -r -j 1 --key me.key small/t
		echo "full: $?"
		find small -name '*.digsig-*'
		mount -o remount,ro small
		"$1" sign -r --force --key me.key small/t
		echo "read-only: $?"
		mkdir other && mount -t tmpfs none other && mkdir -p other/below && cp /bin/true other/
		mount -t tmpfs none other/below && cp /bin/true other/below/
		"$1" sign -r --key me.key other
		"$1" sign -r --all-file-systems --key me.key other
	END
	unshare -m bash in-namespace "$digsig" >.output 2>&1
	matches '^full: 70' "a full disk"
	matches 'large: cannot write: No space left' "a full disk: says so"
	matches '^5 signed, 1 failed' "a full disk: what fits is signed"
	matches '^read-only: 70' "a read-only file system"
	matches_not '^small/.*digsig-' "nothing is left over"
	matches '^not entered, another file system: other/below: see --all-file-systems' \
		"another file system is not entered"
	matches '^1 signed, 1 signed already' "--all-file-systems enters it"
else
	skip "full, read-only and other file systems" "no mount namespaces here"
fi

# Thousands of files at once, and files that go while they are looked at.
mkdir many
for ((i = 0; i < 3000; i++)); do
	printf '%s\0' "many/$((i % 40))/$((i % 7))/tool$i"
done >names
xargs -0 -n 1 dirname -z <names | sort -zu | xargs -0 mkdir -p
xargs -0 -n 1 cp --reflink=auto /bin/true <names
expect 0 "3,000 files on 8 threads" "$digsig" sign -r -j 8 --key fast.key many
matches '^3000 signed; of 3000 files 0 are not ELF' "3,000 files: all of them"
expect 0 "3,000 files: verify" "$digsig" verify -r -j 8 --trust fast.crt many
matches '^3000 ok' "3,000 files: all are ok"
(cd many && find . -name 'tool*5' -print0 | xargs -0 -n 10 rm) &
"$digsig" strip -r -j 4 many >.output 2>&1
code=$?
wait $!
[[ $code -eq 0 ]]
ok "files that vanish meanwhile are nothing" $?
holds "files that vanish: nothing is left over" nothing_temporary many

# Killed and interrupted, at moments that differ; the same command then does the rest.
for signal in KILL INT TERM; do
	"$digsig" strip -rq many
	for delay in 0.05 0.15 0.3; do
		env --default-signal=INT "$digsig" sign -r -j 2 --key fast.key many >first 2>&1 &
		worker=$!
		sleep $delay
		kill -$signal $worker 2>/dev/null
		wait $worker 2>/dev/null
		"$digsig" verify -r --json --trust fast.crt many >json
		python3 -c '
import json
lines = [json.loads(line) for line in open("json")]
summary = lines.pop()["summary"]
assert len(lines) == summary["not_ok"], summary
assert all(line["reason"] == "unsigned" for line in lines), lines[:3]' >.output 2>&1
		ok "SIG$signal after $delay s: each file is signed or as it was" $?
		if [[ $signal == KILL ]]; then
			# Between linkat(2) and renameat(2) the new file has a temporary name, one a thread.
			[[ $(find many -name '*.digsig-*' -print -delete | wc -l) -le 2 ]]
			ok "SIG$signal after $delay s: at most a name a thread is left over" $?
		else
			holds "SIG$signal after $delay s: nothing is left over" nothing_temporary many
		fi
	done
	expect 0 "after SIG$signal: the same again" "$digsig" sign -r --key fast.key many
	expect 0 "after SIG$signal: all are signed" "$digsig" verify -r --trust fast.crt many
done
"$digsig" strip -rq many
[[ $(find many -type f -print0 | xargs -0 sha256sum | cut -d ' ' -f 1 | sort -u) == \
	$(sha256sum </bin/true | cut -d ' ' -f 1) ]]
ok "and stripped they are what they were" $?
( # An interrupt in an interactive shell, of which the summary is said.
	set -m
	"$digsig" sign -r -j 1 --key me.key many >.output 2>&1 &
	sleep 0.3
	kill -INT $! 2>/dev/null
	wait $!
	echo "exit code $?" >>.output
) 2>/dev/null
matches 'interrupted, [0-9]+ files left: the same command' "interrupted: says how to go on"
matches 'exit code 130' "interrupted: ends by the signal"

# An encrypted key, whose passphrase is asked for once.
echo secret >secret
"$digsig" key new locked --passphrase-file secret >/dev/null
if command -v script >/dev/null; then
	plant t
	rm t/bin/self-extractor
	printf 'secret\n' | script -qec "TERM=dumb '$digsig' sign -r --key locked.key t" /dev/null >.output 2>&1
	[[ $(grep -c -i 'passphrase or PIN of the key' .output) -eq 1 ]]
	ok "the passphrase is asked for once" $?
	expect 0 "the passphrase: signed" "$digsig" verify -r --trust locked.crt t
	# A terminal sees a bar, with files and bytes.
	script -qec "stty cols 120; TERM=xterm '$digsig' sign -r -j 1 --key me.key many" /dev/null >.output 2>&1 </dev/null
	matches 'signing, [0-9]+ of [0-9]+ files .*% .*MiB/.*/s.* left' "a progress bar for all of it"
else
	skip "the passphrase is asked for once" "no script(1)"
fi

echo "1..$count"
