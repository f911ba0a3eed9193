#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# CAs, what they issued, and certificates' dates: those that digsig makes, and those that OpenSSL's
# "req", "x509" and "ca" make. What the kernel lets in is in tests/guest. In the Test Anything Protocol.
#
#   certificates.sh DIGSIG
set -uo pipefail

digsig=$(realpath "${1:?usage: certificates.sh DIGSIG}")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"

verify() { "$digsig" verify "$@"; }

# signed_by KEY [CERT]: the file "tool", signed with it, is ./KEY.tool
signed_by() {
	cp /bin/true "$1.tool"
	"$digsig" sign -q --key "$1.key" --cert "${2-$1.crt}" "$1.tool" 2>/dev/null
}

# trust NAME FILE...: a folder with these certificates.
trust() {
	local folder=$1

	shift
	rm -rf "$folder"
	mkdir "$folder"
	cp "$@" "$folder"
}

## a CA made by digsig

expect 0 "key new --ca" "$digsig" key new ca --ca
expect 0 "key new --issuer" "$digsig" key new build --issuer ca.key
says build.crt "key new --issuer: says what it made"
openssl verify -x509_strict -CAfile ca.crt build.crt >.output 2>&1
ok "openssl verifies what the CA issued, strictly" $?
openssl x509 -in ca.crt -noout -ext basicConstraints,keyUsage >.output
says 'CA:TRUE, pathlen:0' "the CA: a CA, of signers alone"
says 'Certificate Sign, CRL Sign' "the CA: its key usage"
says_not 'Digital Signature' "the CA: its key does not sign code"
openssl x509 -in build.crt -noout -ext basicConstraints,extendedKeyUsage >.output
says CA:FALSE "the signer: no CA"
says 'Code Signing' "the signer: for code"
"$digsig" key new stranger-ca --ca >/dev/null
"$digsig" key new stranger --issuer stranger-ca.key >/dev/null
"$digsig" key new self >/dev/null
for name in build stranger self; do
	signed_by $name
done
trust hosts ca.crt build.crt
expect 0 "verify: issued" verify --trust hosts build.tool
expect 0 "verify: the signer first, then the CA" verify --trust build.crt --trust ca.crt build.tool
expect 0 "verify: without a CA a certificate counts by being there" verify --trust build.crt build.tool
expect 67 "verify: the CA alone, as a block holds no certificate" verify --trust ca.crt build.tool
says 'add those that its CA issued' "verify: the CA alone: says what to do"
cp stranger.crt hosts
expect 67 "verify: issued by a stranger" verify --trust hosts stranger.tool
says 'CN=stranger: left out of the trust: no CA in the trust issued it' \
	"verify: issued by a stranger: says so"
expect 0 "verify: the others are as they were" verify --trust hosts build.tool
expect 67 "verify -q: prints nothing" verify -q --trust hosts stranger.tool
says_not 'left out' "verify -q: so it does"
cp self.crt hosts
expect 0 "verify: self-signed, beside a CA" verify --trust hosts self.tool
cp stranger-ca.crt hosts
expect 0 "verify: two CAs" verify --trust hosts stranger.tool build.tool
says_not 'left out' "verify: two CAs: nothing is left out"
trust hosts ca.crt build.crt stranger.crt
expect 67 "check: the same trust" "$digsig" check --trust hosts "$work/stranger.tool"
says 'CN=stranger: left out' "check: says so"
expect 0 "check: what the CA's signer signed" "$digsig" check --trust hosts "$work/build.tool"
expect 0 "show" "$digsig" show --trust hosts build.tool
says 'CN=build' "show: whose"
expect 0 "catalog create by an issued signer" "$digsig" catalog create -q --key build.key \
	-o a.catalog build.tool
expect 0 "catalog verify" "$digsig" catalog verify --trust hosts a.catalog
"$digsig" catalog create -q --key stranger.key -o b.catalog build.tool
expect 67 "catalog verify: a stranger's" "$digsig" catalog verify --trust hosts b.catalog
expect 1 "the CA's key signs no code" "$digsig" sign --key ca.key build.tool
says 'made by digsig key new --issuer' "the CA's key signs no code: says what does"
expect 1 "nor catalogs" "$digsig" catalog create --key ca.key -o c.catalog build.tool
[[ ! -e c.catalog ]]
ok "nor catalogs: there is none" $?
expect 1 "prepare for the CA's key" "$digsig" prepare --cert ca.crt build.tool
cat build.crt ca.crt >chain.crt
expect 0 "--cert with the CA's certificate behind the signer's" "$digsig" sign -q --key build.key \
	--cert chain.crt build.tool
expect 1 "revoke --key of a CA" "$digsig" revoke --store store --key ca.crt
says 'signs no code' "revoke --key of a CA: says what to do"
expect 0 "revoke --key of a signer" "$digsig" revoke --store store --key build.crt
expect 67 "which is then revoked" verify --trust hosts --revoked store build.tool

## issuing

openssl req -new -newkey rsa:2048 -nodes -keyout far.key -subj "/CN=Far/O=Away" -out far.csr 2>.output
openssl req -in far.csr -outform DER -out far-der.csr
expect 0 "issue: a request" "$digsig" key issue far.csr --issuer ca.key
openssl verify -CAfile ca.crt far.crt >.output 2>&1
ok "issue: openssl verifies it" $?
openssl x509 -in far.crt -noout -subject >.output
says 'CN = Far, O = Away' "issue: the request's subject"
expect 1 "issue: there already" "$digsig" key issue far.csr --issuer ca.key
says '--force' "issue: there already: says what to do"
expect 0 "issue: --subject, --out" "$digsig" key issue far-der.csr --issuer ca.key --out hosts \
	--subject "CN=Near" --days 3
openssl x509 -in hosts/far-der.crt -noout -subject >.output
says 'CN = Near' "issue: a request in DER form, and --subject"
expect 0 "issue: for a certificate that is there" "$digsig" key issue self.crt --issuer ca.key --out hosts
mv hosts/self.crt issued-self.crt
trust hosts ca.crt issued-self.crt
expect 0 "issue: what it signed before is as good" verify --trust hosts self.tool
openssl req -in far.csr -outform DER | { head -c -20; head -c 20 /dev/zero; } >forged.csr
expect 68 "issue: a request that its key did not sign" "$digsig" key issue forged.csr --issuer ca.key
says 'not signed by its own key' "issue: a request that its key did not sign: says so"
head -c 3000 /dev/urandom >noise.csr
expect 68 "issue: noise" "$digsig" key issue noise.csr --issuer ca.key
mkdir imposter
expect 68 "issue: a private key" "$digsig" key issue ca.key --issuer ca.key --out imposter
openssl req -new -newkey ed25519 -nodes -keyout ed.key -subj "/CN=ed" -out ed.csr 2>.output
expect 68 "issue: a key that cannot sign here" "$digsig" key issue ed.csr --issuer ca.key
expect 1 "issue: no file" "$digsig" key issue nowhere.csr --issuer ca.key
expect 2 "issue: no --issuer" "$digsig" key issue far.csr
expect 2 "new: --ca and --issuer" "$digsig" key new sub --ca --issuer ca.key
expect 2 "new: --issuer-cert without --issuer" "$digsig" key new sub --issuer-cert ca.crt
expect 1 "new: the issuer is no CA" "$digsig" key new sub --issuer build.key
says 'not a CA' "new: the issuer is no CA: says so"
expect 1 "new: the issuer's certificate is another's" "$digsig" key new sub --issuer ca.key \
	--issuer-cert stranger-ca.crt
[[ ! -e sub.key && ! -e sub.crt && ! -e forged.crt && ! -e noise.crt && ! -e ed.crt ]]
ok "new, issue: what is wrong leaves no file" $?
echo secret >phrase && echo wrong >wrong-phrase
# A comma in a name, in every place that shows one.
"$digsig" key new comma --days 5 --algo ecdsa-p256 --subject 'CN=Build, O=Entrust\, Inc.' >/dev/null
cp /bin/true comma-tool
expect 0 "a name with a comma: the warning about its date" "$digsig" sign --key comma.key comma-tool
says 'warning: CN=Build,O="Entrust, Inc.": valid until' "a name with a comma: as people write it"
expect 0 "a name with a comma: show" "$digsig" show --trust comma.crt comma-tool
says 'signer:    CN=Build,O="Entrust, Inc."' "a name with a comma: show"
expect 0 "a name with a comma: show --json" "$digsig" show --trust comma.crt --json comma-tool
says '"signer":"CN=Build,O=\"Entrust, Inc.\""' "a name with a comma: show --json"
"$digsig" key new locked-ca --ca --algo ecdsa-p256 --passphrase-file phrase >/dev/null
expect 0 "--issuer-passphrase-file" "$digsig" key new child --issuer locked-ca.key \
	--issuer-passphrase-file phrase
openssl verify -CAfile locked-ca.crt child.crt >.output 2>&1
ok "a CA with ECDSA, a signer with RSA" $?
expect 69 "--issuer-passphrase-file: a wrong one" "$digsig" key new other --issuer locked-ca.key \
	--issuer-passphrase-file wrong-phrase
[[ ! -e other.key ]]
ok "--issuer-passphrase-file: a wrong one leaves no file" $?
expect 69 "--issuer-passphrase-file: none" setsid -w "$digsig" key new other --issuer locked-ca.key
says "locked-ca.key: the key is encrypted, and no passphrase was given: --issuer-passphrase-file FILE" \
	"--issuer-passphrase-file: none: says how to give it"
"$digsig" key new short-ca --ca --days 40 >/dev/null
expect 0 "a CA that ends before" "$digsig" key new late --issuer short-ca.key --days 400
[[ $(openssl x509 -in late.crt -noout -enddate) == $(openssl x509 -in short-ca.crt -noout -enddate) ]]
ok "what it issued ends with it" $?

## OpenSSL's certificates

# make_ca NAME [EXTENSION]...: a self-signed one.
make_ca() {
	local name=$1 options=() extension

	shift
	for extension; do
		options+=(-addext "$extension")
	done
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$name.key" -out "$name.crt" -days 100 \
		-subj "/CN=$name" "${options[@]}" >/dev/null 2>&1
}

# make_issued NAME CA EXTENSIONS [OPTION]...: EXTENSIONS are lines.
make_issued() {
	local name=$1 ca=$2

	openssl req -new -newkey rsa:2048 -nodes -keyout "$name.key" -subj "/CN=$name" -out "$name.csr" \
		>/dev/null 2>&1
	printf 'subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n%s\n' "$3" >"$name.ext"
	shift 3
	openssl x509 -req -in "$name.csr" -CA "$ca.crt" -CAkey "$ca.key" -CAcreateserial -days 50 \
		-extfile "$name.ext" -out "$name.crt" "$@" >/dev/null 2>&1
	signed_by "$name"
}
for_code=$'extendedKeyUsage=codeSigning\nkeyUsage=critical,digitalSignature'
for_certificates='keyUsage=critical,keyCertSign,cRLSign'

make_ca root $for_certificates
make_issued plain root "$for_code"
trust hosts root.crt plain.crt
expect 0 "openssl: issued" verify --trust hosts plain.tool
make_issued all-uses root "extendedKeyUsage=serverAuth,codeSigning"
trust hosts root.crt all-uses.crt
expect 0 "openssl: no key usage, several extended ones" verify --trust hosts all-uses.tool

# left_out NAME REASON CERTIFICATE...: of these, NAME's is not trusted.
left_out() {
	local name=$1 reason=$2

	shift 2
	trust hosts "$@"
	expect 67 "openssl: $name" verify --trust hosts "$name.tool"
	says "CN=$name: left out of the trust: $reason" "openssl: $name: says why"
}
make_issued server root "extendedKeyUsage=serverAuth"
left_out server "it was not issued for signing code" root.crt server.crt
make_issued nothing root ""
left_out nothing "it was not issued for signing code" root.crt nothing.crt
make_issued encrypts root $'extendedKeyUsage=codeSigning\nkeyUsage=critical,keyEncipherment'
left_out encrypts "it was not issued for signatures" root.crt encrypts.crt
make_issued sha1 root "$for_code" -sha1
left_out sha1 "it is signed over a weak digest" root.crt sha1.crt
openssl req -x509 -newkey rsa:1024 -nodes -keyout weak.key -out weak.crt -subj /CN=weak \
	-addext $for_certificates 2>.output
make_issued of-weak weak "$for_code"
left_out of-weak "its key, or its CA's, is too short" weak.crt of-weak.crt
# Of the same name as the CA, with another key.
mkdir -p imposter && (cd imposter && make_ca root $for_certificates)
make_issued forged imposter/root "$for_code"
left_out forged "" root.crt forged.crt
sed -i 's/^authorityKeyIdentifier.*/authorityKeyIdentifier=none/' forged.ext
openssl x509 -req -in forged.csr -CA imposter/root.crt -CAkey imposter/root.key -days 50 \
	-extfile forged.ext -out forged.crt >.output 2>&1
left_out forged "it bears a CA's name, but not its signature" root.crt forged.crt
make_issued unknown root $'1.2.3.4=critical,ASN1:UTF8String:x\n'"$for_code"
left_out unknown "unhandled critical extension" root.crt unknown.crt

# What is no CA does not issue, whatever it signed.
make_issued leaf root "$for_code"
make_issued below-leaf leaf "$for_code"
left_out below-leaf "no CA in the trust issued it" root.crt leaf.crt below-leaf.crt
# Nor is "openssl req -x509" without a key usage a CA here: it is a signer's own, as ever.
make_ca simple
signed_by simple
trust hosts simple.crt plain.crt
expect 0 "openssl: req -x509 without key usage signs for itself" verify --trust hosts simple.tool plain.tool
says_not "left out" "openssl: and makes of no trust one with a CA"

# Intermediate CAs, as far as their superior allows.
make_issued middle root $'basicConstraints=critical,CA:TRUE\n'"$for_certificates"
make_issued leaf root "$for_code"
make_issued below middle "$for_code"
trust hosts root.crt middle.crt below.crt
expect 0 "openssl: by an intermediate CA" verify --trust hosts below.tool
trust hosts middle.crt below.crt
expect 0 "openssl: the intermediate CA as the root of trust" verify --trust hosts below.tool
left_out below "no CA in the trust issued it" root.crt below.crt
make_ca narrow $for_certificates basicConstraints=critical,CA:TRUE,pathlen:0
make_issued subordinate narrow $'basicConstraints=critical,CA:TRUE\n'"$for_certificates"
make_issued too-deep subordinate "$for_code"
left_out too-deep "it was issued by a CA that may not be one" narrow.crt subordinate.crt too-deep.crt
# A CA that may sign code, too.
make_ca both keyUsage=critical,digitalSignature,keyCertSign
signed_by both
make_issued of-both both "$for_code"
trust hosts both.crt of-both.crt
expect 0 "openssl: a CA with digitalSignature signs code, too" verify --trust hosts both.tool of-both.tool

## dates

# "openssl ca" sets any.
mkdir db
: >db/index && echo 01 >db/serial
cat >ca.conf <<-END
	[ca]
	default_ca = it
	[it]
	database = db/index
	serial = db/serial
	new_certs_dir = db
	default_md = sha256
	policy = any
	unique_subject = no
	[any]
	commonName = supplied
	[signer]
	subjectKeyIdentifier = hash
	authorityKeyIdentifier = keyid
	extendedKeyUsage = codeSigning
	[authority]
	basicConstraints = critical,CA:TRUE
	subjectKeyIdentifier = hash
	keyUsage = critical,keyCertSign
END
# dated NAME FROM UNTIL CA: CA "self" is NAME itself.
dated() {
	local by=(-cert "$4.crt" -keyfile "$4.key") extensions=signer

	[[ $4 != self ]] || by=(-selfsign -keyfile "$1.key")
	[[ $1 != *-ca ]] || extensions=authority
	openssl req -new -newkey rsa:2048 -nodes -keyout "$1.key" -subj "/CN=$1" -out "$1.csr" >/dev/null 2>&1
	openssl ca -batch -config ca.conf -notext -extensions $extensions -startdate "$2" -enddate "$3" \
		-in "$1.csr" -out "$1.crt" "${by[@]}" >.output 2>&1 || cat .output
	signed_by "$1"
}
soon=$(date -u -d '+10 days' +%Y%m%d%H%M%SZ)
dated past 20200101000000Z 20210203040506Z self
dated future 20900101000000Z 20990101000000Z self
dated ending 20200101000000Z "$soon" self
dated past-issued 20200101000000Z 20210203040506Z root
dated past-ca 20200101000000Z 20210203040506Z self
dated of-past 20200101000000Z 20990101000000Z past-ca

cp /bin/true tool
expect 0 "sign: expired" "$digsig" sign --key past.key tool
says 'warning: CN=past: expired on 2021-02-03T04:05:06Z' "sign: expired: warns"
expect 0 "sign: not valid yet" "$digsig" sign --key future.key tool
says 'warning: CN=future: not valid before 2090-01-01T00:00:00Z' "sign: not valid yet: warns"
expect 0 "sign: about to expire" "$digsig" sign -q --key ending.key tool
says 'which is soon' "sign: about to expire: warns, quiet or not"
expect 0 "sign: in the middle of its life" "$digsig" sign --key plain.key tool
says_not warning "sign: in the middle of its life: no warning"
expect 0 "sign --detached: expired" "$digsig" sign -q --detached --key past.key tool
says 'CN=past: expired' "sign --detached: expired: warns"
expect 0 "catalog create: expired" "$digsig" catalog create -q --key past.key -o past.catalog tool
says 'CN=past: expired' "catalog create: expired: warns"
expect 0 "prepare: expired" "$digsig" prepare -q --cert past.crt tool
says 'CN=past: expired' "prepare: expired: warns"
expect 1 "a CA that expired issues nothing" "$digsig" key new sub --issuer past-ca.key
says 'past-ca.crt: expired on 2021' "a CA that expired issues nothing: says so"

expect 0 "verify: expired is ok" verify --trust past.crt past.tool
says 'CN=past: expired on 2021-02-03T04:05:06Z, and trusted all the same' "verify: warns"
says 'past.tool: ok, by a certificate expired on 2021-02-03T04:05:06Z' "verify: says so of the file"
expect 0 "verify --expiry ignore" verify --expiry ignore --trust past.crt past.tool
says_not 'trusted all the same' "verify --expiry ignore: does not warn"
expect 67 "verify --expiry refuse" verify --expiry refuse --trust past.crt past.tool
says 'CN=past: left out of the trust: expired on 2021' "verify --expiry refuse: says so"
expect 67 "verify --expiry refuse: not valid yet" verify --expiry refuse --trust future.crt future.tool
says 'CN=future: left out of the trust: not valid before 2090' "verify --expiry refuse: not valid yet: says so"
expect 0 "verify --expiry refuse: valid" verify --expiry refuse --trust past.crt --trust plain.crt plain.tool
trust hosts past-ca.crt of-past.crt
expect 0 "verify: of an expired CA" verify --trust hosts of-past.tool
says 'CN=past-ca: expired on' "verify: of an expired CA: warns"
expect 67 "verify --expiry refuse: of an expired CA" verify --expiry refuse --trust hosts of-past.tool
says 'CN=of-past: left out of the trust: no CA in the trust issued it' \
	"verify --expiry refuse: of an expired CA: says so"
trust hosts root.crt past-issued.crt plain.crt
expect 67 "verify --expiry refuse: an expired signer of a CA" \
	verify --expiry refuse --trust hosts plain.tool past-issued.tool
says 'plain.tool: ok' "verify --expiry refuse: the CA's other signer"
# An expired root does not make an anchor of what it issued.
dated middle-ca 20200101000000Z 20990101000000Z past-ca
make_issued of-middle middle-ca "$for_code"
trust hosts past-ca.crt middle-ca.crt of-middle.crt
expect 67 "verify --expiry refuse: below an expired root" \
	verify --expiry refuse --trust hosts of-middle.tool
expect 0 "verify -v" verify -v --trust plain.crt plain.tool
matches 'ok, by a certificate valid from 20[0-9-]+T[0-9:]+Z to 20[0-9-]+T[0-9:]+Z$' "verify -v: both dates"
expect 2 "verify --expiry nonsense" verify --expiry never --trust past.crt past.tool
expect 67 "check --expiry refuse" "$digsig" check --expiry refuse --trust past.crt "$work/past.tool"
expect 0 "check --expiry ignore" "$digsig" check --expiry ignore --trust past.crt "$work/past.tool"
expect 2 "fanotify --expiry nonsense" "$digsig" fanotify --expiry never
expect 2 "start --expiry nonsense" "$digsig" start --expiry never
expect 1 "start: no certificate is left" "$digsig" start --expiry refuse --trust past.crt
says 'no certificate in the trust may vouch for code' "start: no certificate is left: says so"
expect 0 "show: expired" "$digsig" show --trust past.crt past.tool
says '2020-01-01T00:00:00Z to 2021-02-03T04:05:06Z: expired' "show: both dates, and the state"
says "by the signer's clock it was signed outside of that time" "show: signed after it expired"
SOURCE_DATE_EPOCH=1600000000 "$digsig" sign -q --key past.key past.tool 2>/dev/null
expect 0 "show: signed in time, as the signer says" "$digsig" show --trust past.crt past.tool
says_not "outside of that time" "show: says nothing of it then"
expect 67 "verify --expiry refuse: goes by the clock here, not by the signer's" \
	verify --expiry refuse --trust past.crt past.tool
if command -v python3 >/dev/null; then
	"$digsig" show --json --trust past.crt --trust future.crt past.tool future.tool >shown.json 2>/dev/null
	verify --json --trust past.crt past.tool build.tool >verified.json 2>/dev/null
	mkdir tree && cp past.tool tree
	verify -r -v --json --trust past.crt tree >tree.json 2>/dev/null
	python3 - <<-'END' >.output 2>&1
		import json
		past, future = json.load(open("shown.json"))
		assert past["signer_valid_from"] == "2020-01-01T00:00:00Z", past
		assert past["signer_valid_to"] == "2021-02-03T04:05:06Z", past
		assert past["signer_validity"] == "expired" and past["signer_expired"], past
		assert future["signer_validity"] == "not-yet-valid" and not future["signer_expired"], future
		good, bad = [json.loads(line) for line in open("verified.json")]
		assert good["result"] == "ok" and good["signer_validity"] == "expired", good
		assert bad["result"] == "not_ok" and bad["reason"] == "unknownkey", bad
		assert "signer" not in bad, bad
		one = json.loads(open("tree.json").readline())
		assert one["signer"] == "CN=past" and one["signer_valid_to"] == "2021-02-03T04:05:06Z", one
	END
	ok "--json: of show, verify and verify -r" $?
else
	skip "--json" "no python3"
fi

echo "1..$count"
