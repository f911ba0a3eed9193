#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The digsig command on real files, case by case, in the Test Anything Protocol. Runs as root and
# as another user; what needs root then is skipped.
#
#   run.sh DIGSIG    the command to test
#
# Some commands are for another shell to expand.
# shellcheck disable=SC2016
set -uo pipefail

digsig=$(realpath "${1:?usage: run.sh DIGSIG}")
tests=$(dirname "$(realpath "$0")")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"

clean_up() {
	command -v chattr >/dev/null && chattr -R -i "$work" 2>/dev/null
	mountpoint -q "$work/full" 2>/dev/null && umount "$work/full"
}

sign() { "$digsig" sign -q --key me.key "$@"; }
verify() { "$digsig" verify --trust me.crt "$@"; }

# signed_runs NAME FILE [ARGUMENT...]: signs a program, verifies and strips it; the signed program
# does what the unsigned one does on this machine. A machine may not run the unsigned one either:
# not every kernel runs programs of 32 bits.
signed_runs() {
	local name=$1 file=$2 status

	shift 2
	cp "$file" "$file.original"
	{ "$file" "$@" </dev/null >before; } 2>before.errors
	status=$?
	expect 0 "$name: is signed" sign "$file"
	expect 0 "$name: verifies" verify "$file"
	if [[ $status -eq 0 ]]; then
		expect 0 "$name: runs" "$file" "$@"
		expect 0 "$name: has the output of the unsigned program" \
			sh -c '"$@" | cmp - before' sh "$file" "$@"
	else
		skip "$name: runs" "the unsigned program ends with $status here too: $(tail -n 1 before.errors)"
	fi
	expect 0 "$name: is stripped" "$digsig" strip -q "$file"
	expect 0 "$name: is the original again" cmp "$file" "$file.original"
}

## keys

expect 0 "key new" "$digsig" key new me
says "./me.key: the private key, not encrypted (--passphrase-file encrypts one): it stays with who signs" \
	"key new: says that the key is not encrypted, and where it goes"
says "./me.crt: its certificate: it goes to the hosts" "key new: says where the certificate goes"
expect 0 "key new: mode 0600" test "$(stat -c %a me.key)" = 600
expect 1 "key new: an existing key is kept" "$digsig" key new me
says "--force" "key new: says what to do about it"
expect 0 "key new --force --algo ecdsa-p256" "$digsig" key new ec --force --algo ecdsa-p256
mkdir keys
expect 0 "key new --out --subject --days" "$digsig" key new other --out keys \
	--subject "CN=Build, O=Example" --days 3
openssl x509 -in keys/other.crt -noout -text >.output 2>&1
says "O = Example" "key new: the subject is in the certificate"
says "CA:FALSE" "key new: the certificate is no CA's"
says "Code Signing" "key new: the certificate is for code signing"
says "Digital Signature" "key new: the certificate may sign"
expect 2 "key new: an unknown algorithm" "$digsig" key new x --algo dsa
expect 2 "key new: a name with a slash" "$digsig" key new a/b
expect 2 "key new: days that are none" "$digsig" key new x --days 0
expect 1 "key new: a folder that is not there" "$digsig" key new x --out nowhere
expect 0 "key new: nothing half-written is left" test ! -e x.key -a ! -e x.crt
echo "open sesame" >pass
echo wrong >wrong
expect 0 "key new --passphrase-file" "$digsig" key new locked --passphrase-file pass \
	--algo ecdsa-p256
grep -q "BEGIN ENCRYPTED PRIVATE KEY" locked.key
ok "key new --passphrase-file: the key is encrypted" $?
says "locked.key: the private key, encrypted: it stays" "key new --passphrase-file: says so"

# On a terminal it asks; a script, whose output goes elsewhere, is not stopped by that.
answer() { python3 "$tests/answer.py" "$@"; }
asks="Passphrase to encrypt the key with (none: it is not encrypted): "
expect 0 "key new on a terminal: a passphrase" answer sesame sesame -- "$digsig" key new asked --algo ecdsa-p256
says "$asks" "key new on a terminal: asks for it"
! head -n -1 .output | grep -q sesame # the last line is the command's
ok "key new on a terminal: does not show it" $?
says "asked.key: the private key, encrypted" "key new on a terminal: says that the key is encrypted"
expect 0 "key new on a terminal: the passphrase opens the key" \
	openssl pkey -in asked.key -passin pass:sesame -noout
cp /bin/true asked-tool
expect 0 "sign on a terminal: asks for the passphrase" answer sesame -- "$digsig" sign --key asked.key asked-tool
says "Passphrase or PIN of the key: " "sign on a terminal: so it does"
expect 69 "sign on a terminal: a wrong one" answer open -- "$digsig" sign --key asked.key asked-tool
says "the passphrase or PIN does not open the key" "sign on a terminal: a wrong one: says so"
expect 0 "key new on a terminal: none" answer "" "" -- "$digsig" key new plain-asked --algo ecdsa-p256
says "plain-asked.key: the private key, not encrypted" "key new on a terminal: none: says so"
expect 0 "key new on a terminal: none: the key is not encrypted" grep -q "BEGIN PRIVATE KEY" plain-asked.key
expect 69 "key new on a terminal: two that differ" answer sesame simsim -- "$digsig" key new unmade
says "no key was made: the passphrases are not the same" "key new on a terminal: two that differ: says so"
expect 0 "key new on a terminal: two that differ: no file" test ! -e unmade.key -a ! -e unmade.crt
expect 0 "key new on a terminal, for a script" answer -- sh -c \
	'"$1" key new for-script --algo ecdsa-p256 >made' sh "$digsig"
says_not "$asks" "key new on a terminal, for a script: does not ask"

## what programs survive

cp /bin/true true
signed_runs "a program of the system" ./true
cat >hello.c <<'END'
#include <stdio.h>
int main(void) { return puts("hello") < 0; }
END
if command -v cc >/dev/null; then
	cc -o pie hello.c && signed_runs "PIE" ./pie
	cc -no-pie -o nopie hello.c && signed_runs "not PIE" ./nopie
	cc -static -o static hello.c && signed_runs "static" ./static
	cc -static-pie -o staticpie hello.c && signed_runs "static PIE" ./staticpie
	cc -s -o stripped hello.c && signed_runs "stripped" ./stripped
	cc -g3 -o debug hello.c && signed_runs "with debug information" ./debug
	cp stripped nosections
	# No section header table: zero e_shoff, e_shentsize, e_shnum, e_shstrndx.
	printf '\0\0\0\0\0\0\0\0' | dd of=nosections bs=1 seek=40 conv=notrunc status=none
	printf '\0\0\0\0\0\0' | dd of=nosections bs=1 seek=58 conv=notrunc status=none
	end=0
	while read -r _ offset _ _ size _; do
		((offset + size > end)) && end=$((offset + size))
	done < <(readelf -lW stripped | grep -E '^  [A-Z_]+ +0x[0-9a-f]+ 0x')
	truncate -s "$end" nosections
	signed_runs "no section headers" ./nosections
	echo 'int answer(void) { return 42; }' >lib.c
	echo 'int answer(void); int main(void) { return answer() != 42; }' >user.c
	cc -shared -fPIC -Wl,-soname,libanswer.so -o libanswer.so lib.c
	cc -o user user.c -L. -lanswer -Wl,-rpath,"$work"
	sign libanswer.so user
	expect 0 "shared library: verifies" verify libanswer.so user
	expect 0 "shared library: is loaded" ./user
	expect 0 "shared library: show" "$digsig" show libanswer.so
	says "class:     library" "shared library: is called one"
	expect 0 "executable: show" "$digsig" show user
	says "class:     executable" "executable: is called one"
	cc -c -o object.o lib.c
	expect 0 "object file: is signed" sign object.o
	expect 0 "object file: still links" cc -o linked user.c object.o
	expect 0 "object file: what it is linked into can be signed" sign linked
else
	skip "compiled programs" "no C compiler"
fi
if command -v gcc >/dev/null && command -v ld.lld >/dev/null; then
	cc -fuse-ld=lld -o lld hello.c && signed_runs "linked by lld" ./lld
else
	skip "linked by lld" "no ld.lld"
fi
if command -v clang >/dev/null; then
	clang -c -o merged.o lib.c
	cp merged.o merged.original
	expect 0 "one string table for names and symbols: is signed" sign merged.o
	expect 0 "one string table: symbols stay" sh -c 'nm merged.o | grep -q answer'
	"$digsig" strip -q merged.o
	expect 0 "one string table: is the original again" cmp merged.o merged.original
else
	skip "one string table for names and symbols" "no clang"
fi

# specimen NAME FILE PACKAGE: a real file of another compiler or machine, copied here; false: none.
specimen() {
	if [[ -e $2 ]]; then
		cp -L "$2" specimen
	else
		skip "$1" "no $2: install $3"
		return 1
	fi
}

specimen "Go" /usr/bin/age age && signed_runs "Go" ./specimen --version
specimen "Rust" /usr/bin/fdfind fd-find && signed_runs "Rust" ./specimen --version
specimen "32 bits" /lib32/ld-linux.so.2 libc6-i386 && signed_runs "32 bits" ./specimen --help
for other in s390x:"64 bits, big endian" powerpc:"32 bits, big endian"; do
	name=${other#*:}
	machine=${other%%:*}
	specimen "$name" "/usr/$machine-linux-gnu/lib/libc.so.6" "libc6-$machine-cross" || continue
	cp specimen specimen.original
	readelf -aW specimen 2>&1 >/dev/null | sort -u >complaints
	expect 0 "$name: is signed" sign specimen
	expect 0 "$name: verifies" verify specimen
	readelf -aW specimen 2>&1 >/dev/null | sort -u >complaints.signed
	expect 0 "$name: readelf has no new complaint" cmp complaints complaints.signed
	expect 0 "$name: is stripped" "$digsig" strip -q specimen
	expect 0 "$name: is the original again" cmp specimen specimen.original
done
cp /bin/true tools
sign tools
if command -v readelf >/dev/null; then
	readelf -aW tools >.output 2>.errors
	expect 0 "readelf has no complaint" test ! -s .errors
	readelf -SW tools >.output
	says ".digsig           PROGBITS" "readelf shows .digsig"
else
	skip "readelf" "no binutils"
fi
if command -v eu-elflint >/dev/null; then
	expect 0 "eu-elflint has no complaint" eu-elflint --gnu-ld -q tools
else
	skip "eu-elflint" "no elfutils"
fi

## verdicts and exit codes

cp /bin/true plain
expect 65 "verify: unsigned" verify plain
cp plain good && sign good
expect 0 "verify: ok" verify good
says "good: ok" "verify: says ok"
cp good bad && printf 'X' | dd of=bad bs=1 seek=5000 conv=notrunc status=none
expect 66 "verify: tampered with" verify bad
says "bad: tampered: " "verify: says why"
cp bad before
expect 66 "sign: a tampered file" sign bad
says "bad: it was changed after it was signed" "sign: a tampered file: says so"
says "--force" "sign: a tampered file: says what to do"
expect 66 "sign: a tampered file, another key" "$digsig" sign --key ec.key bad
expect 66 "sign: a tampered file, into a folder" sign --output-dir elsewhere bad
expect 66 "prepare: a tampered file" "$digsig" prepare --cert me.crt bad
[[ ! -e bad.manifest && ! -e elsewhere/bad ]] && cmp bad before
ok "a tampered file is left alone" $?
cp good header && printf 'X' | dd of=header bs=1 seek=40 conv=notrunc status=none
expect 66 "sign: a tampered ELF header" sign header
expect 0 "prepare --force: a tampered file" "$digsig" prepare --force --cert me.crt bad
cp bad forced
expect 0 "sign --force: a tampered file" sign --force forced
expect 0 "sign --force: verifies" verify forced
expect 0 "sign: what is signed and unchanged" "$digsig" sign --key ec.key forced
expect 67 "verify: unknown key" "$digsig" verify --trust ec.crt good
cp good badsig && printf 'X' | dd of=badsig bs=1 seek=$(($(stat -c %s good) - 150)) \
	conv=notrunc status=none
expect 67 "verify: bad signature" verify badsig
cp good malformed && printf 'X' | dd of=malformed bs=1 seek=$(($(stat -c %s good) - 1)) \
	conv=notrunc status=none
expect 68 "verify: malformed" verify malformed
cp good short && truncate -s -1 short
expect 65 "verify: cut short" verify short
says "cut short" "verify: says that it was cut short"
cp good long && echo more >>long
expect 65 "verify: appended to" verify long
says "appended" "verify: says that something was appended"
expect 66 "verify: several, the first failure counts" verify good bad plain good
expect 1 "verify: a file that is not there" verify nowhere
expect 68 "verify: a directory" verify .
expect 2 "verify: no trust" "$digsig" verify good
expect 2 "verify: no file" verify
expect 1 "verify: trust that is not there" "$digsig" verify --trust nowhere good
expect 1 "verify: trust that is none" "$digsig" verify --trust hello.c good
mkdir trust && cp me.crt ec.crt trust
expect 0 "verify: trust from a directory" "$digsig" verify --trust trust good
expect 0 "verify: trust given twice" "$digsig" verify --trust ec.crt --trust me.crt good
verify -q bad >.output 2>&1
expect 0 "verify -q is silent" test ! -s .output
for subcommand in key sign verify show strip extract; do
	expect 0 "$subcommand --help" "$digsig" $subcommand --help
	says "usage: digsig $subcommand" "$subcommand --help: says usage"
	expect 2 "$subcommand: unknown option" "$digsig" $subcommand --nonsense
	says "digsig $subcommand: --nonsense: no such option: see digsig $subcommand --help" \
		"$subcommand: unknown option: said"
done
expect 2 "a misspelt option" "$digsig" sign --frce
says "digsig sign: --frce: no such option; did you mean --force?" "a misspelt option: which one is meant"
expect 2 "a misspelt subcommand" "$digsig" catalog laod
says "digsig catalog: laod: no such subcommand; did you mean load?" "a misspelt subcommand: which one is meant"

## signing

expect 2 "sign: no key" "$digsig" sign plain
expect 2 "sign: no file" "$digsig" sign --key me.key
expect 1 "sign: a key that is not there" "$digsig" sign --key nowhere.key plain
expect 1 "sign: another key's certificate" "$digsig" sign --key me.key --cert ec.crt plain
says "belongs to another key" "sign: says so"
expect 68 "sign: not ELF" sign hello.c
says "not an ELF file" "sign: says so"
expect 68 "sign: a directory" sign .
expect 1 "sign: a file that is not there" sign nowhere
expect 2 "sign: an identity with a control character" sign --identity $'a\nb' plain
expect 2 "sign: an identity that is too long" sign --identity "$(printf 'a%.0s' {1..65})" plain
expect 2 "sign: an epoch that is no number" sign --epoch -1 plain
cp /bin/true sfx && echo "payload of a self-extractor" >>sfx
expect 68 "sign: trailing data" sign sfx
cp sfx sfx.original
expect 0 "sign --allow-trailing-data" sign --allow-trailing-data sfx
expect 0 "sign --allow-trailing-data: verifies" verify sfx
expect 0 "sign: trailing data that was signed is signed again" sign --epoch 2 sfx
expect 0 "sign: trailing data signed again: verifies" verify sfx
"$digsig" strip -q sfx
expect 0 "sign --allow-trailing-data: is the original again" cmp sfx sfx.original
# Payloads that programs look for: named, and led to what leaves them as they are.
payload() { # payload NAME WORDS: a file NAME is refused with these words, and a detached signature does
	cp "$1" "$1.before"
	expect 68 "sign: a payload, $1" sign "$1"
	says "$2" "sign: a payload, $1: says which it is"
	says "sign it with --detached, or through a catalog" "sign: a payload, $1: says what works"
	says_not "--allow-trailing-data" "sign: a payload, $1: does not offer what breaks it"
	expect 0 "sign --detached: a payload, $1" sign --detached "$1"
	expect 0 "verify: a payload, $1" verify "$1"
	expect 0 "sign --detached: a payload, $1: the file stays" cmp "$1" "$1.before"
}
mkdir app && echo 'print("from the zip file")' >app/__main__.py && python3 -m zipapp app -o app.pyz
cat /bin/true app.pyz >zipped && payload zipped "a zip file follows"
expect 0 "a payload, zipped: is still found" python3 zipped
says "from the zip file" "a payload, zipped: and runs"
python3 -c 'import sys, zipfile
with zipfile.ZipFile("commented", "a") as z: z.writestr("x", "y"); z.comment = b"c" * 30000' </dev/null &&
	cat /bin/true commented >zip-comment && payload zip-comment "a zip file follows"
if [[ -x /usr/bin/unzipsfx ]]; then
	cat /usr/bin/unzipsfx app.pyz >unzipping && chmod 755 unzipping && payload unzipping "a zip file follows"
	expect 0 "a payload, unzipping: extracts itself" ./unzipping -p __main__.py
	says "from the zip file" "a payload, unzipping: and has its files"
else
	skip "sign: a payload, unzipping" "no unzipsfx"
fi
if [[ -f /usr/lib/p7zip/7zCon.sfx ]]; then
	7zr a app.7z ./app/__main__.py >/dev/null
	cat /usr/lib/p7zip/7zCon.sfx app.7z >unpacking && chmod 755 unpacking && payload unpacking "an archive follows"
	expect 0 "a payload, unpacking: extracts itself" ./unpacking -ounpacked -y
	expect 0 "a payload, unpacking: and has its files" cmp app/__main__.py unpacked/__main__.py
else
	skip "sign: a payload, unpacking" "no 7zCon.sfx"
fi
tar -czf app.tar.gz app && cat /bin/true app.tar.gz >self-extracting &&
	payload self-extracting "an archive follows"
if command -v mksquashfs >/dev/null; then
	mksquashfs app app.squashfs -quiet -no-progress >/dev/null
	cat /bin/true app.squashfs >runtime && payload runtime "a file system image follows"
else
	skip "sign: a payload, runtime" "no mksquashfs"
fi
{ cat runtime 2>/dev/null || cat /bin/true; } >appimage && printf 'AI\2' | dd of=appimage bs=1 seek=8 conv=notrunc status=none
payload appimage "an AppImage"
{ cat /bin/true && head -c 9000 /dev/urandom && printf 'MEI\014\013\012\013\016' && head -c 80 /dev/zero; } >bundled
payload bundled "PyInstaller bundled"
cp /bin/true twice
expect 0 "sign: the same file given twice" sign twice twice
expect 0 "sign: the same file given twice verifies" verify twice
SOURCE_DATE_EPOCH=86400 sign --identity org.example.tool --epoch 7 --wx twice
"$digsig" show twice >.output
says "1970-01-02T00:00:00Z" "SOURCE_DATE_EPOCH sets the signing time"
says "org.example.tool" "show: the identity"
says "epoch:     7" "show: the epoch"
says "writable and executable" "show: --wx"
cp /bin/true reproducible
SOURCE_DATE_EPOCH=5 sign reproducible && cp reproducible once
"$digsig" strip -q reproducible && SOURCE_DATE_EPOCH=5 sign reproducible
expect 0 "sign: the same input gives the same output" cmp once reproducible
cp /bin/true encrypted
expect 0 "sign: a passphrase from a file" "$digsig" sign --key locked.key \
	--passphrase-file pass encrypted
expect 69 "sign: a wrong passphrase" "$digsig" sign --key locked.key --passphrase-file wrong plain
says "locked.key: the passphrase or PIN does not open the key: --passphrase-file FILE takes it" \
	"sign: a wrong passphrase: says so, and how to give the right one"
expect 69 "sign: no passphrase and no terminal" setsid -w "$digsig" sign --key locked.key plain
says "locked.key: the key is encrypted, and no passphrase was given: --passphrase-file FILE takes it" \
	"sign: no passphrase: says that the key is encrypted, and how to give one"
expect 69 "sign: no file of a passphrase" "$digsig" sign --key locked.key --passphrase-file nowhere plain
says "nowhere: cannot read a passphrase: No such file or directory" "sign: no file of a passphrase: says so"
: >empty-pass
expect 69 "sign: an empty file of a passphrase" "$digsig" sign --key locked.key --passphrase-file empty-pass plain
says "empty-pass: cannot read a passphrase" "sign: an empty file of a passphrase: says so"

# A key that every user may read is used, with a warning, by whatever command.
"$digsig" key new loose >/dev/null && chmod 644 loose.key && cp /bin/true loose-tool
expect 0 "a key for everybody: sign" "$digsig" sign -q --key loose.key loose-tool
says "warning: loose.key: every user of this machine may read the key (mode 0644): chmod 600 it" \
	"a key for everybody: sign warns"
expect 0 "a key for everybody: sign --detached" "$digsig" sign -q --detached --key loose.key loose-tool
says "warning: loose.key: every user" "a key for everybody: sign --detached warns"
expect 0 "a key for everybody: catalog create" "$digsig" catalog create -q --key loose.key loose-tool
says "warning: loose.key: every user" "a key for everybody: catalog create warns"
expect 0 "a key for everybody: catalog sign" sh -c \
	'sha256sum loose-tool | "$0" catalog sign -q --key loose.key -' "$digsig"
says "warning: loose.key: every user" "a key for everybody: catalog sign warns"
"$digsig" key new loose-ca --ca --algo ecdsa-p256 >/dev/null && chmod 602 loose-ca.key
expect 0 "a key for everybody: key new --issuer" "$digsig" key new of-loose --issuer loose-ca.key
says "warning: loose-ca.key: every user of this machine may overwrite the key (mode 0602)" \
	"a key for everybody: key new --issuer warns"
expect 0 "a key for everybody: key issue" "$digsig" key issue of-loose.crt --force --issuer loose-ca.key
says "warning: loose-ca.key: every user" "a key for everybody: key issue warns"
chmod 640 loose.key
expect 0 "a key for its group" "$digsig" sign -q --key loose.key loose-tool
says_not "warning" "a key for its group: no warning"
expect 0 "a key that is no file" bash -c '"$0" sign -q --key <(cat loose.key) --cert loose.crt loose-tool' "$digsig"
says_not "warning" "a key that is no file: no warning"
expect 65 "strip: unsigned" "$digsig" strip plain
expect 68 "strip: malformed" "$digsig" strip malformed
cp badsig badsig2
expect 0 "strip: a bad signature" "$digsig" strip badsig2
expect 0 "strip: a bad signature leaves the original" cmp badsig2 /bin/true

## what kind of file it is

cp /bin/true linked1 && ln linked1 linked2
expect 70 "sign: hard links are not broken" sign linked1
expect 0 "sign: both links are as they were" cmp linked1 linked2
expect 0 "sign --break-links" sign --break-links linked1
expect 65 "sign --break-links: the other link stays unsigned" verify linked2
mkdir target && cp /bin/true target/real && ln -s target/real symlink
expect 0 "sign: through a symbolic link" "$digsig" sign --key me.key symlink
says "symlink: signed: a link to $work/target/real" "sign: through a symbolic link: says what was signed"
expect 0 "sign: the symbolic link stays" test -L symlink
expect 0 "sign: its target is signed" verify target/real
expect 0 "strip: through a symbolic link" "$digsig" strip symlink
says "symlink: stripped: a link to $work/target/real" "strip: says what was stripped"
# A link out of the folder that was named: whoever may write there decided what it leads to.
mkdir -p elsewhere folder/below && cp /bin/true elsewhere/real && cp /bin/true folder/below/real
ln -s ../elsewhere/real folder/out
ln -s below/real folder/in && ln -s "$work/folder/in" folder/again && ln -s folder folder-link
ln -s ../folder-elsewhere folder/near && cp /bin/true folder-elsewhere
expect 70 "sign: a link out of its folder" sign folder/out
says "leads out of its folder: name the file itself, or use --allow-outside-links: it leads to $work/elsewhere/real" \
	"sign: a link out of its folder: says what to do, and where it leads"
expect 0 "sign: a link out of its folder: nothing is signed" cmp elsewhere/real /bin/true
expect 70 "sign: a link to what only begins like its folder" sign folder/near
expect 70 "sign: a link out of its folder, by a link to the folder" sign folder-link/out
expect 70 "sign --output-dir: a link out of its folder" sign --output-dir signed-here folder/out
expect 70 "strip: a link out of its folder" "$digsig" strip folder/out
says "leads out of its folder" "strip: a link out of its folder: says so"
expect 70 "prepare: a link out of its folder" "$digsig" prepare --cert me.crt folder/out
expect 0 "prepare: a link out of its folder: writes nothing" test ! -e folder/out.manifest
expect 0 "sign: a link to below its folder, by links" sign folder-link/again
expect 0 "sign: it is signed" verify folder/below/real
expect 0 "sign --allow-outside-links" "$digsig" sign --key me.key --allow-outside-links folder/out
says "folder/out: signed: a link to $work/elsewhere/real" "sign --allow-outside-links: says what was signed"
expect 0 "sign --allow-outside-links: it is signed" verify elsewhere/real
expect 0 "strip --allow-outside-links" "$digsig" strip --allow-outside-links folder/out
expect 0 "prepare --allow-outside-links" "$digsig" prepare --cert me.crt --allow-outside-links folder/out
openssl cms -sign -binary -noattr -md sha256 -outform DER -signer me.crt -inkey me.key \
	-in folder/out.manifest -out folder/out.cms
expect 70 "attach: a link out of its folder" "$digsig" attach folder/out folder/out.cms
expect 0 "attach: nothing is signed" cmp elsewhere/real /bin/true
expect 0 "attach --allow-outside-links" "$digsig" attach --allow-outside-links folder/out folder/out.cms
expect 0 "attach --allow-outside-links: it is signed" verify elsewhere/real
cp /bin/true readonly && chmod 0444 readonly
expect 0 "sign: a read-only file" sign readonly
expect 0 "sign: it stays read-only" test "$(stat -c %a readonly)" = 444
cp /bin/sleep running
./running 60 &
sleeper=$!
expect 0 "sign: a running program" sign running
expect 0 "sign: it keeps running" kill -0 $sleeper
kill $sleeper
expect 0 "sign: the new one verifies" verify running
mkfifo fifo
expect 68 "sign: a FIFO" sign fifo
expect 68 "verify: a FIFO" verify fifo
expect 68 "sign: a device" sign /dev/null
touch empty
expect 68 "sign: an empty file" sign empty
expect 65 "verify: an empty file" verify empty
cp /bin/true $'evil\033[2Jname'
expect 0 "names: signs" "$digsig" sign --key me.key $'evil\033[2Jname'
says 'evil\x1b[2Jname' "names: control characters are escaped"
expect 0 "names: an option-like name" sh -c 'cp /bin/true ./-q && "$1" sign --key me.key -- -q' \
	sh "$digsig"
if [[ $(id -u) -eq 0 ]]; then
	cp /bin/true setuid && chown 1:1 setuid && chmod 4755 setuid
	sign setuid
	expect 0 "sign: set-user-id and owner stay" test "$(stat -c %a:%u:%g setuid)" = 4755:1:1
	if command -v setcap >/dev/null && cp /bin/true caps &&
		setcap cap_net_raw+ep caps 2>/dev/null; then
		sign caps
		getcap caps >.output
		says cap_net_raw "sign: file capabilities stay"
	else
		skip "sign: file capabilities stay" "no setcap, or not on this file system"
	fi
	if command -v setfacl >/dev/null && cp /bin/true acl &&
		setfacl -m u:1:rwx acl 2>/dev/null; then
		getfacl -n acl >acl.before 2>/dev/null
		sign acl
		getfacl -n acl >acl.after 2>/dev/null
		expect 0 "sign: ACLs stay" cmp acl.before acl.after
	else
		skip "sign: ACLs stay" "no setfacl, or not on this file system"
	fi
	cp /bin/true immutable
	if command -v chattr >/dev/null && chattr +i immutable 2>/dev/null; then
		expect 70 "sign: an immutable file" sign immutable
		says "chattr -ia" "sign: says so"
		expect 0 "sign: it is as it was" cmp immutable /bin/true
		chattr -i immutable
	else
		skip "sign: an immutable file" "no chattr, or not on this file system"
	fi
	cp /bin/true flagged
	if command -v lsattr >/dev/null && chattr +Ad flagged 2>/dev/null; then
		flags=$(lsattr flagged)
		sign flagged
		[[ $(lsattr flagged) == "$flags" ]]
		ok "sign: the flags A and d of chattr stay" $?
		chattr -A +d flagged && flags=$(lsattr flagged)
		"$digsig" strip -q flagged
		[[ $(lsattr flagged) == "$flags" ]]
		ok "strip: they stay" $?
		# A folder hands its flags down to what is made in it.
		mkdir flags && cp /bin/true flags/plain && chattr +Ad flags && flags=$(lsattr flags/plain)
		sign flags/plain
		[[ $(lsattr flags/plain) == "$flags" ]]
		ok "sign: a flag of the folder is not given to the file" $?
	else
		skip "sign: the flags A and d of chattr stay" "no chattr, or not on this file system"
	fi
	mkdir full
	if mount -t tmpfs -o size=256k tmpfs full 2>/dev/null; then
		head -c 150000 /dev/zero >full/filler
		cp /bin/true full/program
		expect 70 "sign: a full disk" sh -c 'head -c 300000 /dev/zero >full/more
			"$1" sign --key me.key full/program' sh "$digsig"
		says "No space left" "sign: says so"
		rm -f full/more full/filler
		expect 0 "sign: the file on the full disk is as it was" cmp full/program /bin/true
		expect 0 "sign: nothing is left beside it" test "$(ls -A full)" = program
		expect 0 "sign: tmpfs with room" sign full/program
		expect 0 "sign: tmpfs with room, verifies" verify full/program
		umount full
	else
		skip "sign: a full disk" "no right to mount"
	fi
	if id nobody >/dev/null 2>&1 && command -v setpriv >/dev/null; then
		mkdir foreign && cp /bin/true foreign && chmod 755 . foreign
		cp me.key nobody.key && cp me.crt nobody.crt && chown nobody nobody.key
		expect 70 "sign: a folder of someone else" setpriv --reuid=nobody --regid=65534 \
			--clear-groups "$digsig" sign --key nobody.key foreign/true
		expect 0 "sign: someone else's file is as it was" cmp foreign/true /bin/true
	else
		skip "sign: a folder of someone else" "no user nobody or no setpriv"
	fi
else
	skip "sign: owners, capabilities, immutable files, full disks" "not root"
fi

## large and sparse

if [[ $(df --output=avail -k . | tail -1) -lt 4000000 ]]; then
	skip "above 1 GiB" "no room"
elif ! command -v objcopy >/dev/null; then
	skip "above 1 GiB" "no objcopy"
else
	truncate -s 1100M information
	objcopy --add-section .debug_info=information /bin/true large
	rm information
	cp --sparse=always large large.original
	mv large dense
	cp large.original large
	expect 0 "debug information above 1 GiB: is signed" sign dense
	expect 0 "debug information above 1 GiB: verifies" verify dense
	expect 0 "debug information above 1 GiB: runs" ./dense
	expect 0 "sparse: is signed" sign large
	expect 0 "sparse: is the same as dense" cmp <(head -c 1100M dense) <(head -c 1100M large)
	expect 0 "sparse: verifies" verify large
	expect 0 "sparse: takes no room" test "$(stat -c %b large)" -lt 200000
	"$digsig" strip -q large
	expect 0 "sparse: is the original again" cmp large large.original
	rm -f large large.original dense
fi

## progress

# on_terminal COMMAND...: with a terminal of 80 columns as stdout and stderr.
on_terminal() {
	TERM=xterm SHELL=$BASH script -qec "stty columns 80; $(printf '%q ' "$@")" /dev/null
}

# screen: what the last command left on the terminal; a bar that was taken off it is not there.
screen() {
	sed 's/.*\r\x1b\[K//; s/\r$//' .output
}

bar='] +[0-9]+% .* GiB/2\.1 GiB +[0-9.]+ [KMG]iB/s +[0-9:]+ left'
if ! command -v script >/dev/null; then
	skip "progress" "no script(1) to make a terminal"
elif ! cp /bin/true huge || ! truncate -s 2200M huge || ! echo end >>huge; then
	skip "progress" "no files above 2 GiB here"
else
	expect 0 "progress: sign on a terminal" on_terminal "$digsig" sign --key me.key \
		--allow-trailing-data huge
	grep -qE "^.?huge \[=*>? *$bar" .output
	ok "progress: sign draws a bar" $?
	ok "progress: and takes it off again" "$([[ $(screen | head -1) = "huge: signed" ]]; echo $?)"
	awk -v RS='\r' '/left/ { sub(/\033.*/, ""); if (length($0) != 79) exit 1 }' .output
	ok "progress: it is as wide as the terminal" $?
	expect 0 "progress: verify on a terminal" on_terminal "$digsig" verify --trust me.crt huge
	says "% " "progress: verify draws a bar"
	ok "progress: and takes it off again" "$([[ $(screen | head -1) = "huge: ok" ]]; echo $?)"
	expect 0 "progress: verify, stderr is a file" on_terminal sh -c \
		'"$1" verify --trust me.crt huge 2>errors' sh "$digsig"
	ok "progress: no bar then" "$(! grep -q left .output errors; echo $?)"
	expect 0 "progress: verify, stdout is a pipe" on_terminal sh -c \
		'"$1" verify --trust me.crt huge | cat >output' sh "$digsig"
	grep -q ' left' .output && [[ $(cat output) == "huge: ok" ]]
	ok "progress: a bar then, and not in the pipe" $?
	expect 0 "progress: verify -q on a terminal" on_terminal "$digsig" verify -q \
		--trust me.crt huge
	ok "progress: no bar then" "$(! grep -q left .output; echo $?)"
	ln -s huge $'h\033[2J'
	expect 0 "progress: a name that speaks to terminals" on_terminal "$digsig" verify \
		--trust me.crt $'h\033[2J'
	says 'h\x1b[2J [' "progress: is escaped"
	rm -f huge errors output
fi

# While files are only looked for, their number is shown, also where standard output is a pipe.
looked='^.?looking +[0-9]+ files +[0-9]+/s'
mkdir -p dpkg/info
slow_list() { # a package's list that takes its time
	rm -f dpkg/info/slow.list && mkfifo dpkg/info/slow.list
	(for ((i = 0; i < 12; i++)); do echo "$work/plain" && sleep 0.1; done) >dpkg/info/slow.list &
}
if command -v script >/dev/null; then
	slow_list
	expect 0 "progress: catalog create, while it looks" on_terminal sh -c \
		'DPKG_ADMINDIR=dpkg "$1" catalog create --from-dpkg --list | cat >output' sh "$digsig"
	wait $!
	matches "$looked" "progress: catalog create, while it looks: says how many files"
	grep -q ' .*/plain$' output
	ok "progress: and not in the pipe" $?
	slow_list
	expect 0 "progress: catalog create -q" on_terminal env DPKG_ADMINDIR=dpkg \
		"$digsig" catalog create -q --key me.key --from-dpkg
	wait $!
	matches_not "$looked" "progress: no bar then"
else
	skip "progress: while files are looked for" "no script(1) to make a terminal"
fi
if command -v script >/dev/null && strace -qqo /dev/null true 2>/dev/null; then
	mkdir -p slow/{1..8}
	slowly() {
		on_terminal strace -fqqo /dev/null -e trace=getdents64 \
			-e inject=getdents64:delay_enter=200000 "$@"
	}
	expect 0 "progress: sign -r, while it looks" slowly "$digsig" sign -r -j 1 --key me.key slow
	matches "$looked" "progress: sign -r, while it looks: says how many files"
	expect 0 "progress: check, while it looks" slowly "$digsig" check -j 1 --trust me.crt slow
	matches "$looked" "progress: check, while it looks: says how many files"
else
	skip "progress: sign -r and check, while they look" "no script(1) or no strace"
fi

## killed while signing

head -c 50000000 /dev/urandom >random
cp /bin/true victim && cat random >>victim && cp victim victim.original
old=0 new=0 neither=0
for delay in 0.00 0.01 0.02 0.03 0.04 0.05 0.06 0.07 0.08 0.09 0.10 0.15 0.2 0.3 1 4 16; do
	# The long ones are for machines on which it takes that long.
	[[ $new -gt 0 && $delay != 0.* ]] && break
	for signal in TERM KILL; do
		cp victim.original victim
		"$digsig" sign -q --allow-trailing-data --key me.key victim 2>/dev/null &
		job=$!
		sleep $delay
		{ kill -$signal $job; wait $job; } 2>/dev/null
		if cmp -s victim victim.original; then
			old=$((old + 1))
		elif verify -q victim; then
			new=$((new + 1))
		else
			neither=$((neither + 1))
		fi
		[[ $signal = TERM && -n $(find . -name '.victim*') ]] && neither=$((neither + 1))
		rm -f .victim.*
	done
done
echo "killed while signing: $old old, $new new, $neither neither" >.output
ok "killed while signing: old or new" $((neither != 0 || old == 0 || new == 0))
rm -f victim* random

## what the engine is to judge

expect 2 "start: no such scope" "$digsig" start --trust me.crt --scope nonsense=on
says "digsig start: nonsense=on: a scope and on or off" "start: no such scope: says so"
expect 2 "start: a scope neither on nor off" "$digsig" start --trust me.crt --scope exec=yes
expect 2 "start: no such wx" "$digsig" start --trust me.crt --wx nonsense
says "digsig start: --wx nonsense: it is allow, audit or deny" "start: no such wx: says so"
expect 2 "policy: no such scope" "$digsig" policy exec=on nonsense=off
expect 2 "policy: a scope alone" "$digsig" policy exec
expect 2 "policy: no such wx" "$digsig" policy --wx ""

## other tools can check it

"$digsig" extract --manifest m --cms c good
expect 0 "openssl cms -verify on the extracted parts" openssl cms -verify -binary -noverify \
	-inform DER -in c -content m -certfile me.crt -out /dev/null
printf 'X' | dd of=m bs=1 seek=100 conv=notrunc status=none
expect 4 "openssl cms -verify on a changed manifest" openssl cms -verify -binary -noverify \
	-inform DER -in c -content m -certfile me.crt -out /dev/null
expect 65 "extract: unsigned" "$digsig" extract --cms c2 plain
expect 0 "extract: writes nothing then" test ! -e c2
expect 2 "extract: nothing asked for" "$digsig" extract good
expect 1 "extract: a folder that is not there" "$digsig" extract --cms nowhere/c good
expect 0 "show" "$digsig" show --trust me.crt good
says "good: ok" "show: the state"
expect 0 "show without trust" "$digsig" show good
says "good: intact" "show without trust: intact at most"
expect 66 "show: tampered with" "$digsig" show --trust me.crt bad
expect 66 "show without trust: tampered with" "$digsig" show bad
if command -v python3 >/dev/null; then
	"$digsig" show --json --trust me.crt good bad plain short malformed >json
	python3 -c '
import json
files = json.load(open("json"))
states = [f["state"] for f in files]
assert states == ["ok", "tampered", "unsigned", "unsigned", "malformed"], states
assert files[0]["signer"] == "CN=me" and not files[0]["signer_expired"]
' >.output 2>&1
	ok "show --json" $?
else
	skip "show --json" "no python3 to read it"
fi

echo "1..$count"
