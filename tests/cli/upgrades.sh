#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# What apt's hook makes of real packages, installed by the real dpkg and apt into a scratch root. In
# the Test Anything Protocol.
#
#   upgrades.sh DIGSIG CATALOG-DEBS APT-CONFIGURATION
set -uo pipefail

digsig=$(realpath "${1:?usage: upgrades.sh DIGSIG CATALOG-DEBS APT-CONFIGURATION}")
hook=$(realpath "${2:?no catalog-debs}")
conf=$(realpath "${3:?no apt configuration}")
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$(realpath "$0")")/../lib/tap.sh"
export TMPDIR=$work/tmp
mkdir tmp

if ! command -v dpkg-deb >/dev/null || ! command -v apt-get >/dev/null; then
	echo "1..0 # SKIP no dpkg and apt: not a Debian system"
	exit
fi

# package VERSION: tool_VERSION.deb, of a program, a script, a library, a text, and a postinst.
package() {
	local tree=tree-$1

	mkdir -p "$tree"/{DEBIAN,usr/bin,usr/lib,usr/share/doc/tool}
	cat >"$tree/DEBIAN/control" <<-END
		Package: tool
		Version: ${1#odd-}
		Architecture: all
		Maintainer: Test <test@example.org>
		Description: for a test
	END
	printf '#!/bin/sh\necho postinst %s >&2\n' "$1" >"$tree/DEBIAN/postinst"
	printf '#!/bin/sh\necho tool %s\n' "$1" >"$tree/usr/bin/tool"
	{ cat /bin/true && echo "$1"; } >"$tree/usr/bin/tool program"
	{ cat /bin/true && echo "lib $1"; } >"$tree/usr/lib/libtool.so.1"
	echo "$1" >"$tree/usr/share/doc/tool/text"
	chmod 755 "$tree"/DEBIAN/postinst "$tree"/usr/bin/*
	dpkg-deb --build --root-owner-group "$tree" "tool_$1.deb" >/dev/null
}
package 1
package 2

# hook NAME...: as apt calls it
hook() {
	printf '%s\n' "$@" | "$hook" --digsig "$digsig" --config "$work/digsig.conf" --lists "$work/unsigned"
}
verify() {
	"$digsig" verify --trust me.crt --catalog catalogs "$@"
}

"$digsig" key new me >/dev/null
mkdir catalogs
cat >digsig.conf <<-END
	[engine]
	catalogs = $work/catalogs
	signing-key = $work/me.key
END

## with a key

expect 0 "a package" hook "$work/tool_1.deb"
matches '^digsig: 4 digests of 1 packages are signed and loaded: upgrade-.*\.catalog$' "says what it did"
expect 0 "one catalog, which is good" "$digsig" catalog verify --trust me.crt catalogs
expect 0 "its names" "$digsig" catalog show --names catalogs/upgrade-*.catalog
matches '  /usr/bin/tool$' "the script by its installed name"
matches '  /usr/bin/tool program$' "a program whose name has a space"
matches '  /usr/lib/libtool.so.1$' "a library that is not executable"
matches '  /var/lib/dpkg/tmp.ci/postinst$' "the maintainer script"
! grep -q text .output
ok "nothing else" $?

# Installed by dpkg, what is on the disk is what was catalogued.
mkdir -p root/var/lib/dpkg/{info,updates} && : >root/var/lib/dpkg/status
install_by_dpkg() {
	dpkg --root="$work/root" --force-not-root --force-script-chrootless --log=/dev/null "$@"
}
expect 0 "dpkg installs it" install_by_dpkg --install tool_1.deb
expect 0 "what it installed is ok, by a catalog" verify root/usr/bin/tool "root/usr/bin/tool program" \
	root/usr/lib/libtool.so.1 root/var/lib/dpkg/info/tool.postinst
expect 0 "the upgrade, ahead of dpkg" hook "$work/tool_2.deb"
expect 0 "dpkg upgrades" install_by_dpkg --install tool_2.deb
expect 0 "what it upgraded is ok" verify root/usr/bin/tool "root/usr/bin/tool program" \
	root/usr/lib/libtool.so.1 root/var/lib/dpkg/info/tool.postinst
expect 0 "the old catalog stays: what was ok is ok" verify tree-1/usr/bin/tool
[[ $(find catalogs -type f | wc -l) -eq 2 ]]
ok "two catalogs, and nothing half-written" $?

# The real apt, told of by the file that is installed.
sed "s,/[^ \"]*/digsig/catalog-debs,$work/as-installed,g" "$conf" >80digsig
cat >as-installed <<-END
	#!/bin/sh
	exec "$hook" --digsig "$digsig" --config "$work/digsig.conf" --lists "$work/unsigned"
END
chmod 755 as-installed
mkdir -p apt/{state/lists/partial,cache/archives/partial}
apt() {
	env APT_CONFIG="$work/80digsig" apt-get -q -y -o Dir::State="$work/apt/state" \
		-o Dir::State::status="$work/root/var/lib/dpkg/status" -o Dir::Cache="$work/apt/cache" \
		-o Dir::Etc="$work/none" -o Dir::Log="$work/apt" -o Debug::NoLocking=1 \
		-o Dpkg::Use-Pty=0 -o APT::Sandbox::User= -o DPkg::Options::=--root="$work/root" \
		-o DPkg::Options::=--force-not-root -o DPkg::Options::=--force-script-chrootless \
		-o DPkg::Options::=--log=/dev/null "$@"
}
package 3
expect 0 "apt installs" apt install "$work/tool_3.deb"
matches '^digsig: 4 digests of 1 packages are signed and loaded' "apt: says what it did"
expect 0 "apt: what it installed is ok" verify root/usr/bin/tool "root/usr/bin/tool program" \
	root/usr/lib/libtool.so.1 root/var/lib/dpkg/info/tool.postinst
[[ $(<root/usr/share/doc/tool/text) == 3 ]]
ok "apt: it did install it" $?
expect 0 "apt removes" apt remove tool

## without a key, and with trouble

cp digsig.conf signing.conf
sed -i /signing-key/d digsig.conf
expect 0 "without a key" hook "$work/tool_1.deb" "$work/tool_2.deb"
matches '^digsig: 8 digests of 2 packages wait for a signature in .*/unsigned/upgrade-.*\.sha256$' "says where"
matches 'catalog create --key KEY --digests' "says what to do there"
list=$(echo unsigned/*.sha256)
expect 0 "the list, signed elsewhere" "$digsig" catalog create -q --key me.key --digests "$list" -o late.catalog
expect 0 "vouches for the files" "$digsig" verify --trust me.crt --catalog late.catalog tree-1/usr/bin/tool \
	tree-2/usr/lib/libtool.so.1 tree-2/DEBIAN/postinst
(cd tree-1 && sed -n 's,  /usr,  usr,p' "../$list" | sha256sum --check --ignore-missing --quiet) >.output 2>&1
[[ $? -le 1 ]] && ! grep -q "no properly formatted" .output
ok "the list is one of sha256sum" $?
before=$(cat catalogs/* | sha256sum)
trouble() {
	expect 0 "$1: does not fail" "${@:2}"
	matches '^digsig: ' "$1: is said"
	[[ $(cat catalogs/* | sha256sum) == "$before" ]]
	ok "$1: the catalogs are as before" $?
	[[ -z $(ls -A tmp) ]]
	ok "$1: nothing is left of it" $?
}
cp signing.conf digsig.conf
echo 'not a package' >broken.deb
trouble "a broken package" hook "$work/tool_1.deb" "$work/broken.deb"
trouble "no package" hook /nowhere/x.deb
chmod 755 me.key && mv me.key hidden.key
trouble "a key that is not there" hook "$work/tool_1.deb"
matches 'wait for a signature' "a key that is not there: the list is kept"
mv hidden.key me.key
echo nonsense >digsig.conf
trouble "a broken digsig.conf" hook "$work/tool_1.deb"
cp signing.conf digsig.conf
trouble "no digsig" bash -c "echo '$work/tool_1.deb' | '$hook' --digsig /nowhere/digsig"
sed -i "s,^catalogs = .*,catalogs = $work/nowhere," digsig.conf
trouble "no folder of catalogs" hook "$work/tool_1.deb"
rm digsig.conf
trouble "no digsig.conf" hook "$work/tool_1.deb"
expect 0 "nothing to do" hook
[[ $(head -n 1 .output) == "exit code"* ]]
ok "nothing to do: nothing is said" $?
sed -i "s,$work/as-installed,/nowhere/digsig/catalog-debs,g" 80digsig
expect 0 "apt goes on when digsig is gone" apt install "$work/tool_3.deb"

cp signing.conf digsig.conf && chmod 644 me.key
expect 0 "a key for everybody" hook "$work/tool_1.deb"
says "every user of this machine may read the key" "a key for everybody: the warning reaches who upgrades"
rm digsig.conf

# dpkg-deb builds no package with a newline in a name, but one with a backslash.
package odd-1
cp tree-odd-1/usr/bin/tool 'tree-odd-1/usr/bin/back\slash' &&
	dpkg-deb --build --root-owner-group tree-odd-1 odd.deb >/dev/null
rm -rf unsigned
expect 0 "a name with a backslash" hook "$work/odd.deb"
says "digsig: 4 digests of 1 packages wait" "a name with a backslash: its digest is the other name's"
expect 0 "a name with a backslash: as installed, escaped as sha256sum does" \
	grep -qE '^\\[0-9a-f]{64}  /usr/bin/back\\\\slash$' unsigned/upgrade-*.sha256

## the options alone

: >empty.conf

cp signing.conf digsig.conf
create() { "$digsig" catalog create "$@"; }
expect 0 "--list" create --list tree-1
[[ "$(head -n 4 .output | sort -k 2)" == "$(cd . && sha256sum tree-1/usr/bin/tool* tree-1/usr/lib/* tree-1/DEBIAN/postinst | sort -k 2)" ]]
ok "--list: as sha256sum has it" $?
create --list tree-1 >list && create --list tree-2 >list-2
create -q --key me.key --digests - -o both.catalog tree-1 <list-2 >.output 2>&1
ok "--digests -: and files" $?
"$digsig" catalog show both.catalog >.output
matches 'digests:   8' "--digests: both"
echo "xyz" >>list
expect 1 "--digests: a bad line" create -q --key me.key --digests list -o bad.catalog
matches '^digsig: list:5: not a digest' "--digests: says which"
expect 1 "--digests: not there" create --key me.key --digests nowhere -o bad.catalog
[[ ! -e bad.catalog ]]
ok "--digests: no catalog is left" $?
expect 2 "--install: not with --key" create --key me.key --install x tree-1
expect 2 "--install: a name, no path" create --config digsig.conf --install ../x tree-1
expect 2 "--install: no key in digsig.conf" create --config empty.conf --install x tree-1
expect 2 "--list: not with --key" create --list --key me.key tree-1
expect 2 "--config: for --install alone" create --key me.key --config digsig.conf tree-1
expect 0 "--install" create --config digsig.conf --install hosts tree-1
expect 0 "--install: it is there" "$digsig" catalog verify --trust me.crt catalogs/hosts.catalog

echo "1..$count"
