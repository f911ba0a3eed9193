#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# digsig check on a small system of its own, with packages, and on hostile trees. In the Test
# Anything Protocol.
#
#   check.sh DIGSIG
# shellcheck disable=SC2016 # commands for another shell to expand
set -uo pipefail

digsig=$(realpath "${1:?usage: check.sh DIGSIG}")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"

check() { "$digsig" check --trust "$work/me.crt" "$@"; }
sign() { "$digsig" sign -q --key "$work/me.key" "$@"; }

"$digsig" key new me >/dev/null
"$digsig" key new other >/dev/null

## verdicts and exit codes

mkdir tree && cd tree || exit 1
cp /bin/true good && sign good
expect 0 "all signed: exit code 0" check .
matches '1 would be allowed, 0 denied' "all signed: says so"
echo data >data.txt
echo '#!/bin/sh' >notes.sh
expect 0 "data, and a script that nobody may execute, do not count" check .
chmod +x notes.sh
expect 65 "a script that may be executed" check .
matches '1 unsigned +script: cannot carry' "a script: says that it needs a catalog"
"$digsig" catalog create -q --key ../me.key -o ../notes.catalog notes.sh
expect 0 "a script in a catalog" check --catalog ../notes.catalog .
matches '2 would be allowed, 0 denied' "a script in a catalog: says so"
"$digsig" catalog create -q --key ../other.key -o ../other.catalog notes.sh
expect 67 "a catalog of a stranger's" check --catalog ../other.catalog .
matches 'other.catalog: ' "a catalog of a stranger's: which"
expect 0 "--only elf: leaves it out" check --only elf .
cp /bin/true unsigned
expect 65 "unsigned" check --only elf .
matches '1 unsigned +program or library: ' "unsigned: by reason"
matches_not tree/unsigned "unsigned: the summary names no file"
expect 65 "--verbose" check --only elf -v .
matches "unsigned +$work/tree/unsigned\$" "--verbose names the file"
matches_not tree/good "--verbose does not name what is good"
cp good malformed && printf X | dd of=malformed bs=1 seek=$(($(stat -c %s good) - 1)) \
	conv=notrunc status=none
expect 68 "malformed outweighs unsigned" check .
cp /bin/true stranger && "$digsig" sign -q --key "$work/other.key" stranger
expect 67 "an unknown key outweighs malformed" check .
expect 0 "with both keys trusted it is well" check --trust "$work/other.crt" stranger
cp good tampered && printf X | dd of=tampered bs=1 seek=5000 conv=notrunc status=none
expect 66 "tampered outweighs all" check .
matches 'do not just sign it' "tampered: says what to do"
cp /usr/bin/env object.o && printf '\1\0' | dd of=object.o bs=1 seek=16 conv=notrunc status=none
cp object.o module.ko
expect 66 "object files and modules" check .
matches '1 kernel module, 0 allowed' "a module counts"
matches '1 object files and debug files, which nothing runs' "an object file does not"
if command -v objcopy >/dev/null; then
	objcopy --only-keep-debug /bin/true true.debug
	cp true.debug debug.ko
	check --list0 . >"$work/listed" 2>/dev/null
	! tr '\0' '\n' <"$work/listed" | grep -E 'true\.debug|debug\.ko' >"$work/.output"
	ok "debug files are not listed" $?
	expect 66 "debug files" check .
	matches '3 object files and debug files, which nothing runs' "debug files are counted"
	rm true.debug debug.ko
else
	skip "debug files are not listed" "no binutils"
fi
printf '\3757zXZ\0rest' >packed.ko.xz
expect 65 "--only modules" check --only modules .
matches '2 unsigned +kernel modules' "a packed module counts"
echo text >text.ko && echo text >text.ko.gz
expect 65 "--only modules: text that is named like one" check --only modules .
matches '2 unsigned +kernel modules' "text that is named like a module is none"
expect 0 "catalog create: text that is named like a module" \
	"$digsig" catalog create --list module.ko packed.ko.xz text.ko text.ko.gz
[[ $(sed -n 's/^[0-9a-f]*  //p' "$work/.output" | tr '\n' ' ') == "module.ko packed.ko.xz " ]]
ok "catalog create: takes the modules that check counts" $?
rm text.ko text.ko.gz
expect 2 "--only nonsense" check --only nonsense .
expect 2 "-j 0" check -j 0 .
expect 2 "--list=nonsense" check --list=nonsense .
expect 1 "a path that is not there" check nowhere
expect 0 "a single file" check good
expect 65 "a single file, unsigned" check unsigned
if [[ ! -e /etc/digsig/trust ]]; then
	expect 1 "no trust" "$digsig" check good
	matches "/etc/digsig/trust" "no trust: where it was looked for"
fi

## lists

expect 66 "--list" check --list .
matches "^$work/tree/unsigned\$" "--list: what can be signed"
matches_not 'tampered$|stranger$|malformed$|/notes\.sh|\.ko|good$' \
	"--list: not what is bad, nor what is good, nor what cannot carry a signature"
expect 66 "--list=catalog" check --list=catalog .
matches "^$work/tree/notes.sh\$" "--list=catalog: scripts"
matches "^$work/tree/module.ko\$" "--list=catalog: modules"
matches_not 'unsigned$|tampered$' "--list=catalog: not what can be signed, nor what is bad"
mkdir "$work/sign" && cp /bin/true "$work/sign/a b" && cp /bin/true "$work/sign/"$'new\nline'
check --list0 "$work/sign" | xargs -0 "$digsig" sign -q --key "$work/me.key"
expect 0 "--list0 feeds digsig sign, whatever the names" check "$work/sign"
printf 'old\n' >"$work/sfx" && cat /bin/true "$work/sfx" >"$work/sfx.bin" && rm "$work/sfx"
expect 65 "what sign refuses" check --list=catalog "$work/sfx.bin"
matches 'sfx.bin$' "is for a catalog"
if command -v python3 >/dev/null; then
	expect 66 "--json" check --json .
	head -n 1 "$work/.output" >"$work/json"
	python3 -c '
import json, sys
answer = json.load(open(sys.argv[1]))
verdicts = {entry["path"].rsplit("/", 1)[1]: entry["verdict"] for entry in answer["entries"]}
assert verdicts["tampered"] == "tampered", verdicts
assert verdicts["stranger"] == "unknownkey", verdicts
assert verdicts["malformed"] == "malformed", verdicts
assert verdicts["unsigned"] == "unsigned", verdicts
assert "good" not in verdicts, verdicts
assert answer["denied"] == len(answer["entries"])
assert sum(reason["denied"] for reason in answer["reasons"]) == answer["denied"]
assert sum(package["denied"] for package in answer["packages"]) == answer["denied"]' \
		"$work/json" 2>>"$work/.output"
	ok "--json: verdicts, and sums that are right" $?
fi

## what was revoked

mkdir "$work/revoked" && cd "$work/revoked" || exit 1
cp /bin/true file && sign --identity org.example.file --epoch 3 file
cp /bin/false other && sign other
printf '#!/bin/sh\n' >listed.sh && chmod +x listed.sh
printf '#!/bin/sh\necho\n' >beside.sh && chmod +x beside.sh && sign --detached beside.sh
"$digsig" catalog create -q --key "$work/me.key" --identity org.example.list --epoch 5 \
	-o "$work/listed.catalog" listed.sh
revoke() { "$digsig" revoke -q --store "$work/store" "$@"; }
checked() { check --revoked "$work/store" --catalog "$work/listed.catalog" -v "$work/revoked"; }
expect 0 "--revoked: nothing is" checked
revoke --file file
expect 67 "--revoked: a digest" checked
matches "revoked +$work/revoked/file\$" "--revoked: a digest: which"
matches '1 revoked +program or library: trust in it was taken back' "--revoked: a digest: in words"
rm "$work/store" && revoke --identity-below org.example.file=4
expect 67 "--revoked: an epoch" checked
matches "rollback +$work/revoked/file\$" "--revoked: an epoch: which"
matches '4 would be allowed|, 1 denied' "--revoked: an epoch: no other"
rm "$work/store" && revoke --identity-below org.example.list=6
expect 67 "--revoked: a catalog's epoch" checked
matches "rollback +$work/revoked/listed.sh\$" "--revoked: a catalog's epoch: what it lists"
rm "$work/store" && revoke --key "$work/me.crt"
expect 67 "--revoked: a key" checked
matches ', 4 denied' "--revoked: a key: files, catalogs and signatures beside files"
rm "$work/store" && revoke --key "$work/other.crt"
expect 0 "--revoked: somebody else's key" checked
expect 67 "--root: its own store" sh -c 'mkdir -p root/var/lib/digsig && cp file root/file &&
	"$1" revoke -q --store root/var/lib/digsig/revoked --file file &&
	"$1" check --trust "$2" --root root' sh "$digsig" "$work/me.crt"
echo nonsense >"$work/store"
expect 1 "--revoked: a damaged store" checked
matches 'store:1: ' "--revoked: a damaged store: where"
printf 'sequence 3\ndigest %s\n' "$(sha256sum <other | cut -d ' ' -f 1)" >"$work/list"
openssl cms -sign -binary -noattr -nosmimecap -nocerts -keyid -md sha256 -outform PEM \
	-signer "$work/me.crt" -inkey "$work/me.key" -in "$work/list" | cat "$work/list" - >"$work/store"
expect 67 "--revoked: a signed list" checked
matches "revoked +$work/revoked/other\$" "--revoked: a signed list: what it says"
sed -i 's/sequence 3/sequence 4/' "$work/store"
expect 67 "--revoked: a list that was changed" checked
matches 'store: badsig: ' "--revoked: a list that was changed: is not taken"
rm "$work/store"
if command -v python3 >/dev/null; then
	revoke --file file
	check --json --revoked "$work/store" --catalog "$work/listed.catalog" . >"$work/json"
	python3 -c '
import json, sys
answer = json.load(open(sys.argv[1]))
entry, = [entry for entry in answer["entries"] if entry["path"].endswith("/revoked/file")]
assert entry["verdict"] == "revoked", entry' "$work/json" >"$work/.output" 2>&1
	ok "--revoked: --json" $?
fi

## hostile trees

mkdir "$work/hostile" && cd "$work/hostile" || exit 1
ln -s . loop && ln -s .. up && ln -s nowhere dangling && ln -s /bin/true link
mkfifo fifo
cp /bin/true $'evil\033[2Jname'
expect 65 "loops, FIFOs, dangling links, hostile names" timeout 60 "$digsig" check \
	--trust "$work/me.crt" -v .
matches '1 denied|, 1 denied' "links are not followed"
matches 'evil\\x1b\[2Jname' "names do not speak to the terminal"
expect 65 "a root that is a symbolic link to a folder" check up/hostile
mkdir many && (cd many && for i in {1..300}; do echo "$i" >"$i"; done)
mkdir deep && (cd deep && for _ in {1..200}; do mkdir d && cd d || exit; done && cp /bin/true x)
expect 65 "deep folders, many threads" check -j 16 .
matches ', 2 denied' "deep folders: found"
long=$(printf 'n%.0s' {1..250})
mkdir toolong && (cd toolong && for _ in {1..20}; do mkdir "$long" && cd "$long" || exit; done
	cp /bin/true x)
expect 65 "a path that is too long" check .
matches 'could not be read' "a path that is too long: is said"
rm -rf toolong
printf '\177ELF' >tiny && : >empty && printf '#!' >short && chmod +x short
expect 65 "tiny files" check tiny empty short
for i in {1..200}; do cp /bin/true "vanish.$i"; done
(sleep 0.02 && rm -f vanish.*) &
expect 65 "files that vanish" check .
wait
expect 65 "files that have vanished" check --only elf .
if [[ $(id -u) -eq 0 ]] && command -v setpriv >/dev/null; then
	chmod 755 "$work"
	mkdir secret && chmod 700 secret && cp /bin/true secret
	cp /bin/true unreadable && chmod 0 unreadable
	expect 65 "unreadable files and folders" setpriv --reuid=65534 --regid=65534 \
		--clear-groups "$digsig" check --trust "$work/me.crt" .
	matches '^2 files or folders could not be read' "unreadable: counted"
	mkdir only && mv secret only
	expect 1 "nothing but an unreadable folder: exit code 1" setpriv --reuid=65534 \
		--regid=65534 --clear-groups "$digsig" check --trust "$work/me.crt" only
else
	skip "unreadable files" "not root"
fi
if [[ $(id -u) -eq 0 ]] && unshare -m true 2>/dev/null; then
	mkdir mounts mounts/proc mounts/bind
	cp /bin/true mounts/x
	expect 65 "mounts below" unshare -m --propagation private sh -c '
		mount -t proc proc mounts/proc && mount --bind mounts mounts/bind &&
			exec timeout 60 "$1" check --trust "$2" mounts' sh "$digsig" "$work/me.crt"
	matches ', 1 denied' "proc is passed over, and a folder that is there twice is read once"
else
	skip "mounts" "not root, or no mount namespaces"
fi

## packages, and what a machine needs to boot: a system of its own

root=$work/system
mkdir -p "$root"/usr/{bin,sbin,lib,lib64} "$root"/var/lib/dpkg/info "$root/etc"
ln -s usr/bin "$root/bin" && ln -s usr/sbin "$root/sbin"
ln -s usr/lib "$root/lib" && ln -s usr/lib64 "$root/lib64"
cp /bin/true "$root/usr/bin/tool"
cp /bin/true "$root/usr/bin/tool.real"
cp /bin/true "$root/usr/bin/aliased"
cp /bin/true "$root/usr/bin/local"
cp /bin/true "$root/usr/sbin/init"
cp /bin/true "$root/usr/bin/dash" && ln -s dash "$root/usr/bin/sh"
printf '/.\n/usr/bin/tool\n' >"$root/var/lib/dpkg/info/original.list"
printf '/usr/bin/tool\n' >"$root/var/lib/dpkg/info/diverter:amd64.list"
printf '/bin/aliased\n/sbin/init\n/bin/dash\n' >"$root/var/lib/dpkg/info/old.list"
printf '/usr/bin/tool\n/usr/bin/tool.real\ndiverter\n' >"$root/var/lib/dpkg/diversions"
loader=$(readelf -l /bin/true 2>/dev/null | sed -n 's/.*interpreter: \(.*\)]/\1/p')
if [[ -n $loader ]]; then
	cp "$loader" "$root$loader"
	cp "$(ldd /bin/true | grep -o '/[^ ]*libc\.so[^ ]*' | head -n 1)" "$root/usr/lib/libc.so.6"
fi
# owner FILE PACKAGE
owner() {
	check --root "$root" -v >"$work/.output"
	awk -v file="$root/usr/bin/$1" '
		/^ +[0-9]+ / && !/unsigned/ { package = $2 }
		$2 == file { print package }' "$work/.output" | grep -q -x -F -- "$2"
	ok "$1 is of $2" $?
}
owner tool diverter:amd64
owner tool.real original
owner aliased old
owner local "(of"
check --root "$root" >"$work/.output"
matches "does not boot|DOES NOT BOOT" "what a machine needs to boot stands out"
matches "unsigned +$root/usr/sbin/init +\(PID 1\)" "PID 1"
matches "unsigned +$root/usr/bin/dash +\(shell\)" "the shell, behind its symbolic link"
if [[ -n $loader ]]; then
	matches '\(dynamic loader\)' "the dynamic loader"
	matches "usr/lib/libc.so.6 +\(needed by PID 1\)" "the libraries that it needs"
fi
sign "$root/usr/sbin/init" "$root/usr/bin/dash" "$root/usr/lib"/* "$root/usr/lib64"/* 2>/dev/null
check --root "$root" >"$work/.output"
matches_not 'DOES NOT BOOT' "signed, they do not stand out"
mkdir "$work/path" "$root/var/lib/rpm"
{
	echo '#!/bin/sh'
	printf "printf '%%s\\\\t%%s\\\\n' rpmtool /usr/bin/local lonely /nowhere rpmtool /bin/other\n"
} >"$work/path/rpm"
chmod +x "$work/path/rpm"
PATH=$work/path:$PATH
owner local rpmtool

echo "1..$count"
