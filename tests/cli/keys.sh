#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Keys that are not files here: signed elsewhere with real openssl, in a token, by gpg-agent. In
# the Test Anything Protocol.
#
#   keys.sh DIGSIG
set -uo pipefail

digsig=$(realpath "${1:?usage: keys.sh DIGSIG}")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"

clean_up() {
	[[ -d $work/gnupg ]] && GNUPGHOME=$work/gnupg gpgconf --kill all >/dev/null 2>&1
}

# expect CODE NAME COMMAND...: the command ends with this exit code, without a terminal.
expect() {
	local code=$1 name=$2 got

	shift 2
	setsid -w "$@" >"$work/.output" 2>&1 </dev/null
	got=$?
	echo "exit code $got, expected $code: $*" >>"$work/.output"
	ok "$name" $((got != code))
}

# unchanged FILE NAME: it still is what /bin/true is.
unchanged() {
	cmp -s /bin/true "$1"
	ok "$2" $?
}

fresh() { cp /bin/true tool && rm -f tool.manifest; }

# outside KEY FORM OUTPUT [OPTION...]: signs tool.manifest with openssl cms.
outside() {
	local name=$1 form=$2 output=$3

	shift 3
	openssl cms -sign -binary -md sha256 -outform "$form" -signer "$name.crt" -inkey "$name.key" \
		-in tool.manifest -out "$output" "$@" 2>openssl.log
}

"$digsig" key new rsa >/dev/null && "$digsig" key new p256 --algo ecdsa-p256 >/dev/null
"$digsig" key new other --algo ecdsa-p256 >/dev/null
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -keyout p384.key -out p384.crt \
	-subj /CN=p384 -days 30 2>openssl.log
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-521 -nodes -keyout p521.key -out p521.crt \
	-subj /CN=p521 -days 30 2>openssl.log

## prepare and attach

for name in rsa p256 p384 p521; do
	fresh
	expect 0 "$name: prepare" "$digsig" prepare --cert $name.crt --identity org.example.tool \
		--epoch 7 --wx tool
	unchanged tool "$name: prepare leaves the file alone"
	[[ $(stat -c %s tool.manifest) -eq 256 ]]
	ok "$name: the manifest has 256 bytes" $?
	outside $name DER tool.cms -noattr
	expect 0 "$name: attach what openssl cms signed" "$digsig" attach tool tool.cms
	expect 0 "$name: verifies" "$digsig" verify --trust $name.crt tool
	expect 0 "$name: runs" ./tool
	expect 0 "$name: show" "$digsig" show --trust $name.crt tool
	matches 'org\.example\.tool' "$name: the identity is in it"
	matches 'epoch: +7$' "$name: and the epoch"
	matches 'may map memory writable and executable' "$name: and --wx"
	"$digsig" extract --manifest m --cms c tool
	openssl cms -verify -binary -noverify -inform DER -in c -content m -certfile $name.crt \
		-out /dev/null >.output 2>&1
	ok "$name: openssl verifies what is in the file" $?
	"$digsig" strip -q tool
	unchanged tool "$name: strip gives the original back"
	openssl dgst -sha256 -sign $name.key -out tool.raw tool.manifest
	expect 0 "$name: a raw signature" "$digsig" attach --cert $name.crt tool tool.raw
	expect 0 "$name: a raw signature verifies" "$digsig" verify --trust $name.crt tool
done

# What sign writes is what prepare and attach write, to the bit.
export SOURCE_DATE_EPOCH=1000000000
fresh
"$digsig" prepare -q --cert rsa.crt --identity same --epoch 3 -o elsewhere tool
mv elsewhere tool.manifest
outside rsa PEM tool.pem -noattr -nocerts -keyid
expect 0 "PEM, no certificate in it, the manifest elsewhere" \
	"$digsig" attach -q --cert rsa.crt --manifest tool.manifest tool tool.pem
cp tool attached
fresh
"$digsig" sign -q --key rsa.key --identity same --epoch 3 tool
cmp -s tool attached
ok "attach gives the same file as sign" $?
# r and s as a PKCS#11 token or a key service writes them.
fresh
"$digsig" prepare -q --cert p256.crt tool
openssl dgst -sha256 -sign p256.key -out der tool.manifest
openssl asn1parse -inform DER -in der | sed -n 's/.*INTEGER *:\(.*\)/\1/p' |
	perl -ne 'chomp; print pack "H64", "0" x (64 - length) . $_' >pair
expect 0 "ECDSA as two numbers" "$digsig" attach --cert p256.crt tool pair
expect 0 "ECDSA as two numbers verifies" "$digsig" verify --trust p256.crt tool
expect 0 "attached once more" "$digsig" attach --cert p256.crt tool pair
expect 0 "prepare what is signed" "$digsig" prepare --cert rsa.crt tool
outside rsa DER tool.cms -noattr
expect 0 "attach to what is signed" "$digsig" attach tool tool.cms
expect 0 "and it is signed anew" "$digsig" verify --trust rsa.crt tool

fresh
"$digsig" prepare -q --cert rsa.crt tool
outside rsa DER good -noattr
printf x | dd of=tool bs=1 seek=5000 conv=notrunc status=none
cp tool changed
expect 66 "a file that changed since" "$digsig" attach tool good
matches 'changed since: prepare it again' "a file that changed since: says so"
cmp -s tool changed
ok "a file that changed since is left alone" $?
cp /bin/false tool
expect 66 "another file" "$digsig" attach tool good
fresh
expect 1 "no manifest" "$digsig" attach tool good
"$digsig" prepare -q --cert rsa.crt --identity other tool
expect 67 "a signature over another manifest" "$digsig" attach tool good
matches 'not a signature over this manifest' "a signature over another manifest: says so"
outside rsa DER attributes
expect 1 "signed attributes" "$digsig" attach tool attributes
matches '-noattr' "signed attributes: says what to do"
outside rsa SMIME smime -noattr
expect 1 "S/MIME" "$digsig" attach tool smime
matches '-outform DER' "S/MIME: says what to do"
openssl cms -sign -binary -noattr -md sha512 -outform DER -signer rsa.crt -inkey rsa.key \
	-in tool.manifest -out sha512
expect 1 "SHA-512" "$digsig" attach tool sha512
matches '-md sha256' "SHA-512: says what to do"
outside rsa DER pss -noattr -keyopt rsa_padding_mode:pss
expect 67 "RSA-PSS" "$digsig" attach tool pss
matches 'PKCS#1 v1.5' "RSA-PSS: says what to do"
outside rsa DER bare -noattr -nocerts
expect 1 "no certificate" "$digsig" attach tool bare
matches '--cert' "no certificate: says what to do"
expect 67 "another certificate" "$digsig" attach --cert other.crt tool bare
outside other DER others -noattr
expect 1 "signed by another key" "$digsig" attach tool others
expect 67 "signed by another key, with the right certificate" \
	"$digsig" attach --cert rsa.crt tool others
outside rsa DER two -noattr -signer other.crt -inkey other.key
expect 1 "two signers" "$digsig" attach tool two
matches 'one signer' "two signers: says so"
for size in 0 1 100 383 385 300000; do
	head -c $size /dev/urandom >noise
	expect 1 "$size bytes of noise" "$digsig" attach --cert rsa.crt tool noise
done
head -c 384 /dev/urandom >noise
expect 67 "noise as long as a signature" "$digsig" attach --cert rsa.crt tool noise
expect 1 "a certificate in the place of a signature" "$digsig" attach --cert rsa.crt tool rsa.crt
head -c 255 tool.manifest >short
expect 68 "a manifest cut short" "$digsig" attach --manifest short tool good
(head -c 8 tool.manifest && head -c 248 /dev/zero) >lying
expect 68 "a manifest that is none" "$digsig" attach --manifest lying tool good
cp tool.manifest larger
printf '\x10' | dd of=larger bs=1 seek=49 conv=notrunc status=none
mv tool.manifest kept && mv larger tool.manifest
outside rsa DER signed-lie -noattr
expect 66 "a signed manifest with another block size" "$digsig" attach tool signed-lie
mv kept tool.manifest
unchanged tool "after all of that the file is as it was"
ln tool link
outside rsa DER tool.cms -noattr
expect 70 "hard links" "$digsig" attach tool tool.cms
expect 0 "--break-links" "$digsig" attach --break-links tool tool.cms
unchanged link "the other link keeps the old file"
rm -f link
fresh
expect 1 "prepare: no certificate there" "$digsig" prepare --cert nowhere.crt tool
expect 1 "prepare: a key is no certificate" "$digsig" prepare --cert rsa.key tool
printf '#!/bin/sh\n' >script
expect 68 "prepare: a script" "$digsig" prepare --cert rsa.crt script
expect 2 "prepare: no --cert" "$digsig" prepare tool
expect 1 "prepare: a folder that is not there" "$digsig" prepare --cert rsa.crt -o no/where tool
openssl req -x509 -newkey ed25519 -nodes -keyout ed.key -out ed.crt -subj /CN=ed -days 30 \
	2>openssl.log
expect 1 "prepare: an ed25519 certificate" "$digsig" prepare --cert ed.crt tool
matches 'RSA .* or ECDSA|RSA of 2048 bits' "prepare: an ed25519 certificate: says what to use"
cp /bin/true trailing && echo more >>trailing
expect 68 "prepare: trailing data" "$digsig" prepare --cert rsa.crt trailing
expect 0 "prepare: --allow-trailing-data" "$digsig" prepare --cert rsa.crt --allow-trailing-data \
	trailing
openssl cms -sign -binary -noattr -md sha256 -outform DER -signer rsa.crt -inkey rsa.key \
	-in trailing.manifest -out trailing.cms
expect 0 "attach: trailing data" "$digsig" attach trailing trailing.cms
expect 0 "attach: trailing data verifies" "$digsig" verify --trust rsa.crt trailing

## PKCS#11, with SoftHSM

if command -v softhsm2-util >/dev/null && command -v pkcs11-tool >/dev/null; then
	module=$(dpkg -L libsofthsm2 2>/dev/null | grep -m 1 '/libsofthsm2\.so$')
	module=${module:-/usr/lib/softhsm/libsofthsm2.so}
	mkdir tokens
	echo "directories.tokendir = $work/tokens" >softhsm2.conf
	export SOFTHSM2_CONF=$work/softhsm2.conf
	hsm() { pkcs11-tool --module "$module" --token-label build --login --pin 1234 "$@"; }
	softhsm2-util --init-token --free --label build --so-pin 0000 --pin 1234 >.output 2>&1
	for name in rsa p256 p384; do
		openssl pkcs8 -topk8 -nocrypt -in $name.key -out $name.p8
		case $name in rsa) id=01 ;; p256) id=02 ;; *) id=03 ;; esac
		softhsm2-util --import $name.p8 --token build --label $name --id $id --pin 1234 \
			>>.output 2>&1
		openssl x509 -in $name.crt -outform DER -out $name.der
	done
	hsm --write-object rsa.der --type cert --id 01 --label rsa >>.output 2>&1
	hsm --write-object p256.der --type cert --id 02 --label p256 >>.output 2>&1
	echo 1234 >pin && echo 4321 >wrong-pin
	uri="pkcs11:token=build;object="

	for name in rsa p256; do
		fresh
		expect 0 "token, $name: sign, the certificate on the token" \
			"$digsig" sign --key "$uri$name" --passphrase-file pin tool
		expect 0 "token, $name: verifies" "$digsig" verify --trust $name.crt tool
	done
	fresh
	expect 0 "token, p384: --cert" \
		"$digsig" sign --key "$uri"p384 --cert p384.crt --passphrase-file pin tool
	expect 0 "token, p384: verifies" "$digsig" verify --trust p384.crt tool
	SOURCE_DATE_EPOCH=1 "$digsig" sign -q --key rsa.key tool
	mv tool by-file
	fresh
	SOURCE_DATE_EPOCH=1 "$digsig" sign -q --key "pkcs11:id=%01?pin-value=1234&module-path=$module" \
		tool
	cmp -s tool by-file
	ok "token: by id, pin-value and module-path; the same file as with the key's file" $?
	expect 0 "token: catalog create" "$digsig" catalog create --key "$uri"rsa \
		--passphrase-file pin -o token.catalog /bin/true
	expect 0 "token: the catalog verifies" "$digsig" catalog verify --trust rsa.crt token.catalog

	# A CA's key on a token: what it issues.
	for name in rsa p256; do
		openssl req -x509 -key $name.key -out token-ca-$name.crt -days 100 -subj "/CN=Token $name" \
			-addext keyUsage=critical,keyCertSign 2>>.output
		expect 0 "token, $name: key new --issuer" "$digsig" key new of-$name \
			--issuer "$uri$name" --issuer-cert token-ca-$name.crt --issuer-passphrase-file pin
		openssl verify -CAfile token-ca-$name.crt of-$name.crt >.output 2>&1
		ok "token, $name: openssl verifies what it issued" $?
	done
	expect 69 "token: key new --issuer with a wrong PIN" "$digsig" key new of-none \
		--issuer "$uri"rsa --issuer-cert token-ca-rsa.crt --issuer-passphrase-file wrong-pin
	[[ ! -e of-none.key && ! -e of-none.crt ]]
	ok "token: key new --issuer with a wrong PIN leaves no file" $?
	expect 1 "token: key new --issuer with another CA's certificate" "$digsig" key new of-none \
		--issuer "$uri"rsa --issuer-cert token-ca-p256.crt --issuer-passphrase-file pin

	mkdir many
	for i in $(seq 60); do
		cp /bin/true "many/$i"
	done
	expect 0 "token: sign -r, by many threads" "$digsig" sign -r -q -j 8 --key "$uri"rsa \
		--passphrase-file pin many
	expect 0 "token: sign -r: all verify" "$digsig" verify -r -q --trust rsa.crt many
	fresh
	expect 69 "token: a wrong PIN" "$digsig" sign --key "$uri"rsa --passphrase-file wrong-pin tool
	matches 'PIN' "token: a wrong PIN: says so"
	expect 69 "token: a wrong pin-value" "$digsig" sign --key "${uri}rsa?pin-value=secret9" tool
	! grep -q 'digsig: .*secret9' .output
	ok "token: the PIN is not in the message" $?
	expect 69 "token: no PIN and no terminal" "$digsig" sign --key "$uri"rsa tool
	expect 69 "token: catalog create with a wrong PIN" "$digsig" catalog create --key "$uri"rsa \
		--passphrase-file wrong-pin -o no.catalog /bin/true
	[[ ! -e no.catalog ]]
	ok "token: no catalog then" $?
	expect 1 "token absent" "$digsig" sign --key 'pkcs11:token=none' --passphrase-file pin tool
	matches 'no such token' "token absent: says so"
	expect 1 "key absent" "$digsig" sign --key "$uri"none --passphrase-file pin tool
	matches 'no such private key' "key absent: says so"
	expect 1 "several keys" "$digsig" sign --key pkcs11:token=build --passphrase-file pin tool
	matches 'several keys' "several keys: says so"
	expect 1 "no certificate on the token" \
		"$digsig" sign --key "$uri"p384 --passphrase-file pin tool
	matches '--cert' "no certificate on the token: says what to do"
	expect 1 "the certificate of another kind of key" \
		"$digsig" sign --key "$uri"rsa --cert p256.crt --passphrase-file pin tool
	expect 1 "the certificate of another key" \
		"$digsig" sign --key "$uri"p256 --cert other.crt --passphrase-file pin tool
	matches 'belongs to another key' "the certificate of another key: says so"
	expect 1 "not a URI" "$digsig" sign --key pkcs11:nonsense=% tool
	expect 1 "no such module" \
		"$digsig" sign --key 'pkcs11:token=build?module-path=/no/where.so&pin-value=1234' tool
	matches 'module' "no such module: says so"
	serial=$(pkcs11-tool --module "$module" -L 2>/dev/null | grep -m 1 'serial num' | sed 's/.*: //')
	softhsm2-util --init-token --free --label build --so-pin 0000 --pin 1234 >/dev/null 2>&1
	expect 1 "two tokens of one name" "$digsig" sign --key "$uri"rsa --passphrase-file pin tool
	matches 'several tokens' "two tokens of one name: says so"
	unchanged tool "after all of that the file is as it was"

	# Taken out after the login: while a file of a gigabyte is hashed.
	cp /bin/true large && truncate -s 1G large && sha256sum large >large.sum
	"$digsig" sign --allow-trailing-data --passphrase-file pin \
		--key "pkcs11:serial=$serial;object=rsa" large >.output 2>&1 &
	signer=$!
	for ((i = 0; i < 500; i++)); do
		[[ -n $(find "/proc/$signer/fd" -lname '*/large' 2>/dev/null) ]] && break
		sleep 0.01
	done
	kill -STOP $signer
	mv tokens elsewhere-tokens
	kill -CONT $signer
	wait $signer
	[[ $? -eq 1 ]] && grep -q 'not signed: ' .output
	ok "token taken out while signing" $?
	matches 'not there any more' "token taken out while signing: says so"
	sha256sum -c --quiet large.sum >/dev/null 2>&1
	ok "token taken out while signing: the file is as it was" $?
	rm -f large
else
	skip "PKCS#11" "no softhsm2-util or pkcs11-tool"
fi

## GnuPG, with a gpg-agent of its own

if command -v gpg >/dev/null && command -v gpg-connect-agent >/dev/null; then
	mkdir -m 700 gnupg
	export GNUPGHOME=$work/gnupg
	# shellcheck disable=SC2016 # nobody expands it
	secret='se cret $x %41 \n'
	printf '%s\n' "$secret" >phrase && echo wrong >wrong-phrase
	# make USER ALGORITHM USAGE
	make() {
		gpg --batch --quiet --passphrase "$secret" --pinentry-mode loopback \
			--quick-gen-key "$1" "$2" "$3" never >>.output 2>&1
	}
	make 'Rsa <rsa@example.org>' rsa2048 sign
	make 'Curve <p256@example.org>' nistp256 sign
	make 'Three <p384@example.org>' nistp384 sign
	make 'Edward <ed@example.org>' ed25519 sign
	make 'Expired <old@example.org>' rsa2048 cert
	for user in rsa p256 p384 ed old; do
		gpg --batch --export $user@example.org >$user.gpg 2>/dev/null
	done
	gpg --batch --armor --export rsa@example.org >armored.asc 2>/dev/null
	mkdir gpg-trust

	for user in rsa p256; do
		expect 0 "gpg, $user: key import" \
			"$digsig" key import --out gpg-trust --passphrase-file phrase $user.gpg
		matches 'self-signed$' "gpg, $user: the certificate is self-signed"
		openssl verify -CAfile gpg-trust/$user.crt gpg-trust/$user.crt >.output 2>&1
		ok "gpg, $user: openssl verifies the certificate" $?
		fresh
		expect 0 "gpg, $user: sign" "$digsig" sign --gpg $user@example.org \
			--cert gpg-trust/$user.crt --passphrase-file phrase tool
		expect 0 "gpg, $user: verifies" "$digsig" verify --trust gpg-trust/$user.crt tool
	done
	expect 0 "gpg: show names the user" "$digsig" show --trust gpg-trust tool
	matches 'signer: +CN="Curve <p256@example\.org>"$' "gpg: show names the user: so it does"

	for user in rsa p256; do
		expect 0 "gpg, $user: catalog create" "$digsig" catalog create --gpg $user@example.org \
			--cert gpg-trust/$user.crt --passphrase-file phrase -o $user.catalog /bin/true
		expect 0 "gpg, $user: the catalog verifies" \
			"$digsig" catalog verify --trust gpg-trust/$user.crt $user.catalog
	done
	seq 70000 | while read -r i; do printf '%064x  %s\n' "$i" "$i"; done >digests
	expect 0 "gpg: a catalog of several parts" "$digsig" catalog create --gpg rsa@example.org \
		--cert gpg-trust/rsa.crt --passphrase-file phrase --digests digests -o parts.catalog
	expect 0 "gpg: a catalog of several parts verifies" \
		"$digsig" catalog verify --trust gpg-trust/rsa.crt parts.catalog
	echo text >text
	expect 0 "gpg: sign --detached" "$digsig" sign -q --detached --gpg rsa@example.org \
		--cert gpg-trust/rsa.crt --passphrase-file phrase text
	expect 0 "gpg: sign --detached verifies" "$digsig" verify --trust gpg-trust/rsa.crt text

	# What the agent has in its cache it does not ask for; a new agent knows nothing.
	fresh
	expect 0 "gpg: the passphrase is in the agent's cache" \
		"$digsig" sign --gpg rsa@example.org --cert gpg-trust/rsa.crt tool
	gpgconf --kill gpg-agent
	fresh
	expect 69 "gpg: nobody to ask" "$digsig" sign --gpg rsa@example.org --cert gpg-trust/rsa.crt tool
	gpgconf --kill gpg-agent
	expect 69 "gpg: a wrong passphrase" "$digsig" sign --gpg rsa@example.org \
		--cert gpg-trust/rsa.crt --passphrase-file wrong-phrase tool
	matches 'not signed: the passphrase or PIN is wrong' "gpg: a wrong passphrase: says so"
	unchanged tool "gpg: the file is as it was"
	gpgconf --kill gpg-agent
	expect 0 "gpg: the agent was killed, and is started anew" "$digsig" sign --gpg rsa@example.org \
		--cert gpg-trust/rsa.crt --passphrase-file phrase tool
	fresh
	expect 1 "gpg: an unknown user" "$digsig" sign --gpg nobody@example.org \
		--cert gpg-trust/rsa.crt tool
	matches 'no such key' "gpg: an unknown user: says so"
	expect 1 "gpg: another user's certificate" "$digsig" sign --gpg rsa@example.org \
		--cert gpg-trust/p256.crt tool
	matches 'belongs to another key' "gpg: another user's certificate: says so"
	gpgconf --kill gpg-agent
	expect 69 "gpg: catalog create with a wrong passphrase" "$digsig" catalog create \
		--gpg rsa@example.org --cert gpg-trust/rsa.crt --passphrase-file wrong-phrase \
		-o no.catalog /bin/true
	[[ ! -e no.catalog ]]
	ok "gpg: catalog create with a wrong passphrase writes none" $?
	expect 2 "gpg: catalog create: no --cert" "$digsig" catalog create --gpg rsa@example.org /bin/true
	expect 2 "gpg: catalog create: --key too" "$digsig" catalog create --key rsa.key \
		--gpg rsa@example.org --cert gpg-trust/rsa.crt /bin/true
	expect 2 "gpg: no --cert" "$digsig" sign --gpg rsa@example.org tool
	expect 2 "gpg: --key too" "$digsig" sign --key rsa.key --gpg rsa@example.org tool
	expect 1 "gpg: not installed" env PATH=/nonexistent "$digsig" sign --gpg rsa@example.org \
		--cert gpg-trust/rsa.crt tool
	matches 'install gnupg' "gpg: not installed: says so"
	unchanged tool "gpg: after all of that the file is as it was"

	expect 68 "import: ed25519" "$digsig" key import --out gpg-trust ed.gpg
	matches 'ed25519.*use RSA' "import: ed25519: says what to use"
	expect 68 "import: P-384, which gpg-agent signs no SHA-256 with" \
		"$digsig" key import --out gpg-trust p384.gpg
	expect 68 "import: a key that does not sign" "$digsig" key import --out gpg-trust old.gpg
	expect 68 "import: no OpenPGP key" "$digsig" key import --force --out gpg-trust p256.crt
	head -c 4096 /dev/urandom >noise.gpg
	expect 68 "import: noise" "$digsig" key import --out gpg-trust noise.gpg
	cat rsa.gpg p256.gpg >two.gpg
	expect 68 "import: two keys" "$digsig" key import --out gpg-trust two.gpg
	expect 1 "import: no file" "$digsig" key import --out gpg-trust nowhere.gpg
	expect 1 "import: there already" "$digsig" key import --out gpg-trust rsa.gpg
	matches '--force' "import: there already: says what to do"
	expect 2 "import: --algo" "$digsig" key import --algo rsa3072 rsa.gpg
	gpgconf --kill gpg-agent
	expect 69 "import: a wrong passphrase" \
		"$digsig" key import --force --passphrase-file wrong-phrase rsa.gpg

	# On another machine: only the public key is there.
	gpgconf --kill all
	mkdir -m 700 elsewhere-gnupg
	expect 0 "import: without the secret key" env GNUPGHOME="$work/elsewhere-gnupg" \
		"$digsig" key import --days 30 --subject 'CN=Rsa, O=Example' armored.asc
	matches 'not self-signed' "import: without the secret key: says so"
	GNUPGHOME=$work/elsewhere-gnupg gpgconf --kill all
	expect 0 "import: it is the same key" "$digsig" sign --gpg rsa@example.org \
		--cert armored.crt --passphrase-file phrase tool
	expect 0 "import: either certificate verifies" "$digsig" verify --trust gpg-trust/rsa.crt tool
	openssl x509 -in armored.crt -noout -issuer -subject >.output
	matches 'issuer=CN = digsig key import' "import: the issuer is another name"
	matches 'subject=CN = Rsa, O = Example' "import: --subject"
else
	skip "GnuPG" "no gpg"
fi

echo "1..$count"
