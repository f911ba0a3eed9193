#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Signed files in the hands of programs that we did not write: what reads ELF finds nothing new to
# complain of; what rewrites it leaves no signature that still verifies, and digsig says what to do;
# OpenSSL and GnuPG find the signature good; the kernel's and UEFI's own signatures are not taken
# for ours. In the Test Anything Protocol.
#
#   interop.sh DIGSIG
set -uo pipefail

digsig=$(realpath "${1:?usage: interop.sh DIGSIG}")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"

clean_up() {
	[[ ! -d $work/gnupg ]] || GNUPGHOME=$work/gnupg gpgconf --kill all 2>/dev/null
}

sign() { "$digsig" sign -q --key me.key "$@"; }
verify() { "$digsig" verify --trust me.crt "$@"; }

# has NAME PROGRAM PACKAGE
has() {
	command -v "$2" >/dev/null || { skip "$1" "no $2: install $3"; return 1; }
}

"$digsig" key new me >/dev/null
printf '#include <stdio.h>\nint main(void) { return puts("hello") < 0; }\n' >hello.c
echo 'int answer(void) { return 42; }' >library.c

## programs that read ELF

# reads NAME FILE COMMAND...: its complaints of the signed file are those of the original. The
# command's last argument, the file, has the same name both times.
reads() {
	local name=$1 file=$2

	shift 2
	rm -rf before after
	mkdir before after
	cp -L "$file" before/file
	cp -L "$file" after/file
	sign after/file
	(cd before && "$@" file) 2>&1 >/dev/null | sort -u >complaints.before
	(cd after && "$@" file) 2>&1 >/dev/null | sort -u >complaints.after
	expect 0 "$name: no new complaint" diff complaints.before complaints.after
}

# lint FILE: prints its complaints on stdout, where the others print what they read.
lint() { eu-elflint --gnu-ld "$1" >&2; }

if has "readers" cc gcc; then
	cc -g -o readable hello.c
	cc -g -c -o readable.o library.c
	cc -g -shared -fPIC -o readable.so library.c
fi
for file in readable readable.o readable.so /bin/bash /usr/bin/age /usr/bin/fdfind \
	/lib/x86_64-linux-gnu/libc.so.6 /usr/s390x-linux-gnu/lib/libc.so.6; do
	[[ -e $file ]] || { skip "readers of $file" "no such file"; continue; }
	reads "readelf -aW $file" "$file" readelf -aW
	if [[ $file != *s390x* ]]; then
		reads "objdump -x $file" "$file" objdump -x
		reads "objdump -d $file" "$file" objdump -d -j .text
		reads "nm $file" "$file" nm
		reads "size $file" "$file" size -A
	fi
	has "eu-elflint $file" eu-elflint elfutils || continue
	reads "eu-elflint $file" "$file" lint
	reads "eu-readelf $file" "$file" eu-readelf -hlSs
done
if has "gdb" gdb gdb; then
	cp readable debugged && sign debugged
	expect 0 "gdb: runs it and stops in it" gdb -q -batch -ex 'break main' -ex run -ex 'info line' debugged
	says "hello.c" "gdb: finds the source line"
fi

## programs that rewrite ELF

# rewritten NAME CODE WORDS COMMAND...: what is left of a signature once COMMAND was done to "file".
# It runs on; verify says CODE and WORDS; and once the rest is cleared away it can be signed again.
rewritten() {
	local name=$1 code=$2 words=$3

	shift 3
	cp readable file && sign file
	expect 0 "$name: is done" "$@"
	expect 0 "$name: it runs" ./file
	expect "$code" "$name: verify" verify file
	says "$words" "$name: verify says what it is"
	expect 0 "$name: the rest can be cleared away" objcopy -R .digsig file
	expect 0 "$name: then it is signed" sign file
	expect 0 "$name: and verifies" verify file
	expect 0 "$name: and runs" ./file
}

moved="it has a .digsig section but no signature block at its end"
gone="unsigned: there is no signature block at its end"
if has "rewriters" objcopy binutils; then
	rewritten "strip" 65 "$moved" strip file
	rewritten "strip -g" 65 "$moved" strip -g file
	rewritten "objcopy" 65 "$moved" objcopy file
	rewritten "objcopy --add-section" 65 "$moved" objcopy --add-section .more=hello.c file
	rewritten "objcopy --compress-debug-sections" 65 "$moved" objcopy --compress-debug-sections file
	rewritten "objcopy -R .digsig" 65 "$gone" objcopy -R .digsig file
	cp readable file && sign file && cp file kept
	expect 0 "objcopy --only-keep-debug: is done" objcopy --only-keep-debug file file.debug
	expect 0 "objcopy --only-keep-debug: the program is as it was" cmp file kept
	expect 65 "objcopy --only-keep-debug: the debug file is not signed" verify file.debug
	says "$moved" "objcopy --only-keep-debug: verify says what it is"
	expect 68 "objcopy --only-keep-debug: the debug file is not signed over" sign file.debug
	says "objcopy -R .digsig" "objcopy --only-keep-debug: sign says what to do"
	rewritten "objcopy --add-gnu-debuglink" 65 "$moved" objcopy --add-gnu-debuglink=file.debug file
	cp readable file && sign file && strip file
	expect 68 "strip: sign refuses what strip left" sign file
	says "remove the section with objcopy -R .digsig" "strip: sign says what to do"
	cp readable file && sign file && "$digsig" strip -q file && strip file
	expect 0 "digsig strip before strip: it is signed again at once" sign file
fi
has "eu-strip" eu-strip elfutils && rewritten "eu-strip" 65 "$gone" eu-strip file
has "patchelf" patchelf patchelf &&
	rewritten "patchelf --set-rpath" 65 "$moved" patchelf --set-rpath /opt/lib file
has "debugedit" debugedit debugedit &&
	rewritten "debugedit" 65 "$moved" debugedit -b "$work" -d /usr/src/hello file
# It keeps what follows the sections where it can: the block stays last, and no longer fits.
kept="another program rewrote it after it was signed, and kept the block as it was"
if has "dwz" dwz dwz; then
	rewritten "dwz" 68 "$kept" dwz file
	cp readable file && sign file && dwz file
	expect 68 "dwz: sign refuses what dwz left" sign file
	says "objcopy -R .digsig" "dwz: sign says what to do"
	expect 68 "dwz: strip refuses it, too" "$digsig" strip file
	objcopy -R .digsig file
	expect 0 "dwz: which helps" sign file
	expect 0 "dwz: which helps: it verifies" "$digsig" verify --trust me.crt file
	cp readable file && sign file && truncate -s +64 file && head -c 832 /dev/zero >>file
	expect 65 "what is merely appended is no such thing" "$digsig" verify --trust me.crt file
fi

## CMS

cp /bin/true file && sign file
"$digsig" extract --manifest m --cms c file
openssl_verify() {
	openssl cms -verify -binary -noverify -inform DER -in c -content "$1" -certfile me.crt \
		-out /dev/null
}
expect 0 "openssl cms: the signature is good" openssl_verify m
tr '\0' '\1' <m >changed
expect 4 "openssl cms: not over anything else" openssl_verify changed
if has "gpgsm" gpgsm gpgsm; then
	export GNUPGHOME=$work/gnupg
	mkdir -m 700 gnupg
	echo disable-crl-checks >gnupg/gpgsm.conf
	echo "$(openssl x509 -in me.crt -outform DER | sha1sum | cut -d ' ' -f 1 | tr a-f A-F) S relax" \
		>gnupg/trustlist.txt
	expect 0 "gpgsm: the certificate is imported" gpgsm --batch --import me.crt
	# gpgsm knows a signer by issuer and serial number only. An RSA signature over the same bytes
	# is the same whichever way the signer is named: so name it that way, and see that it is.
	signature() { openssl asn1parse -inform DER -in "$1" | grep 'OCTET STRING' | tail -1; }
	openssl cms -sign -binary -noattr -nosmimecap -nocerts -md sha256 -outform DER \
		-signer me.crt -inkey me.key -in m -out by-issuer
	expect 0 "gpgsm: the same signature, the signer named by issuer" \
		cmp <(signature c | sed 's/.*DUMP\]://') <(signature by-issuer | sed 's/.*DUMP\]://')
	signature c | grep -q 'DUMP\]:[0-9A-F]\{768\}$'
	ok "gpgsm: it is one of 3072 bits" $?
	expect 0 "gpgsm: the signature is good" gpgsm --batch --status-fd 1 --verify by-issuer m
	says "GOODSIG" "gpgsm: says so"
	says "TRUST_FULLY" "gpgsm: and trusts it"
	expect 2 "gpgsm: not over anything else" gpgsm --batch --status-fd 1 --verify by-issuer changed
	says "BADSIG" "gpgsm: says so"
	openssl cms -sign -binary -noattr -nosmimecap -nocerts -keyid -md sha256 -outform DER \
		-signer me.crt -inkey me.key -in m -out by-key
	gpgsm --batch --verify by-key m >theirs 2>&1
	theirs=$?
	expect "$theirs" "gpgsm: ours as it is: as what OpenSSL names by key identifier" \
		gpgsm --batch --verify c m
	gpgconf --kill all
	unset GNUPGHOME
fi

## other signatures are not ours

sign_file=$(compgen -G '/usr/lib/linux-kbuild-*/scripts/sign-file' | head -1)
if [[ -n $sign_file ]]; then
	# shellcheck disable=SC2016 # C
	echo 'static const char m[] __attribute__((section(".modinfo"), used)) = "license=GPL";' >module.c
	cc -c -o module.ko module.c
	cp module.ko theirs.ko
	"$sign_file" sha256 me.key me.crt theirs.ko
	cp theirs.ko theirs.before
	expect 65 "sign-file: verify: not ours, though by the same key" verify theirs.ko
	says "$gone" "sign-file: verify says unsigned"
	expect 65 "sign-file: show" "$digsig" show theirs.ko
	says "theirs.ko: unsigned" "sign-file: show says unsigned"
	expect 68 "sign-file: is not signed over" sign theirs.ko
	says "a kernel module with an appended signature, which must stay last" "sign-file: sign says why"
	expect 0 "sign-file: it is as it was" cmp theirs.ko theirs.before
	expect 65 "sign-file: nothing to strip" "$digsig" strip theirs.ko
	expect 0 "sign-file: a catalog takes it" "$digsig" catalog create -q --key me.key -o modules.catalog theirs.ko
	expect 0 "sign-file: verifies by the catalog" verify --catalog modules.catalog theirs.ko
	cp module.ko both.ko && sign both.ko && "$sign_file" sha256 me.key me.crt both.ko
	expect 65 "sign-file after digsig: ours no longer counts" verify both.ko
	says "$moved" "sign-file after digsig: verify says what it is"
else
	skip "sign-file" "no kernel build tools: install linux-kbuild-6.1"
fi
if has "sbsign" sbsign sbsigntool && has "sbsign" clang clang && has "sbsign" ld.lld lld; then
	echo 'long efi_main(void *i, void *t); long efi_main(void *i, void *t) { return !i || !t; }' >efi.c
	clang -target x86_64-unknown-windows -ffreestanding -nostdlib -fuse-ld=lld \
		-Wl,-entry:efi_main -Wl,-subsystem:efi_application -o plain.efi efi.c
	sbsign --key me.key --cert me.crt --output signed.efi plain.efi >/dev/null 2>&1
	cp signed.efi before.efi
	expect 0 "sbsign: sbverify finds it good" sbverify --cert me.crt signed.efi
	expect 65 "sbsign: verify: not ours, though by the same key" verify signed.efi
	says "$gone" "sbsign: verify says unsigned"
	expect 65 "sbsign: show" "$digsig" show signed.efi
	says "signed.efi: unsigned" "sbsign: show says unsigned"
	expect 68 "sbsign: is not signed over" sign signed.efi
	says "not an ELF file" "sbsign: sign says why"
	expect 0 "sbsign: it is as it was" cmp signed.efi before.efi
	expect 0 "sbsign: a catalog takes it" "$digsig" catalog create -q --all --key me.key -o efi.catalog signed.efi
	expect 0 "sbsign: verifies by the catalog" verify --catalog efi.catalog signed.efi
	expect 0 "sbsign: sbverify still finds it good" sbverify --cert me.crt signed.efi
fi

echo "1..$count"
